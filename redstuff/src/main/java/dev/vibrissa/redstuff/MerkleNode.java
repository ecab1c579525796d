package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.hash.LaneHasher;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A node of a Merkle tree. Empty and a digest of zeros hash alike as part of another node, yet they are not equal.
 *
 * <p>BCS: tag 0, or tag 1 and 32 bytes.
 */
public sealed interface MerkleNode {
    /** What fills up a level of odd size. */
    record Empty() implements MerkleNode {
        /** One is enough. */
        static final Empty NODE = new Empty();

        @Override
        public byte[] toByteArray() {
            return new byte[LaneHasher.HASH];
        }

        @Override
        public String toString() {
            return "empty";
        }
    }

    /** A hash. */
    final class Digest implements MerkleNode {
        private final byte[] bytes;

        /**
         * @throws IllegalArgumentException if there are not 32 bytes
         */
        public Digest(byte[] bytes) {
            if (bytes.length != LaneHasher.HASH) {
                throw new IllegalArgumentException("a digest has 32 bytes, not %d".formatted(bytes.length));
            }
            this.bytes = bytes.clone();
        }

        @Override
        public byte[] toByteArray() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Digest digest && Arrays.equals(bytes, digest.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        /** Hex. */
        @Override
        public String toString() {
            return HexFormat.of().formatHex(bytes);
        }
    }

    /** The 32 bytes that enter a hash: zeros if empty. */
    byte[] toByteArray();

    static MerkleNode decode(BcsInput in) {
        int tag = in.u8();
        return switch (tag) {
            case 0 -> Empty.NODE;
            case 1 -> new Digest(in.raw(LaneHasher.HASH));
            default -> throw in.unknownTag("Merkle node", tag);
        };
    }

    default void encode(BcsOutput out) {
        switch (this) {
            case Empty _ -> out.u8(0);
            case Digest digest -> out.u8(1).raw(digest.bytes);
        }
    }
}
