package dev.vibrissa.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

/**
 * An answer of the API as a template reads it: {@code {answer.text('asOf.epoch')}}.
 *
 * @param json the answer, exactly as it would go over the wire; missing if the API had none
 * @param problem why there is none; empty where there is one
 */
public record Answer(JsonNode json, String problem) {
    Answer(JsonNode json) {
        this(json, "");
    }

    /** No answer, and why: a page shows that in the place of the part it would have filled. */
    static Answer none(String problem) {
        return new Answer(MissingNode.getInstance(), problem);
    }

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

    /** The fields of the object at a dotted path. */
    public List<Field> fields(String path) {
        return at(path).properties().stream()
                .map(field -> new Field(field.getKey(), new Answer(field.getValue())))
                .toList();
    }

    /** The same without one of its fields: pages say as of when above all they show. */
    public Answer without(String field) {
        return json instanceof ObjectNode object ? new Answer(object.deepCopy().without(field)) : this;
    }

    /** A field of an answer whose names are not known beforehand. */
    public record Field(String name, Answer value) {}

    /** What is left to show of a value that is none but itself. */
    public String plain() {
        return json.isNull() ? "" : json.isValueNode() ? json.asText() : json.toString();
    }

    public boolean isObject() {
        return json.isObject();
    }

    public boolean isArray() {
        return json.isArray();
    }

    /** The items of an answer that is an array itself. */
    public List<Answer> items() {
        return StreamSupport.stream(json.spliterator(), false).map(Answer::new).toList();
    }

    /** The number at a dotted path, also one that is carried as text. */
    OptionalDouble number(String path) {
        String text = text(path);
        return text.isEmpty() || text.equals("NaN")
                ? OptionalDouble.empty()
                : OptionalDouble.of(new BigDecimal(text).doubleValue());
    }

    /** The whole number at a dotted path; 0 where there is none. */
    long whole(String path) {
        String text = text(path);
        return text.isEmpty() ? 0 : new BigDecimal(text).longValue();
    }

    private JsonNode at(String path) {
        JsonNode at = json;
        for (String name : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
            at = at.isArray() ? at.path(Integer.parseInt(name)) : at.path(name);
        }
        return at;
    }
}
