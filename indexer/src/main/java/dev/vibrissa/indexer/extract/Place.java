package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * Where on the chain something happened.
 *
 * @param transactionIndex -1 for the state before the first transaction
 * @param transaction empty for that state
 */
public record Place(long checkpoint, int transactionIndex, Optional<Digest> transaction, Instant at) {
    public static Place of(CheckpointFacts facts, TransactionFacts transaction) {
        return new Place(
                facts.sequenceNumber(), transaction.index(), Optional.of(transaction.digest()), facts.timestamp());
    }

    public static Place before(CheckpointFacts facts) {
        return new Place(facts.sequenceNumber(), -1, Optional.empty(), facts.timestamp());
    }

    public byte[] digest() {
        return transaction.orElseThrow().toByteArray();
    }
}
