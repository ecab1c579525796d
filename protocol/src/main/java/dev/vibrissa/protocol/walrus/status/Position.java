package dev.vibrissa.protocol.walrus.status;

import java.util.Comparator;

/**
 * Where on the chain something happened.
 *
 * @param checkpoint sequence number
 * @param transaction index in the checkpoint
 */
public record Position(long checkpoint, int transaction) implements Comparable<Position> {
    private static final Comparator<Position> CHAIN_ORDER =
            Comparator.comparingLong(Position::checkpoint).thenComparingInt(Position::transaction);

    @Override
    public int compareTo(Position other) {
        return CHAIN_ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return checkpoint + "/" + transaction;
    }
}
