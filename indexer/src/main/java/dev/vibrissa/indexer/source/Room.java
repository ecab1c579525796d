package dev.vibrissa.indexer.source;

/** Memory for one checkpoint file. Whoever reads one takes room before it holds bytes, and waits while there is none. */
public interface Room {
    /** For one checkpoint at a time. */
    Room UNBOUNDED = new Room() {
        @Override
        public void take(int fileBytes) {}

        @Override
        public void giveBack() {}
    };

    /**
     * Waits until there is room for so many more bytes.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void take(int fileBytes) throws InterruptedException;

    /** Everything taken is dropped, and will be read again. */
    void giveBack();
}
