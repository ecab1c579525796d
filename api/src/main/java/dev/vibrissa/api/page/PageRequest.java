package dev.vibrissa.api.page;

import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.Id32;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param scope resource, order and filters in one text: what a cursor is good for
 * @param limit items on the page, 1 to {@link #MAX_LIMIT}
 * @param after key of the last item of the page before; empty for the first page
 */
public record PageRequest(String scope, int limit, Optional<List<String>> after) {
    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 1000;

    /**
     * @throws ProblemException 400 naming {@code limit} or {@code cursor}
     */
    public static PageRequest of(UriInfo uri, @Nullable String limit, @Nullable String cursor, int keyParts) {
        String scope = scope(uri);
        return new PageRequest(
                scope,
                limit == null ? DEFAULT_LIMIT : (int) Input.whole("limit", limit, 1, MAX_LIMIT),
                Optional.ofNullable(cursor).map(text -> Cursor.parse(text, scope, keyParts)));
    }

    private static String scope(UriInfo uri) {
        var query = new TreeMap<String, List<String>>(uri.getQueryParameters());
        query.keySet().removeAll(List.of("cursor", "limit", "format"));
        var text = new StringBuilder(uri.getPath());
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            String value = parameter.getValue().getFirst();
            // Lengths keep "a=b&c" in a value apart from two parameters.
            text.append('\n')
                    .append(parameter.getKey())
                    .append('=')
                    .append(value.length())
                    .append(':')
                    .append(value);
        }
        return text.toString();
    }

    /** Rows to fetch: one more than shown tells whether there is another page. */
    public int fetch() {
        return limit + 1;
    }

    /** Part {@code i} of the key to continue after; {@code first}, less than any key, on the first page. */
    public long afterNumber(int i, long first) {
        return after.map(keys -> Input.whole("cursor", keys.get(i), Long.MIN_VALUE, Long.MAX_VALUE))
                .orElse(first);
    }

    /** Part {@code i} of the key to continue after; empty, less than any key, on the first page. */
    public String afterText(int i) {
        return after.map(keys -> keys.get(i)).orElse("");
    }

    /** Part {@code i} of the key to continue after; no bytes, less than any key, on the first page. */
    public byte[] afterBytes(int i) {
        return after.map(keys -> Cursor.unhex(keys.get(i))).orElse(new byte[0]);
    }

    /**
     * The page of {@code found}, rows fetched with {@link #fetch()}.
     *
     * @param key the key of an item, in as many parts as the cursor has
     */
    public <T> Page<T> page(Moment moment, List<T> found, Function<T, List<String>> key) {
        if (found.size() <= limit) {
            return new Page<>(moment.asOf(), List.copyOf(found), null);
        }
        var items = List.copyOf(found.subList(0, limit));
        return new Page<>(moment.asOf(), items, Cursor.format(scope, key.apply(items.getLast())));
    }

    /** An identifier as a part of a key. */
    public static String hex(Id32<?> id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
