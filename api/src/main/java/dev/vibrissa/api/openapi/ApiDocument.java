package dev.vibrissa.api.openapi;

import dev.vibrissa.api.problem.Problem;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What no operation mentions by itself. The head of the document is in the settings, which the framework reads last. */
@OpenAPIDefinition(
        info = @Info(title = "Vibrissa", version = "v1"),
        components = @Components(schemas = @Schema(name = "Problem", implementation = Problem.class)))
final class ApiDocument {
    /** What the operations with a tag are about. */
    static final Map<String, String> TAGS = Map.ofEntries(
            Map.entry("network", "Which chain this is, and how far it is read and verified"),
            Map.entry("blobs", "Blobs, their objects, pools, owners and ends"),
            Map.entry("epochs", "Walrus epochs, committees, shards"),
            Map.entry("money", "Payments, prices, revenue, subsidies, burns and supply"),
            Map.entry("stake", "Operators, their pools, delegated stake and what it yields"),
            Map.entry("governance", "What is decided, who votes, and how shards are divided"),
            Map.entry("adoption", "Who uses Walrus, and for what"),
            Map.entry("chain", "Checkpoints, transactions, events and certificates as they stand"),
            Map.entry("audits", "What storage nodes were asked for, what they served, and what that says of them"),
            Map.entry("stream", "What is new, as it comes"),
            Map.entry("webhooks", "Being told what is new by signed HTTP calls"),
            Map.entry("keys", "API keys, for administrators"),
            Map.entry("evidence", "What a stranger needs to check an event offline"));

    private ApiDocument() {}
}
