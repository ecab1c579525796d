package dev.vibrissa.api.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/** Adds to the document what holds for all operations, so that no resource has to repeat it. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class CommonManners implements OASFilter {
    private static final String CSV = "text/csv";
    private static final String EVENTS = "text/event-stream";
    private static final String NDJSON = "application/x-ndjson";

    private record Described(String description, String example) {}

    private static final Map<String, Described> PARAMETERS = Map.ofEntries(
            Map.entry(
                    "at",
                    new Described(
                            "Which state: epoch:41 (the end of that Walrus epoch), checkpoint:238627324 or"
                                    + " time:2026-01-26T10:00:00Z; now without it.",
                            "checkpoint:1072")),
            Map.entry("limit", new Described("Items on the page, 1 to 1000; 50 without it.", "50")),
            Map.entry("cursor", new Described("The field next of the page before.", "")),
            Map.entry("format", new Described("json or csv, for those who cannot set Accept.", "json")),
            Map.entry(
                    "blobId",
                    new Described(
                            "Blob id as URL-safe Base64, hex or decimal.",
                            "L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc")),
            Map.entry("epoch", new Described("Number of a Walrus epoch.", "2")),
            Map.entry(
                    "objectId",
                    new Described(
                            "Object id: 0x and up to 64 hex digits.",
                            "0xbbcdd7b593d2d102797805252e6985f69f93e305270f50160830e5b7360a5405")),
            Map.entry(
                    "address",
                    new Described(
                            "Address: 0x and up to 64 hex digits.",
                            "0x198b9065714e643b9bc521c0a786982a5979f7d30fadb51b1cf9d065dc9c838e")),
            Map.entry(
                    "nodeId",
                    new Described(
                            "Node id: the object id of the node's staking pool.",
                            "0x2031578b8e0634cce268b7767c6de63946838a8fb8e0814e8c8692bd1eb6a8ab")),
            Map.entry(
                    "stakeId",
                    new Described(
                            "Object id of a StakedWal.",
                            "0x0e2a5f6b6011354302130486076275590c0d9157f932d3fc487bf57eef75a57c")),
            Map.entry(
                    "storagePoolId",
                    new Described(
                            "Object id of a storage pool.",
                            "0xd8551b9092a22a53a65c055ec9dd97c2aa65ec224a536614c5c850a24db83e0b")),
            Map.entry(
                    "sharedBlobId",
                    new Described(
                            "Object id of a SharedBlob.",
                            "0x4e576b724d5153e1c8e96e68a9048405f930be9b8dba8c2e3914505ee2ceae94")),
            Map.entry(
                    "tx",
                    new Described(
                            "Digest of a transaction, in Base58.", "6EW5AyjdVTURCUkK3zWzBCwBQdq72nUoLK5dLZLeHRwB")),
            Map.entry("roundId", new Described("EPOCH-ROUND-PROVER; EPOCH-ROUND where only one prover ran it.", "2-0")),
            Map.entry("round", new Described("Only this round: EPOCH-ROUND or EPOCH-ROUND-PROVER.", "2-0")),
            Map.entry("probeId", new Described("16 bytes in hex.", "ca126ef93b29715f7baa3069ef650bbd")),
            Map.entry("verdict", new Described("Only this verdict, such as served or missing.", "missing")),
            Map.entry("blame", new Described("Only this blame, such as node, node-or-network or prober.", "node")),
            Map.entry("depth", new Described("claim, symbol or sliver.", "sliver")),
            Map.entry(
                    "prover", new Described("Ed25519 key of the prover in hex; the only one there is without it.", "")),
            Map.entry("webhookId", new Described("Id of a webhook of this key.", "wh_0123456789abcdef01234567")),
            Map.entry(
                    "walrusOrdinal",
                    new Described("Which of the transaction's Walrus events, as storage nodes count.", "0")));

    private final ObjectMapper json = new ObjectMapper();
    private final Presence presence;

    /** @param index of the program's classes, which the build has */
    public CommonManners(IndexView index) {
        this.presence = new Presence(index);
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getPaths() == null) {
            return;
        }
        if (document.getComponents() != null && document.getComponents().getSchemas() != null) {
            document.getComponents().getSchemas().values().forEach(presence::complete);
        }
        if (document.getTags() != null) {
            document.getTags().forEach(tag -> tag.setDescription(ApiDocument.TAGS.get(tag.getName())));
        }
        document.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith("/v1/")) {
                item.getOperations().values().forEach(operation -> complete(path, operation));
            }
        });
    }

    private void complete(String path, Operation operation) {
        var ok = operation.getResponses().getAPIResponse("200");
        var content = ok.getContent();
        if (content != null && content.getMediaTypes().containsKey(EVENTS)) {
            describe(operation);
            problem(operation, "400", "A parameter cannot be read, or is not known", "bad-input", path);
            tooOften(operation, path);
            return;
        }
        ok.description("The answer")
                .addHeader("ETag", header("Names this very answer; send it back as If-None-Match."))
                .addHeader(
                        "RateLimit-Policy",
                        header(
                                "Requests in a window of seconds, such as \"anonymous\";q=600;w=60, where they are counted."))
                .addHeader(
                        "RateLimit",
                        header("What is left of them, and in how many seconds all are there again:"
                                + " \"anonymous\";r=599;t=1."));
        if (content != null && content.getMediaTypes().containsKey("application/json")) {
            content.getMediaType("application/json").setExample(example(operation.getOperationId()));
        }
        if (content != null && content.getMediaTypes().containsKey(CSV)) {
            operation.addParameter(OASFactory.createParameter()
                    .name("format")
                    .in(Parameter.In.QUERY)
                    .schema(text().enumeration(List.of("json", "csv"))));
            content.getMediaType(CSV).schema(text()).setExample(null);
            ok.addHeader("Vibrissa-Next-Cursor", header("With CSV: cursor of the following page, if there is one."));
            ok.addHeader("Vibrissa-Checkpoint", header("With CSV: the checkpoint the answer rests on."));
        }
        if (content != null && content.getMediaTypes().containsKey(NDJSON)) {
            operation.addParameter(OASFactory.createParameter()
                    .name("format")
                    .in(Parameter.In.QUERY)
                    .description("json, or ndjson: the lines as they are.")
                    .schema(text().enumeration(List.of("json", "ndjson")))
                    .example("ndjson"));
            content.getMediaType(NDJSON).schema(text()).setExample(null);
            ok.addHeader("Vibrissa-Next-Cursor", header("With NDJSON: cursor of the following page, if there is one."));
        }
        describe(operation);
        operation
                .getResponses()
                .addAPIResponse(
                        "304", OASFactory.createAPIResponse().description("Nothing changed since the ETag sent"));
        problem(operation, "400", "A parameter cannot be read, or is not known", "bad-input", path);
        if (path.startsWith("/v1/webhooks") || path.startsWith("/v1/keys")) {
            problem(operation, "401", "It takes a key, and none was sent that counts", "unauthorized", path);
            problem(operation, "403", "The key may not do this", "forbidden", path);
        }
        tooOften(operation, path);
        problem(operation, "404", "There is no such thing, or the state asked for is not indexed", "not-found", path);
        problem(
                operation,
                "503",
                "Nothing is indexed yet, or the database is away; try again",
                "nothing-indexed",
                path);
        problem(operation, "504", "The answer took too long", "took-too-long", path);
    }

    private static void tooOften(Operation operation, String path) {
        problem(
                operation,
                "429",
                "More was asked than is answered; Retry-After says when to come back",
                "too-often",
                path);
        operation
                .getResponses()
                .getAPIResponse("429")
                .addHeader("Retry-After", header("Seconds until another request may come."));
    }

    private static void describe(Operation operation) {
        for (Parameter parameter :
                operation.getParameters() == null ? List.<Parameter>of() : operation.getParameters()) {
            var described = PARAMETERS.get(parameter.getName());
            if (described != null && parameter.getDescription() == null) {
                parameter.setDescription(described.description());
                if (!described.example().isEmpty()) {
                    parameter.setExample(described.example());
                }
            }
        }
    }

    private static void problem(Operation operation, String status, String description, String kind, String path) {
        var example = new LinkedHashMap<String, Object>();
        example.put("type", "urn:vibrissa:problem:" + kind);
        example.put("title", description);
        example.put("status", Integer.valueOf(status));
        example.put("detail", "what happened here, with its numbers");
        example.put("instance", path);
        APIResponse response = OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                "application/problem+json",
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))
                                        .example(example)));
        operation.getResponses().addAPIResponse(status, response);
    }

    private static Schema text() {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING);
    }

    private static Header header(String description) {
        return OASFactory.createHeader().description(description).schema(text());
    }

    private @Nullable Object example(String operationId) {
        String resource = "/openapi/examples/" + operationId + ".json";
        try (InputStream in = CommonManners.class.getResourceAsStream(resource)) {
            return in == null ? null : json.readValue(in, Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException("example " + resource, e);
        }
    }
}
