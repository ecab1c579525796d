package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where two JSON values differ, as paths. Object keys have no order; arrays do. Numbers compare by value. */
final class Differences {
    private static final int SHOWN_CHARACTERS = 160;

    private final List<String> found = new ArrayList<>();

    private Differences() {}

    static List<String> between(JsonNode expected, JsonNode actual) {
        var differences = new Differences();
        differences.compare("$", expected, actual);
        return List.copyOf(differences.found);
    }

    private void compare(String path, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            var keys = new TreeSet<String>();
            expected.fieldNames().forEachRemaining(keys::add);
            actual.fieldNames().forEachRemaining(keys::add);
            for (String key : keys) {
                compare(path + "." + key, expected.path(key), actual.path(key));
            }
        } else if (expected.isArray() && actual.isArray()) {
            if (expected.size() != actual.size()) {
                found.add("%s: %d items expected, %d found".formatted(path, expected.size(), actual.size()));
            }
            for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
                compare(path + "[" + i + "]", expected.get(i), actual.get(i));
            }
        } else if (!same(expected, actual)) {
            found.add("%s: %s expected, %s found".formatted(path, shown(expected), shown(actual)));
        }
    }

    /** How many values {@code expected} asserts. */
    static int leaves(JsonNode expected) {
        if (!expected.isContainerNode() || expected.isEmpty()) {
            return 1;
        }
        int leaves = 0;
        for (JsonNode each : expected) {
            leaves += leaves(each);
        }
        return leaves;
    }

    private static boolean same(JsonNode expected, JsonNode actual) {
        return expected.isIntegralNumber() && actual.isIntegralNumber()
                ? expected.bigIntegerValue().equals(actual.bigIntegerValue())
                : expected.equals(actual);
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "nothing";
        }
        String text = value.toString();
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
