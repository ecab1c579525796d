package dev.vibrissa.devnet.rpc;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Comparator;

/** A place in the ledger: an item's, or the edge of a checkpoint. Written as an opaque cursor. */
record Position(long checkpoint, int transaction, int event) implements Comparable<Position> {
    private static final int BYTES = Long.BYTES + 2 * Integer.BYTES;

    private static final Comparator<Position> ORDER = Comparator.comparingLong(Position::checkpoint)
            .thenComparingInt(Position::transaction)
            .thenComparingInt(Position::event);

    /** Before all that is in a checkpoint. */
    static Position startOf(long checkpoint) {
        return new Position(checkpoint, -1, -1);
    }

    /** After all that is in a checkpoint. */
    static Position endOf(long checkpoint) {
        return new Position(checkpoint, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    boolean isStart() {
        return transaction == -1;
    }

    boolean isEnd() {
        return transaction == Integer.MAX_VALUE;
    }

    ByteString cursor() {
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(checkpoint)
                .putInt(transaction)
                .putInt(event)
                .flip();
        return ByteString.copyFrom(bytes);
    }

    static Position parse(ByteString cursor, String field) {
        if (cursor.size() != BYTES) {
            throw Requests.invalid(
                    field, "a cursor of this endpoint has %d bytes, not %d".formatted(BYTES, cursor.size()));
        }
        var bytes = cursor.asReadOnlyByteBuffer();
        return new Position(bytes.getLong(), bytes.getInt(), bytes.getInt());
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
