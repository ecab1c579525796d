package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.BlobId;

/** What is false about a complete answer. */
public sealed interface Disproof {
    /** The bytes are not of the type that is due. */
    record Malformed(String cause) implements Disproof {}

    /** The answer is about another blob. */
    record OtherBlob(BlobId asked, BlobId answered) implements Disproof {}

    /** Metadata, sliver or symbol does not lead to the blob id. */
    record NotProven(String cause) implements Disproof {}

    /** The blob id commits to it, and it can be of no blob: whoever wrote that made it so, and the node but keeps it. */
    record Impossible(String cause) implements Disproof {}

    /** A sliver or symbol that was not asked for, whether or not it is a true one. */
    record NotAsked(String asked, String answered) implements Disproof {}

    /** Nothing of what was asked for, though as an answer: an honest node that has none refuses. */
    record NoneGiven(int asked) implements Disproof {}

    /**
     * The statement is of another epoch. If that is the one before or after, the node or we may be behind: ask again
     * with that epoch's committee, whose key then tells whether the node signed it.
     */
    record OtherEpoch(long asked, long signed) implements Disproof {
        boolean isNeighbour() {
            return Math.abs(signed - asked) == 1;
        }
    }

    /** The statement is not a storage confirmation. */
    record OtherStatement(String signed) implements Disproof {}

    /** The statement is about a blob of the other persistence, or about another object. */
    record OtherPersistence(String asked, String signed) implements Disproof {}

    /** The signature is not the node's. */
    record BadSignature(String cause) implements Disproof {}

    /**
     * Whose fault this may be.
     *
     * @param sayer who vouches for the answer: the node if it was pinned
     */
    default Blame blame(Blame sayer) {
        return switch (this) {
            case Impossible _ -> Blame.CLIENT; // proven by the blob id, whoever sent it
            // No further: an honest node is never two epochs away, and a liar could always name a far one.
            case OtherEpoch other when other.isNeighbour() -> Blame.CHAIN;
            case OtherEpoch _,
                    Malformed _,
                    OtherBlob _,
                    NotProven _,
                    NotAsked _,
                    NoneGiven _,
                    OtherStatement _,
                    OtherPersistence _,
                    BadSignature _ -> sayer;
        };
    }
}
