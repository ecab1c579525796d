package dev.vibrissa.protocol.walrus.eventblob;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * Reads an event blob from its first byte to its last, one element at a time.
 *
 * <p>A file is 84 bytes of header, entries back to back, and 16 bytes of trailer: the first and the last checkpoint,
 * big-endian. An entry is the LEB128 length of its payload, one byte that says BCS, and the payload. Entries fill what
 * lies between exactly. Beyond the layout it is checked that indexes have no gap, that checkpoints follow one another,
 * each ended by a boundary that counts its events, and that the trailer tells the same checkpoints.
 *
 * <p>Not safe for use by several threads.
 *
 * @see "walrus, crates/walrus-service/src/event/event_blob.rs"
 */
public final class EventBlobReader implements Closeable {
    /** What comes next in a file. */
    public sealed interface Next {}

    /** An element. */
    public record Read(Element element) implements Next {}

    /** The file ended as it must. */
    public record End(Extent extent) implements Next {}

    /**
     * An element of a kind that is not known here. The file cannot be read past it: how long an unknown event is,
     * nothing says, and what stands behind it would be a guess.
     *
     * @param position of the unknown tag in the file, in bytes
     * @param index that the element should have; empty if it is the first of the file
     * @param payload of the entry
     */
    public record Unknown(long position, OptionalLong index, String what, byte[] payload) implements Next {
        @Override
        public String toString() {
            return "%s, at byte %d%s: %s"
                    .formatted(
                            what,
                            position,
                            index.isPresent() ? ", element " + index.getAsLong() : "",
                            HexFormat.of().formatHex(payload, 0, Math.min(payload.length, 64)));
        }
    }

    /**
     * What a file covers.
     *
     * @param elements how many; with 0 of them indexes and checkpoints mean nothing
     */
    public record Extent(
            long firstCheckpoint, long lastCheckpoint, long firstIndex, long nextIndex, long elements, long events) {}

    /** Bytes of the smallest file: header and trailer. */
    public static final int MIN_BYTES = EventBlobHeader.BYTES + EventBlobReader.TRAILER_BYTES;

    private static final int TRAILER_BYTES = 16;
    private static final int BCS = 1;
    private static final int MAX_LENGTH_BYTES = 10;
    /** An event on Sui has at most 256 KiB; so no number in a file can have us take more room than this. */
    private static final int MAX_PAYLOAD_BYTES = 1 << 20;

    private final InputStream in;
    private final long length;
    private final long entriesEnd;
    private final EventBlobHeader header;
    private long position;
    private long firstCheckpoint;
    private long firstIndex;
    private long elements;
    private long events;
    private long nextIndex;
    private long checkpoint;
    private long nextCounter;
    private boolean checkpointOpen;
    private Next last = new Read(new Element.Boundary(0, 0, 0));

    /**
     * Reads the header.
     *
     * @param in at the first byte; closed with this
     * @param length bytes of the whole file
     * @throws EventBlobFormatException if it is no event blob
     */
    public EventBlobReader(InputStream in, long length) throws IOException {
        if (length < MIN_BYTES) {
            throw new EventBlobFormatException("%d bytes, the smallest has %d".formatted(length, MIN_BYTES), length);
        }
        this.in = in;
        this.length = length;
        this.entriesEnd = length - TRAILER_BYTES;
        this.header = EventBlobHeader.decode(take(EventBlobHeader.BYTES));
    }

