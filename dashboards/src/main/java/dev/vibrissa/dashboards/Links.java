package dev.vibrissa.dashboards;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Queries of addresses, in the order of their names: what one sees can be sent to somebody. */
final class Links {
    private Links() {}

    static String query(Map<String, String> asked) {
        return asked.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** With some of them otherwise. */
    static String query(Map<String, String> asked, Map<String, String> otherwise) {
        var all = new TreeMap<>(asked);
        all.putAll(otherwise);
        return query(all);
    }
}
