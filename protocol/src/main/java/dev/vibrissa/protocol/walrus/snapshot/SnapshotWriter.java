package dev.vibrissa.protocol.walrus.snapshot;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a blob-info snapshot row by row: {@link Section}s in their order, each with its number of rows first, rows by
 * ascending key.
 */
public final class SnapshotWriter {
    private final OutputStream out;
    private Section section = Section.NONE;
    private long due;
    private @Nullable SuiAddress last;

    /** The parts of a snapshot, in order; the number of the enum constant is the tag in the file. */
    public enum Section {
        NONE,
        OBJECTS,
        POOLS,
        POOLED_OBJECTS
    }

    public SnapshotWriter(OutputStream out, SnapshotHeader header) throws IOException {
        this.out = out;
        out.write(ByteBuffer.allocate(8)
                .putInt(SnapshotReader.MAGIC)
                .putInt(SnapshotReader.VERSION)
                .array());
        framed(BcsWriter.encode(header, (to, each) -> each.encode(to)));
    }

    /** Begins the next section. */
    public void begin(Section next, long rows) throws IOException {
        if (next.ordinal() != section.ordinal() + 1) {
            throw new IllegalStateException("section %s after %s".formatted(next, section));
        }
        complete();
        section = next;
        due = rows;
        last = null;
        out.write(
                ByteBuffer.allocate(9).put((byte) next.ordinal()).putLong(rows).array());
    }

    public void add(SnapshotEntry entry) throws IOException {
        if (sectionOf(entry) != section || due == 0) {
            throw new IllegalStateException("row %s in section %s, of which %d are due".formatted(entry, section, due));
        }
        if (last != null && entry.key().compareTo(last) <= 0) {
            throw new IllegalStateException("key %s after %s".formatted(entry.key(), last));
        }
        framed(entry.key().toByteArray());
        framed(BcsWriter.encode(entry, (to, each) -> each.encode(to)));
        last = entry.key();
        due--;
    }

    /** Says that nothing follows. */
    public void end() {
        complete();
        if (section != Section.POOLED_OBJECTS) {
            throw new IllegalStateException("the snapshot ends with section " + section);
        }
    }

    static Section sectionOf(SnapshotEntry entry) {
        return switch (entry) {
            case SnapshotEntry.OfObject _ -> Section.OBJECTS;
            case SnapshotEntry.OfPool _ -> Section.POOLS;
            case SnapshotEntry.OfPooledObject _ -> Section.POOLED_OBJECTS;
        };
    }

    private void complete() {
        if (due != 0) {
            throw new IllegalStateException("%d rows of section %s are missing".formatted(due, section));
        }
    }

    private void framed(byte[] bytes) throws IOException {
        out.write(new BcsWriter().uleb(bytes.length).raw(bytes).toByteArray());
    }
}
