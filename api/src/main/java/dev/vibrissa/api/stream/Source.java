package dev.vibrissa.api.stream;

import dev.vibrissa.api.sql.Snapshot;
import java.util.List;

/** Something that grows at its end, and is read by position. */
interface Source {
    /** Two of one name are the same. */
    String name();

    /** The position behind what there is. */
    long end(Snapshot db);

    /** What follows a position, as far as one look goes. */
    Batch after(Snapshot db, long position);

    /**
     * @param next where to go on; the same position where nothing is new
     * @param passedOver so many between the two could not be made sense of
     */
    record Batch(List<StreamEvent> events, long next, long passedOver) {}
}
