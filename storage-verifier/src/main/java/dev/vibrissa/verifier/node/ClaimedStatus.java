package dev.vibrissa.verifier.node;

import java.util.Optional;

/**
 * What one node says about a blob's place on the chain. A claim: the chain itself knows better.
 *
 * <p>Epochs are unsigned 32-bit, {@code endEpoch} is exclusive.
 */
public sealed interface ClaimedStatus {
    /** The node knows no such blob. */
    record Nonexistent() implements ClaimedStatus {}

    /** The blob is marked as inconsistent. */
    record Invalid(Event event) implements ClaimedStatus {}

    /** At least one permanent object of the blob is registered. */
    record Permanent(
            long endEpoch, boolean certified, Event statusEvent, Counts deletable, Optional<Long> initialCertifiedEpoch)
            implements ClaimedStatus {}

    /** Only deletable objects of the blob are registered. */
    record Deletable(Counts deletable, Optional<Long> initialCertifiedEpoch) implements ClaimedStatus {}

    /**
     * A Sui event as the node names it.
     *
     * @param txDigest base58, not checked
     * @param eventSeq decimal, not checked
     */
    record Event(String txDigest, String eventSeq) {}

    /** Deletable objects of the blob, and how many of them are certified. */
    record Counts(long total, long certified) {}
}
