package dev.vibrissa.dashboards;

import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of a page is looked at, as its address says: whoever is sent the address sees the same.
 *
 * @param path of the page
 * @param asked its parameters in the order of their names, but for the moment and the place in a list
 * @param at the moment that was asked for, as the API takes it; empty for now
 * @param cursor the place in a list; empty for its beginning
 * @param minimal whether the address says nothing that could be left out or be said more plainly
 */
public record View(String path, List<Parameter> asked, String at, String cursor, boolean minimal) {
    /** A parameter as it was given. */
    public record Parameter(String name, String value) {
        private String encoded() {
            return encoded(name) + "=" + encoded(value);
        }

        /** Names, too, are whatever somebody put into the address. */
        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%3A", ":");
        }
    }

    static View of(UriInfo uri) {
        Map<String, List<String>> given = uri.getQueryParameters();
        var all = given.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(value -> new Parameter(each.getKey(), value)))
                .toList();
        String at = first(all, "at");
        String moment = moment(at);
        return new View(
                uri.getRequestUri().getRawPath(),
                all.stream()
                        .filter(each -> !each.value().isBlank())
                        .filter(each ->
                                !each.name().equals("at") && !each.name().equals("cursor"))
                        .sorted(Comparator.comparing(Parameter::name))
                        .toList(),
                moment,
                first(all, "cursor"),
                moment.equals(at) && all.stream().noneMatch(each -> each.value().isBlank()));
    }

    private static String first(List<Parameter> all, String name) {
        return all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .map(Parameter::value)
                .orElse("");
    }

    /** The address of this view, as short as it can be. */
    public String shortest() {
        return address(at, cursor);
    }

    /** The same view at another moment; empty for now. */
    public String address(String moment) {
        return address(moment, "");
    }

    /** The same view with another value of a parameter, from the beginning of its list. */
    public String with(String name, String value) {
        var others = Stream.concat(
                        asked.stream().filter(each -> !each.name().equals(name)), Stream.of(new Parameter(name, value)))
                .toList();
        return new View(path, others, at, "", minimal).shortest();
    }

    /** What follows in the list that is looked at. */
    public String next(String cursor) {
        return address(at, cursor);
    }

    private String address(String moment, String cursor) {
        String query = Stream.of(asked, parameter("at", moment), parameter("cursor", cursor))
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Parameter::name))
                .map(Parameter::encoded)
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static List<Parameter> parameter(String name, String value) {
        return value.isEmpty() ? List.of() : List.of(new Parameter(name, value));
    }

    /** The parameters alone, for the same question to the API. */
    public String query() {
        return asked.stream().map(Parameter::encoded).collect(Collectors.joining("&"));
    }

    /** Another page at the same moment. */
    public String along(String href) {
        return at.isEmpty() ? href : href + (href.contains("?") ? "&" : "?") + new Parameter("at", at).encoded();
    }

    /**
     * What people write for a moment, as the API takes it: {@code 41} is an epoch, more digits are a checkpoint, and a day or
     * a minute is meant in UTC. What is neither is left as it is, for the API to say what it takes. Empty for now.
     */
    static String moment(String at) {
        String given = at.strip();
        if (given.equals("now")) {
            return "";
        }
        if (given.matches("\\d[\\d ,\u202f]*")) {
            String digits = given.replaceAll("\\D", "");
            return (digits.length() <= 4 ? "epoch:" : "checkpoint:") + digits;
        }
        if (given.matches("(?i)(epoch|checkpoint)[ :]+\\d+")) {
            return given.toLowerCase(Locale.ROOT).replaceAll("[ :]+", ":");
        }
        if (given.matches("\\d{4}-\\d{2}-\\d{2}")) {
            return "time:" + given + "T00:00:00Z";
        }
        if (given.matches("\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2})?Z?")) {
            return "time:" + given.replace(' ', 'T').replace("Z", "")
                    + (given.matches(".*:\\d{2}:\\d{2}Z?") ? "Z" : ":00Z");
        }
        return given;
    }
}
