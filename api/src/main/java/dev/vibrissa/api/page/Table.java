package dev.vibrissa.api.page;

import dev.vibrissa.api.time.AsOf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that can be shown as CSV. */
public interface Table {
    AsOf asOf();

    /** Each a line. */
    List<?> rows();

    /** Cursor of what follows; null: nothing does. */
    default @Nullable String next() {
        return null;
    }
}
