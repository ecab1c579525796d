package dev.vibrissa.api.page;

import dev.vibrissa.api.time.AsOf;
import java.util.List;

/** An answer that can be shown as CSV. */
public interface Table {
    AsOf asOf();

    /** Each a line. */
    List<?> rows();
}