    /** Opens a file. */
    public static EventBlobReader open(Path file) throws IOException {
        var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            return new EventBlobReader(in, Files.size(file));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    public EventBlobHeader header() {
        return header;
    }

    /**
     * The next element; behind the last one, and behind an unknown one, the same answer again and again.
     *
     * @throws EventBlobFormatException if there is anything else than an element or the end
     */
    public Next next() throws IOException {
        if (last instanceof Read) {
            last = position == entriesEnd ? end() : entry();
        }
        return last;
    }

    private Next entry() throws IOException {
        long start = position;
        int size = payloadLength();
        int encoding = u8();
        if (encoding != BCS) {
            throw new EventBlobFormatException("entry of encoding %d, known is 1".formatted(encoding), position - 1);
        }
        if (size > entriesEnd - position) {
            throw new EventBlobFormatException(
                    "entry of %d bytes, %d are left before the trailer".formatted(size, entriesEnd - position), start);
        }
        long payloadStart = position;
        byte[] payload = take(size);
        try {
            var element = Element.decode(new BcsReader(payload));
            check(element, start);
            return new Read(element);
        } catch (Element.UnknownVariant e) {
            return new Unknown(
                    payloadStart + e.offset,
                    elements == 0 ? OptionalLong.empty() : OptionalLong.of(nextIndex),
                    String.valueOf(e.getMessage()),
                    payload);
        } catch (BcsException e) {
            throw new EventBlobFormatException("entry: " + e.getMessage(), payloadStart + e.offset());
        }
    }

    private void check(Element element, long start) {
        if (elements == 0) {
            firstIndex = element.index();
            nextIndex = element.index();
            firstCheckpoint = element.checkpoint();
            checkpoint = element.checkpoint();
        } else if (!checkpointOpen) {
            checkpoint++;
            nextCounter = 0;
        }
        if (element.index() != nextIndex) {
            throw new EventBlobFormatException(
                    "element %d where %d is due".formatted(element.index(), nextIndex), start);
        }
        if (element.checkpoint() != checkpoint || element.counter() != nextCounter) {
            throw new EventBlobFormatException(
                    "element %d is number %d of checkpoint %d, where number %d of checkpoint %d is due"
                            .formatted(
                                    element.index(), element.counter(), element.checkpoint(), nextCounter, checkpoint),
                    start);
        }
        elements++;
        nextIndex++;
        switch (element) {
            case Element.Occurrence _ -> {
                events++;
                nextCounter++;
                checkpointOpen = true;
            }
            case Element.Boundary _ -> checkpointOpen = false;
        }
    }

    private End end() throws IOException {
        if (checkpointOpen) {
            throw new EventBlobFormatException("the last element is no boundary of checkpoint " + checkpoint, position);
        }
        var trailer = ByteBuffer.wrap(take(TRAILER_BYTES));
        long first = trailer.getLong();
        long lastCheckpoint = trailer.getLong();
        if (first < 0 || lastCheckpoint < first) {
            throw new EventBlobFormatException(
                    "checkpoints %s to %s"
                            .formatted(Long.toUnsignedString(first), Long.toUnsignedString(lastCheckpoint)),
                    entriesEnd);
        }
        if (elements > 0 && (first != firstCheckpoint || lastCheckpoint != checkpoint)) {
            throw new EventBlobFormatException(
                    "trailer says checkpoints %d to %d, elements %d to %d"
                            .formatted(first, lastCheckpoint, firstCheckpoint, checkpoint),
                    entriesEnd);
        }
        if (in.read() >= 0) {
            throw new EventBlobFormatException("bytes behind the trailer", length);
        }
        return new End(new Extent(first, lastCheckpoint, firstIndex, nextIndex, elements, events));
    }

    private int payloadLength() throws IOException {
        long start = position;
        long value = 0;
        for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
            if (position >= entriesEnd) {
                throw new EventBlobFormatException("the length of an entry runs into the trailer", start);
            }
            int b = u8();
            if (i < Long.BYTES) {
                value |= (long) (b & 0x7f) << (7 * i);
            } else if ((b & 0x7f) != 0) {
                value = Long.MAX_VALUE;
            }
            if (b < 0x80) {
                if (value == 0 || value > MAX_PAYLOAD_BYTES || (i > 0 && b == 0)) {
                    throw new EventBlobFormatException(
                            "entry of %d bytes, where 1 to %d are due".formatted(value, MAX_PAYLOAD_BYTES), start);
                }
                return (int) value;
            }
        }
        throw new EventBlobFormatException("the length of an entry is longer than 10 bytes", start);
    }

    private int u8() throws IOException {
        if (position >= entriesEnd) {
            throw new EventBlobFormatException("an entry runs into the trailer", position);
        }
        int b = in.read();
        if (b < 0) {
            throw shorter();
        }
        position++;
        return b;
    }

    private byte[] take(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        position += bytes.length;
        if (bytes.length < size) {
            throw shorter();
        }
        return bytes;
    }

    private EventBlobFormatException shorter() {
        return new EventBlobFormatException("the file ends, %d bytes were announced".formatted(length), position);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
