package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The OpenAPI document against the running server: every operation answers as it is documented to. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class DocumentedApiTest {
    private final ObjectMapper json = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyOperationAnswersAsDocumented() throws IOException {
        JsonNode document = json.readTree(given().get("/v1/openapi?format=json").asString());
        var tests = new ArrayList<DynamicTest>();
        document.get("paths").properties().forEach(path -> {
            // A stream has no end to wait for; what it tells has a test of its own.
            // What is somebody's own takes a key, and has a test of its own, too.
            if (path.getKey().startsWith("/v1/")
                    && path.getValue().has("get")
                    && !path.getValue().at("/get").has("security")
                    && !path.getValue().at("/get/responses/200/content").has("text/event-stream")) {
                tests.add(DynamicTest.dynamicTest(
                        path.getKey(),
                        () -> answers(document, path.getKey(), path.getValue().get("get"))));
            }
        });
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    /** Answers about one thing that has several lists among its parts, none of which is what was asked for. */
    private static final Set<String> NO_LISTS = Set.of(
            "blobEvidence",
            "checkpoint",
            "methodology",
            "network",
            "operatorProjection",
            "operatorScore",
            "round",
            "stake",
            "status",
            "storagePool");

    @TestFactory
    Stream<DynamicTest> everyListIsATableToo() throws IOException {
        JsonNode document = json.readTree(given().get("/v1/openapi?format=json").asString());
        var tests = new ArrayList<DynamicTest>();
        document.get("paths").properties().forEach(path -> {
            JsonNode operation = path.getValue().path("get");
            JsonNode content = operation.at("/responses/200/content");
            if (path.getKey().startsWith("/v1/")
                    && !operation.has("security")
                    && !NO_LISTS.contains(operation.path("operationId").asText())
                    && hasList(document, content.at("/application~1json/schema"))) {
                tests.add(DynamicTest.dynamicTest(path.getKey(), () -> isTable(path.getKey(), operation)));
            }
        });
        assertThat(tests).hasSizeGreaterThan(50);
        return tests.stream();
    }

    private static boolean hasList(JsonNode document, JsonNode given) {
        JsonNode schema =
                given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
        return schema.path("properties").valueStream().anyMatch(each -> each.has("items"));
    }

    private void isTable(String path, JsonNode operation) throws IOException {
        JsonNode content = operation.at("/responses/200/content");
        String request = withExamples(path, operation);
        if (content.has("application/x-ndjson")) {
            return; // lines already
        }
        assertThat(content.has("text/csv")).as("text/csv of " + path).isTrue();
        var answer = given().get(request + "?format=csv");
        assertThat(answer.statusCode()).as(request).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("text/csv");
        assertThat(answer.header("Vibrissa-Checkpoint")).isNotEmpty();
        var rows = CsvRows.of(answer.asString());
        JsonNode items = json.readTree(given().get(request).asString()).path("items");
        if (items.isArray()) {
            assertThat(rows).hasSize(items.size() + 1);
        }
        if (rows.size() > 1) {
            assertThat(rows).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.getFirst()));
            assertThat(rows.getFirst()).doesNotHaveDuplicates().noneMatch(String::isEmpty);
        }
    }

    private static String withExamples(String path, JsonNode operation) {
        String request = path;
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.get("in").asText().equals("path")) {
                request = request.replace(
                        "{" + parameter.get("name").asText() + "}",
                        parameter.get("example").asText());
            }
        }
        return request;
    }

    private void answers(JsonNode document, String path, JsonNode operation) throws IOException {
        assertThat(operation.path("summary").asText()).isNotEmpty();
        assertThat(operation.get("responses").properties())
                .extracting(entry -> entry.getKey())
                .contains("200", "304", "400", "404", "429", "503", "504");
        for (JsonNode parameter : operation.path("parameters")) {
            assertThat(parameter.path("description").asText())
                    .as(parameter.get("name").asText())
                    .isNotEmpty();
        }
        String request = withExamples(path, operation);
        var answer = given().get(request);
        assertThat(answer.statusCode()).as(request).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/json");
        var content = operation.at("/responses/200/content").get("application/json");
        JsonNode schema = content.get("schema");
        new AnswerSchema(document, schema).accepts(json.readTree(answer.asString()));
        assertThat(content.has("example")).as("example of " + path).isTrue();
        new AnswerSchema(document, schema).accepts(content.get("example"));
        if (operation.path("tags").toString().contains("audits")) {
            var real = fields(json.readTree(answer.asString()));
            var shown = fields(content.get("example"));
            // Below what is null or empty here, an example may show what there could be.
            shown.keySet().retainAll(real.keySet());
            assertThat(shown).as("fields of the example of " + path).isEqualTo(real);
        }
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.get("in").asText().equals("query") && parameter.has("example")) {
                String one = request + "?" + parameter.get("name").asText() + "="
                        + parameter.get("example").asText();
                assertThat(given().get(one).statusCode()).as(one).isEqualTo(200);
            }
        }
    }

    /** Of all depths; those of all items of an array together. What is null may have any below it, and is left out. */
    private static Map<String, TreeSet<String>> fields(JsonNode value) {
        var fields = new TreeMap<String, TreeSet<String>>();
        collect("$", value, fields);
        return fields;
    }

    private static void collect(String at, JsonNode value, Map<String, TreeSet<String>> fields) {
        value.properties().forEach(field -> {
            fields.computeIfAbsent(at, _ -> new TreeSet<>()).add(field.getKey());
            collect(at + "." + field.getKey(), field.getValue(), fields);
        });
        if (value.isArray()) {
            value.forEach(item -> collect(at + "[]", item, fields));
        }
    }
}
