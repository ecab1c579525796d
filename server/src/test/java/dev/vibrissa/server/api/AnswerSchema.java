package dev.vibrissa.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What the OpenAPI document says of an answer. */
record AnswerSchema(JsonNode document, JsonNode schema) {
    /** Types are as documented, null included; what is required is there, and nothing that the document does not know. */
    void accepts(JsonNode value) {
        accepts(schema, value, "$");
    }

    private void accepts(JsonNode given, JsonNode value, String at) {
        JsonNode resolved =
                given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
        if (resolved.has("anyOf")) {
            var others = resolved.get("anyOf")
                    .valueStream()
                    .filter(each -> !each.path("type").toString().contains("null"))
                    .toList();
            boolean orNull = others.size() < resolved.get("anyOf").size();
            if (value.isNull()) {
                assertThat(orNull).as(at + " may be null").isTrue();
            } else if (others.size() == 1) {
                accepts(others.getFirst(), value, at);
            }
            return; // several are told apart by their own documents
        }
        List<String> types = new ArrayList<>();
        JsonNode type = resolved.path("type");
        (type.isArray() ? type : List.of(type)).forEach(each -> types.add(((JsonNode) each).asText()));
        if (types.contains("")) {
            return;
        }
        assertThat(types).as(at).contains(typeOf(value, types));
        if (value.isObject() && resolved.has("properties")) {
            JsonNode properties = resolved.get("properties");
            resolved.path("required")
                    .forEach(name -> assertThat(value.has(name.asText()))
                            .as(at + "." + name.asText() + " is there")
                            .isTrue());
            value.properties().forEach(field -> {
                assertThat(properties.has(field.getKey()))
                        .as(at + "." + field.getKey() + " is documented")
                        .isTrue();
                accepts(properties.get(field.getKey()), field.getValue(), at + "." + field.getKey());
            });
        }
        if (value.isArray() && resolved.has("items")) {
            value.forEach(item -> accepts(resolved.get("items"), item, at + "[]"));
        }
    }

    private static String typeOf(JsonNode value, List<String> expected) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case OBJECT -> "object";
            case ARRAY -> "array";
            case NULL -> "null";
            default -> value.isIntegralNumber() && expected.contains("integer") ? "integer" : "number";
        };
    }
}
