package dev.vibrissa.api.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * A page, or another table, as CSV (RFC 4180): the fields of its items, nested ones with a dot, lists as JSON. The next cursor and the
 * checkpoint it rests on go into headers.
 */
class CsvWriter {
    private static final MediaType CSV = new MediaType("text", "csv", Map.of("charset", "utf-8", "header", "present"));

    /** Signs, white space that is stripped before one looks, and the wide signs that some take for the narrow ones. */
    private static final String FORMULA_BEGINS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private static final Pattern HARMLESS = Pattern.compile("[-+]?[0-9]+([.][0-9]+)?|-[A-Za-z0-9_-]*");

    private final ObjectMapper json;

    CsvWriter(ObjectMapper json) {
        this.json = json;
    }

    @ServerResponseFilter
    void write(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Table table && wantsCsv(request)) {
            response.setEntity(csv(table.rows()));
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, CSV);
            response.getHeaders().putSingle("Vibrissa-Checkpoint", table.asOf().checkpoint());
            if (table.next() != null) {
                response.getHeaders().putSingle("Vibrissa-Next-Cursor", table.next());
            }
        }
    }

    /** Whether CSV comes before JSON in what is accepted. */
    private static boolean wantsCsv(ContainerRequestContext request) {
        return request.getAcceptableMediaTypes().stream()
                .filter(type -> type.isCompatible(MediaType.APPLICATION_JSON_TYPE) || type.isCompatible(CSV))
                .findFirst()
                .filter(type -> !type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                .isPresent();
    }

    private String csv(List<?> items) {
        var rows = new ArrayList<Map<String, String>>();
        var columns = new LinkedHashSet<String>();
        for (Object item : items) {
            var row = new LinkedHashMap<String, String>();
            flatten("", json.valueToTree(item), row);
            columns.addAll(row.keySet());
            rows.add(row);
        }
        var text = new StringBuilder();
        line(text, columns.stream().map(CsvWriter::inert).toList());
        rows.forEach(row -> line(
                text,
                columns.stream().map(column -> row.getOrDefault(column, "")).toList()));
        return text.toString();
    }

    private static void flatten(String name, JsonNode value, Map<String, String> row) {
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> flatten(
                            name.isEmpty() ? field.getKey() : name + "." + field.getKey(), field.getValue(), row));
        } else if (value.isTextual()) {
            row.put(name, inert(value.asText()));
        } else {
            row.put(name, value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString());
        }
    }

    private static void line(StringBuilder text, Iterable<String> cells) {
        String separator = "";
        for (String cell : cells) {
            text.append(separator).append(quoted(cell));
            separator = ",";
        }
        text.append("\r\n");
    }

    /** Also where a spreadsheet takes another separator than the comma. */
    static String quoted(String cell) {
        return cell.chars().anyMatch(c -> ",;\"\t\r\n".indexOf(c) >= 0) ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    /**
     * A text that no spreadsheet runs: what begins like a formula gets an apostrophe before it, for texts on chain are
     * anybody's. Numbers stay numbers. So do ids, which may begin with a minus: a formula needs more than letters,
     * digits, minus and underscore to do harm. The character that ends a text for many a program is replaced.
     */
    static String inert(String written) {
        String text = written.replace('\u0000', '\ufffd');
        boolean beginsLikeFormula = !text.isEmpty() && FORMULA_BEGINS.indexOf(text.charAt(0)) >= 0;
        return beginsLikeFormula && !HARMLESS.matcher(text).matches() ? "'" + text : text;
    }
}
