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

    private void answers(JsonNode document, String path, JsonNode operation) throws IOException {
        assertThat(operation.path("summary").asText()).isNotEmpty();
        assertThat(operation.get("responses").properties())
                .extracting(entry -> entry.getKey())
                .contains("200", "304", "400", "404", "503", "504");
        String request = path;
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.get("name").asText();
            assertThat(parameter.path("description").asText()).as(name).isNotEmpty();
            if (parameter.get("in").asText().equals("path")) {
                request = request.replace(
                        "{" + name + "}", parameter.get("example").asText());
            }
        }
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
