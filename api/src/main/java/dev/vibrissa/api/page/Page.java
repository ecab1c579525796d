package dev.vibrissa.api.page;

import dev.vibrissa.api.time.AsOf;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next cursor of the following page; null if this is the last
 */
public record Page<T>(
        AsOf asOf,
        List<T> items,

        @Schema(description = "Cursor of the following page; null if this is the last.") @Nullable
        String next)
        implements Table {

    @Override
    public List<T> rows() {
        return items;
    }

    /** The same page with its items shown otherwise. */
    public <R> Page<R> map(Function<T, R> view) {
        return new Page<>(asOf, items.stream().map(view).toList(), next);
    }
}
