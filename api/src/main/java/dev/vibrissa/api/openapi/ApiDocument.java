package dev.vibrissa.api.openapi;

import dev.vibrissa.api.problem.Problem;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The head of the OpenAPI document. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Vibrissa",
                        version = "v1",
                        description = """
                                What became of every Walrus blob, now and as of any earlier point, with evidence.

                                Every answer says in `asOf` which checkpoint it rests on and how that was verified. \
                                `at=epoch:41`, `at=checkpoint:238627324` or `at=time:2026-01-26T10:00:00Z` moves an \
                                answer through time. Ends of epochs are exclusive; FROST amounts and bytes are decimal \
                                strings; times are ISO-8601 in UTC; object ids and addresses are 0x and 64 hex digits; \
                                blob ids are URL-safe Base64, and hex and decimal are accepted. Errors are problem \
                                documents (RFC 9457) that name the field at fault.

                                Lists come as CSV, too: `Accept: text/csv`, or `format=csv`. Requests are counted by \
                                API key (`Authorization: Bearer vib_…`), or else by address; `RateLimit` says what is \
                                left. Each request has a deadline, an earlier one with `Prefer: wait=SECONDS`; what \
                                takes longer is answered with 504.""",
                        license = @License(name = "Apache-2.0", identifier = "Apache-2.0")),
        tags = {
            @Tag(name = "network", description = "Which chain this is, and how far it is read and verified"),
            @Tag(name = "blobs", description = "Blobs, their objects, pools, owners and ends"),
            @Tag(name = "epochs", description = "Walrus epochs, committees, shards"),
            @Tag(name = "money", description = "Payments, prices, revenue, subsidies, burns and supply"),
            @Tag(name = "stake", description = "Operators, their pools, delegated stake and what it yields"),
            @Tag(name = "governance", description = "What is decided, who votes, and how shards are divided"),
            @Tag(name = "adoption", description = "Who uses Walrus, and for what"),
            @Tag(name = "chain", description = "Checkpoints, transactions, events and certificates as they stand"),
            @Tag(
                    name = "audits",
                    description = "What storage nodes were asked for, what they served, and what that says of them"),
            @Tag(name = "stream", description = "What is new, as it comes"),
            @Tag(name = "webhooks", description = "Being told what is new by signed HTTP calls"),
            @Tag(name = "keys", description = "API keys, for administrators"),
            @Tag(name = "evidence", description = "What a stranger needs to check an event offline")
        },
        components = @Components(schemas = @Schema(name = "Problem", implementation = Problem.class)))
final class ApiDocument {
    private ApiDocument() {}
}
