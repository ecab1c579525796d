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
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * A page, or another table, as CSV (RFC 4180): the fields of its items, nested ones with a dot, lists as JSON. The next cursor and the
 * checkpoint it rests on go into headers.
 */
class CsvWriter {
    private static final MediaType CSV = new MediaType("text", "csv", Map.of("charset", "utf-8", "header", "present"));

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
        line(text, columns);
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

    static String quoted(String cell) {
        String safe = looksLikeFormula(cell) ? "'" + cell : cell;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }

    /**
     * A spreadsheet would run what begins like a formula, and texts on chain are anybody's. Blob ids may begin with a
     * minus too, but a formula needs more than letters, digits, minus and underscore to do harm.
     */
    private static boolean looksLikeFormula(String cell) {
        if (cell.isEmpty() || "=+-@\t".indexOf(cell.charAt(0)) < 0) {
            return false;
        }
        return cell.charAt(0) != '-'
                || !cell.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || c == '-' || c == '_');
    }
}
