package dev.vibrissa.protocol.sui;

import java.util.List;
import java.util.Optional;

/**
 * One transaction of a checkpoint and what came of it.
 *
 * @param index position in the checkpoint, from 0
 * @param digest as the checkpoint's contents list it
 * @param effectsDigest as the checkpoint's contents list it
 * @param events absent where the transaction emitted none
 */
public record ExecutedTransaction(
        int index,
        Digest digest,
        Digest effectsDigest,
        Part<TransactionData> data,
        Part<TransactionEffects> effects,
        Optional<Part<List<Event>>> events) {
    public ExecutedTransaction {
        // Some containers can say "an empty list"; the chain, which digests events, only ever says "none".
        events = events.filter(part -> part.decoded().filter(List::isEmpty).isEmpty());
    }
}
