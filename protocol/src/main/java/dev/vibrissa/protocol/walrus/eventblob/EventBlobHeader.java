package dev.vibrissa.protocol.walrus.eventblob;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What an event blob begins with: 84 bytes, integers big-endian.
 *
 * @param epoch in force when the file was begun; 0 in the first file
 * @param previous the event blob before it; empty for the first
 * @param previousEvent the last event before the file. Writers leave it empty, so nothing may rest on it
 */
public record EventBlobHeader(long epoch, Optional<BlobId> previous, Optional<EventId> previousEvent) {
    static final int BYTES = 84;
    static final int MAGIC = 0x005EA1CE;
    static final int VERSION = 1;

    private static final int ID_BYTES = 32;

    public EventBlobHeader(long epoch, Optional<BlobId> previous) {
        this(epoch, previous, Optional.empty());
    }

    static EventBlobHeader decode(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        int magic = in.getInt();
        if (magic != MAGIC) {
            throw new EventBlobFormatException("magic %08x where %08x is due".formatted(magic, MAGIC), 0);
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new EventBlobFormatException(
                    "format version %s, known is %d".formatted(Integer.toUnsignedString(version), VERSION), 4);
        }
        long epoch = Integer.toUnsignedLong(in.getInt());
        var previous = new byte[ID_BYTES];
        in.get(previous);
        var transaction = new byte[ID_BYTES];
        in.get(transaction);
        long sequence = in.getLong();
        if (sequence < 0 || sequence > Integer.MAX_VALUE) {
            throw new EventBlobFormatException(
                    "previous event has number " + Long.toUnsignedString(sequence), BYTES - Long.BYTES);
        }
        var digest = new Digest(transaction);
        return new EventBlobHeader(
                epoch,
                Optional.of(new BlobId(previous)).filter(id -> !id.isZero()),
                digest.isZero() && sequence == 0 ? Optional.empty() : Optional.of(new EventId(digest, (int) sequence)));
    }

    byte[] encode() {
        var out = ByteBuffer.allocate(BYTES).putInt(MAGIC).putInt(VERSION).putInt((int) epoch);
        out.put(previous.map(BlobId::toByteArray).orElseGet(() -> new byte[ID_BYTES]));
        out.put(previousEvent.map(event -> event.transaction().toByteArray()).orElseGet(() -> new byte[ID_BYTES]));
        out.putLong(previousEvent.map(EventId::ordinal).orElse(0));
        return out.array();
    }
}
