package dev.vibrissa.indexer;

/** Lets the tip go first: history is filled in only while the tip has nothing to catch up with. */
public final class TipPriority {
    private boolean behind;

    private TipPriority(boolean behind) {
        this.behind = behind;
    }

    /** For a tip that is about to be indexed: behind until it says otherwise. */
    public static TipPriority ofATip() {
        return new TipPriority(true);
    }

    /** Where no tip is indexed. */
    public static TipPriority ofNone() {
        return new TipPriority(false);
    }

    public synchronized void fallBehind() {
        behind = true;
    }

    public synchronized void catchUp() {
        behind = false;
        notifyAll();
    }

    public synchronized boolean isBehind() {
        return behind;
    }

    /** Waits while the tip is behind. */
    synchronized void giveWay() throws InterruptedException {
        while (behind) {
            wait();
        }
    }
}
