package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.Room;
import java.util.ArrayDeque;

/**
 * Memory that checkpoints under way share, a hard bound: never more than the budget and one checkpoint.
 *
 * <p>Whoever wants more waits until others gave back. Only the oldest under way, which everybody waits for, may go beyond
 * the budget, and only while nothing that was handed out is still held: so the next in order always gets on, and there
 * is never a second beyond the budget.
 */
final class ByteBudget {
    private final long budgetBytes;
    private final ArrayDeque<Share> underWay = new ArrayDeque<>(); // oldest first
    private long heldBytes;
    private long handedOutBytes;
    private long mostBytes;

    ByteBudget(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** The share of one more checkpoint, younger than all others. */
    synchronized Share open() {
        var share = new Share();
        underWay.add(share);
        return share;
    }

    /** The oldest share goes to the consumer, who holds it until {@link #release}. */
    synchronized void handOut() {
        handedOutBytes += underWay.remove().bytes;
        notifyAll(); // another is the oldest now
    }

    /** What was handed out is held no longer. */
    synchronized void release() {
        heldBytes -= handedOutBytes;
        handedOutBytes = 0;
        notifyAll();
    }

    synchronized boolean hasHandedOut() {
        return handedOutBytes > 0;
    }

    /** The most that was ever held at a time. */
    synchronized long mostBytes() {
        return mostBytes;
    }

    private synchronized void take(Share share, long bytes) throws InterruptedException {
        while (heldBytes + bytes > budgetBytes && !(handedOutBytes == 0 && underWay.peek() == share)) {
            wait();
        }
        share.bytes += bytes;
        heldBytes += bytes;
        mostBytes = Math.max(mostBytes, heldBytes);
    }

    private synchronized void giveBack(Share share) {
        heldBytes -= share.bytes;
        share.bytes = 0;
        notifyAll();
    }

    /** What one checkpoint holds of the budget. */
    final class Share implements Room {
        /** Bytes a checkpoint holds for each of its file, itself and decoded: measured on mainnet, 3.2 of it compression. */
        static final int BYTES_PER_FILE_BYTE = 8;

        private long bytes;

        private Share() {}

        @Override
        public void take(int fileBytes) throws InterruptedException {
            ByteBudget.this.take(this, (long) fileBytes * BYTES_PER_FILE_BYTE);
        }

        @Override
        public void giveBack() {
            ByteBudget.this.giveBack(this);
        }
    }
}
