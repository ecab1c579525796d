package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** A digest of chain state that a checkpoint summary also signs. */
public sealed interface CheckpointCommitment {
    Digest digest();

    /** All live objects at the end of an epoch, as an elliptic curve multiset hash. */
    record LiveObjectSet(Digest digest) implements CheckpointCommitment {}

    /** A Merkle tree over the objects that the checkpoint wrote. */
    record CheckpointArtifacts(Digest digest) implements CheckpointCommitment {}

    static CheckpointCommitment decode(BcsReader in) {
        return switch (in.variant("CheckpointCommitment", 2)) {
            case 0 -> new LiveObjectSet(Digest.decode(in));
            default -> new CheckpointArtifacts(Digest.decode(in));
        };
    }

    default void encode(BcsWriter out) {
        out.uleb(
                switch (this) {
                    case LiveObjectSet _ -> 0;
                    case CheckpointArtifacts _ -> 1;
                });
        digest().encodeWithLength(out);
    }
}
