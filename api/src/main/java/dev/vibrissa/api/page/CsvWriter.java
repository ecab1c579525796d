package dev.vibrissa.api.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A page as CSV (RFC 4180): the fields of its items, nested ones with a dot, lists as JSON. The next cursor and the
 * checkpoint it rests on go into headers.
 */
@Provider
@Produces("text/csv")
class CsvWriter implements MessageBodyWriter<Page<?>> {
    private final ObjectMapper json;

    CsvWriter(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return Page.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            Page<?> page,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        headers.putSingle(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8; header=present");
        headers.putSingle("Vibrissa-Checkpoint", page.asOf().checkpoint());
        if (page.next() != null) {
            headers.putSingle("Vibrissa-Next-Cursor", page.next());
        }
        out.write(PageRequest.utf8(csv(page.items())));
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
                text, columns.stream().map(column -> row.getOrDefault(column, "")).toList()));
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
        // A spreadsheet would run what begins like a formula, and names on chain are anybody's text.
        String safe = !cell.isEmpty() && "=+-@\t".indexOf(cell.charAt(0)) >= 0 && !isNumberOrId(cell) ? "'" + cell : cell;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }

    /** Blob ids may begin with a minus, and they are only letters, digits, minus and underscore. */
    private static boolean isNumberOrId(String cell) {
        return cell.chars()
                .skip(1)
                .allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.')
                && cell.charAt(0) == '-';
    }
}
