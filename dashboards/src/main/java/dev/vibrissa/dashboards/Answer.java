package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * An answer of the API as a template reads it: {@code {answer.text('asOf.epoch')}}.
 *
 * @param json the answer, exactly as it would go over the wire
 */
public record Answer(JsonNode json) {
    /** The value at a dotted path as text; empty where there is none. */
    public String text(String path) {
        JsonNode at = at(path);
        return at.isMissingNode() || at.isNull() ? "" : at.asText();
    }

    /** Whether there is a value at a dotted path other than null and false. */
    public boolean has(String path) {
        JsonNode at = at(path);
        return !at.isMissingNode() && !at.isNull() && !(at.isBoolean() && !at.asBoolean());
    }

    /** The items of the array at a dotted path. */
    public List<Answer> list(String path) {
        return StreamSupport.stream(at(path).spliterator(), false)
                .map(Answer::new)
                .toList();
    }

    private JsonNode at(String path) {
        JsonNode at = json;
        for (String name : path.split("\\.", -1)) {
            at = at.path(name);
        }
        return at;
    }
}
