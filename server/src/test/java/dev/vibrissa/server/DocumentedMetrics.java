package dev.vibrissa.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What {@code docs/metrics.md} says, and what a server tells. */
public final class DocumentedMetrics {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(vibrissa_[a-z_]+)` \\| ([a-z]+)[^|]*\\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (vibrissa_[a-z_]+) ([a-z]+)$");

    private DocumentedMetrics() {}

    public static Set<String> names() throws IOException {
        return documented().keySet();
    }

    /** Name and type of each. */
    public static Map<String, String> documented() throws IOException {
        return found(ROW, Files.readString(Path.of(System.getProperty("vibrissa.root"), "docs/metrics.md")));
    }

    /** The same of an answer of {@code /q/metrics}. OpenMetrics names a counter without the end that its samples have. */
    public static Map<String, String> told(String answer) {
        var told = new TreeMap<String, String>();
        found(TYPE, answer)
                .forEach((name, type) ->
                        told.put(type.equals("counter") && !name.endsWith("_total") ? name + "_total" : name, type));
        return told;
    }

    private static Map<String, String> found(Pattern pattern, String text) {
        var found = new TreeMap<String, String>();
        pattern.matcher(text).results().forEach(each -> found.put(each.group(1), each.group(2)));
        return found;
    }
}
