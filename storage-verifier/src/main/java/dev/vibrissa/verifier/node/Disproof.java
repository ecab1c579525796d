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

    /** A sliver or symbol that was not asked for, whether or not it is a true one. */
    record NotAsked(String asked, String answered) implements Disproof {}

    /** The statement is of another epoch: the node or we are behind. */
    record OtherEpoch(long asked, long signed) implements Disproof {}

    /** The statement is not a storage confirmation. */
    record OtherStatement(String signed) implements Disproof {}

    /** The statement is about a blob of the other persistence, or about another object. */
    record OtherPersistence(String asked, String signed) implements Disproof {}

    /** The signature is not the node's. */
    record BadSignature(String cause) implements Disproof {}

    default Blame blame() {
        return switch (this) {
            case OtherEpoch _ -> Blame.CHAIN;
            case Malformed _,
                    OtherBlob _,
                    NotProven _,
                    NotAsked _,
                    OtherStatement _,
                    OtherPersistence _,
                    BadSignature _ -> Blame.NODE;
        };
    }
}
