package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds what the program found against one case, key by key. A key that nobody looked at is a difference too: an expectation that is
 * not understood must not pass.
 */
final class Findings {
    private final JsonNode expected;
    private final String path;
    private final Set<String> seen = new HashSet<>();
    private final List<String> differences;

    Findings(JsonNode expected) {
        this(expected, "$", new ArrayList<>());
    }

    private Findings(JsonNode expected, String path, List<String> differences) {
        this.expected = expected;
        this.path = path;
        this.differences = differences;
    }

    /** Keys that say what the case is, and assert nothing. */
    Findings context(String... keys) {
        seen.addAll(List.of(keys));
        return this;
    }

    /** What is expected under a key that says what to do. */
    JsonNode input(String key) {
        seen.add(key);
        return expected.required(key);
    }

    String text(String key) {
        return input(key).asText();
    }

    /**
     * @throws IllegalArgumentException if it is no number that fits
     */
    int number(String key) {
        JsonNode value = input(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException("%s.%s is %s, no int".formatted(path, key, value));
        }
        return value.intValue();
    }

    /** What must be expected under a key, and nothing else. */
    Findings is(String key, JsonNode actual) {
        seen.add(key);
        Differences.between(expected.path(key), actual)
                .forEach(difference -> differences.add(path + "." + key + difference.substring(1)));
        return this;
    }

    /** The same for a key that not every case has. */
    Findings mayBe(String key, String actual) {
        return expected.has(key) ? is(key, actual) : this;
    }

    Findings is(String key, String actual) {
        return is(key, TextNode.valueOf(actual));
    }

    Findings is(String key, long actual) {
        return is(key, LongNode.valueOf(actual));
    }

    Findings is(String key, boolean actual) {
        return is(key, BooleanNode.valueOf(actual));
    }

    boolean expects(String key) {
        return expected.has(key);
    }

    /** Something beyond the keys that must hold. */
    void holds(boolean condition, String otherwise) {
        if (!condition) {
            differences.add(path + ": " + otherwise);
        }
    }

    /** The findings of an object below. */
    Findings inside(String key) {
        return new Findings(input(key), path + "." + key, differences);
    }

    /** The findings of the objects of a list below. */
    List<Findings> each(String key) {
        var all = new ArrayList<Findings>();
        JsonNode list = input(key);
        for (int i = 0; i < list.size(); i++) {
            all.add(new Findings(list.get(i), "%s.%s[%d]".formatted(path, key, i), differences));
        }
        return all;
    }

    /** Ends an object: its keys are all that is looked at. */
    void end() {
        expected.fieldNames().forEachRemaining(key -> {
            if (!seen.contains(key)) {
                differences.add("%s.%s: not handled".formatted(path, key));
            }
        });
    }

    List<String> differences() {
        return List.copyOf(differences);
    }
}
