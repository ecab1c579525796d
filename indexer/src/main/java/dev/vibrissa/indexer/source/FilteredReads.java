package dev.vibrissa.indexer.source;

/**
 * Whether a full node answers filtered questions, as found by asking for one item of each.
 *
 * <p>They are not used to find what to index. What a filter left out cannot be told from what was never there, while facts
 * promise to be complete: that takes every checkpoint, whose digests then prove it.
 */
public record FilteredReads(boolean listsTransactions, boolean listsEvents) {
    @Override
    public String toString() {
        return "listsTransactions=%b listsEvents=%b".formatted(listsTransactions, listsEvents);
    }
}
