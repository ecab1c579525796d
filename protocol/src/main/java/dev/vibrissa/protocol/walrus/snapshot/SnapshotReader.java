package dev.vibrissa.protocol.walrus.snapshot;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotWriter.Section;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blob-info snapshot row by row, strictly: sections in their order, keys strictly ascending, nothing behind.
 * Not safe for use by several threads.
 */
public final class SnapshotReader implements Closeable {
    static final int MAGIC = 0xB10B1F05;
    static final int VERSION = 1;

    /** Keys, values and the header are small; no length in a file can have us take more room than this. */
    private static final int MAX_ITEM_BYTES = 4096;

    private final InputStream in;
    private final SnapshotHeader header;
    private long position;
    private Section section = Section.NONE;
    private long due;
    private @Nullable SuiAddress last;

    /**
     * Reads the header.
     *
     * @param in at the first byte; closed with this
     * @throws SnapshotFormatException if it is no snapshot
     */
    public SnapshotReader(InputStream in) throws IOException {
        this.in = in;
        var start = ByteBuffer.wrap(take(8));
        int magic = start.getInt();
        int version = start.getInt();
        if (magic != MAGIC || version != VERSION) {
            throw new SnapshotFormatException(
                    "magic %08x and version %d where %08x and %d are due".formatted(magic, version, MAGIC, VERSION), 0);
        }
        this.header = framed(SnapshotHeader::decode);
    }

    /** Opens a file. */
    public static SnapshotReader open(Path file) throws IOException {
        var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            return new SnapshotReader(in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    public SnapshotHeader header() {
        return header;
    }

    /**
     * The next row; empty at the end.
     *
     * @throws SnapshotFormatException if there is anything else than a row or the end
     */
    public Optional<SnapshotEntry> next() throws IOException {
        while (due == 0) {
            if (section == Section.POOLED_OBJECTS) {
                if (in.read() >= 0) {
                    throw new SnapshotFormatException("bytes behind the last row", position);
                }
                return Optional.empty();
            }
            begin(Section.values()[section.ordinal() + 1]);
        }
        long start = position;
        var key = framed(SuiAddress::decode);
        if (last != null && key.compareTo(last) <= 0) {
            throw new SnapshotFormatException("key %s after %s".formatted(key, last), start);
        }
        last = key;
        due--;
        return Optional.of(
                switch (section) {
                    case OBJECTS -> framed(value -> SnapshotEntry.OfObject.decode(key, value));
                    case POOLS -> framed(value -> SnapshotEntry.OfPool.decode(key, value));
                    case POOLED_OBJECTS -> framed(value -> SnapshotEntry.OfPooledObject.decode(key, value));
                    case NONE -> throw new IllegalStateException("no section");
                });
    }

    private void begin(Section next) throws IOException {
        var head = ByteBuffer.wrap(take(9));
        int tag = head.get();
        long rows = head.getLong();
        if (tag != next.ordinal() || rows < 0) {
            throw new SnapshotFormatException(
                    "section %d of %s rows where section %d is due"
                            .formatted(tag, Long.toUnsignedString(rows), next.ordinal()),
                    position - 9);
        }
        section = next;
        due = rows;
        last = null;
    }

    private <T> T framed(Function<BcsReader, T> type) throws IOException {
        long start = position;
        int size = 0;
        for (int shift = 0; ; shift += 7) {
            int b = take(1)[0];
            size |= (b & 0x7f) << shift;
            if (b >= 0) {
                if (shift > 0 && b == 0) {
                    throw new SnapshotFormatException("a length is not canonical", start);
                }
                break;
            }
            if (shift == 14) {
                throw new SnapshotFormatException("a length is longer than 3 bytes", start);
            }
        }
        if (size > MAX_ITEM_BYTES) {
            throw new SnapshotFormatException("%d bytes, at most %d are due".formatted(size, MAX_ITEM_BYTES), start);
        }
        long from = position;
        byte[] bytes = take(size);
        try {
            return BcsReader.decode(bytes, type);
        } catch (BcsException e) {
            throw new SnapshotFormatException(String.valueOf(e.getMessage()), from + e.offset());
        }
    }

    private byte[] take(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        position += bytes.length;
        if (bytes.length < size) {
            throw new SnapshotFormatException(
                    "the file ends, %d bytes more are due".formatted(size - bytes.length), position);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
