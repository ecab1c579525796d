package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Where in the chain something changed.
 *
 * @param transaction null for what a snapshot reports of the time before its checkpoint
 */
record Place(
        long checkpoint, int transactionIndex, @Nullable Digest transaction) {
    private static final int BEFORE_TRANSACTIONS = -1;

    static Place of(long checkpoint, TransactionFacts transaction) {
        return new Place(checkpoint, transaction.index(), transaction.digest());
    }

    static Place before(long checkpoint) {
        return new Place(checkpoint, BEFORE_TRANSACTIONS, null);
    }
}
