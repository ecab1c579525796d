package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import java.util.List;
import java.util.Optional;

/**
 * A fact of the chain with all that a stranger needs to check it offline, but for the committee: the signed summary,
 * the list of transactions it digests, the effects that list digests, and what those effects digest.
 */
public sealed interface Evidence {
    /** What both kinds of evidence share: a transaction's effects, as part of a signed checkpoint. */
    record Anchor(Bytes summary, AuthoritySignature signature, Bytes contents, Digest transaction, Bytes effects) {
        static Anchor of(Checkpoint checkpoint, ExecutedTransaction transaction) {
            return new Anchor(
                    checkpoint.summaryBcs().detached(),
                    checkpoint.signature(),
                    checkpoint.contentsBcs().detached(),
                    transaction.digest(),
                    transaction.effects().bcs().detached());
        }
    }

    /**
     * That a transaction emitted an event.
     *
     * @param events BCS of all events of the transaction
     * @param eventIndex which of them, from 0
     */
    record EventEvidence(Anchor anchor, Bytes events, int eventIndex) implements Evidence {
        /**
         * @throws IllegalArgumentException if the checkpoint has no such event
         */
        public static EventEvidence of(Checkpoint checkpoint, int transactionIndex, int eventIndex) {
            var transaction = transaction(checkpoint, transactionIndex);
            var events = transaction
                    .events()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "transaction %d emitted no event".formatted(transactionIndex)));
            int count = events.decoded().map(List::size).orElse(0);
            if (eventIndex < 0 || eventIndex >= count) {
                throw new IllegalArgumentException("event %d of %d".formatted(eventIndex, count));
            }
            return new EventEvidence(
                    Anchor.of(checkpoint, transaction), events.bcs().detached(), eventIndex);
        }
    }

    /**
     * That a transaction left an object as it is here.
     *
     * @param object BCS of the object
     */
    record ObjectEvidence(Anchor anchor, Bytes object) implements Evidence {
        /**
         * @param object as that transaction wrote it
         * @throws IllegalArgumentException if the checkpoint has no such transaction
         */
        public static ObjectEvidence of(Checkpoint checkpoint, int transactionIndex, RawObject object) {
            return new ObjectEvidence(
                    Anchor.of(checkpoint, transaction(checkpoint, transactionIndex)),
                    object.bcs().detached());
        }
    }

    Anchor anchor();

    /**
     * Checks every step.
     *
     * @param trusted the committee of the checkpoint's epoch; without one the best that can come out is {@link
     *     EvidenceReport.Conclusion#CONSISTENT}
     */
    default EvidenceReport verify(Optional<Committee> trusted) {
        return EvidenceCheck.of(this, trusted);
    }

    private static ExecutedTransaction transaction(Checkpoint checkpoint, int index) {
        var transactions = checkpoint.transactions();
        if (index < 0 || index >= transactions.size()) {
            throw new IllegalArgumentException("transaction %d of %d".formatted(index, transactions.size()));
        }
        return transactions.get(index);
    }
}
