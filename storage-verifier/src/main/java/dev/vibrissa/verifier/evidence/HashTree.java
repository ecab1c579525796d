package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The Merkle tree of RFC 6962, section 2.1, over SHA-256: leaves are hashed behind a 0 byte, nodes behind a 1 byte, so
 * that none can pass for the other; a tree of n leaves splits at the largest power of two below n, so that an even
 * block of leaves has the same root wherever it stands.
 */
public final class HashTree {
    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private HashTree() {}

    /** Hash of a leaf. */
    public static Bytes leaf(byte[] data) {
        return Sha256.of(LEAF, data);
    }

    private static Bytes node(Bytes left, Bytes right) {
        return Sha256.of(NODE, left.toByteArray(), right.toByteArray());
    }

    /** Makes a root out of a stream of leaves, in space that grows with its logarithm. */
    public static final class Builder {
        /** Roots of whole blocks, each smaller than the one before: one for each bit of {@code count}. */
        private final List<Bytes> blocks = new ArrayList<>();

        private long count;

        /** @param leafHash of {@link #leaf} */
        public Builder add(Bytes leafHash) {
            Bytes block = leafHash;
            for (long rest = count; (rest & 1) == 1; rest >>= 1) {
                block = node(blocks.removeLast(), block);
            }
            blocks.add(block);
            count++;
            return this;
        }

        public long count() {
            return count;
        }

        /** The root so far; of no leaves, the hash of nothing. */
        public Bytes root() {
            if (blocks.isEmpty()) {
                return Sha256.of();
            }
            Bytes root = blocks.getLast();
            for (int i = blocks.size() - 2; i >= 0; i--) {
                root = node(blocks.get(i), root);
            }
            return root;
        }
    }

    public static Bytes root(List<Bytes> leafHashes) {
        var builder = new Builder();
        leafHashes.forEach(builder::add);
        return builder.root();
    }

    /**
     * The siblings between a leaf and the root, from the leaf upwards.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public static List<Bytes> path(List<Bytes> leafHashes, int index) {
        if (index < 0 || index >= leafHashes.size()) {
            throw new IndexOutOfBoundsException("leaf %d of %d".formatted(index, leafHashes.size()));
        }
        if (leafHashes.size() == 1) {
            return new ArrayList<>();
        }
        int split = Integer.highestOneBit(leafHashes.size() - 1);
        List<Bytes> left = leafHashes.subList(0, split);
        List<Bytes> right = leafHashes.subList(split, leafHashes.size());
        List<Bytes> path = index < split ? path(left, index) : path(right, index - split);
        path.add(root(index < split ? right : left));
        return path;
    }

    /** Whether {@code path} leads from the leaf at {@code index} of {@code count} to {@code root}. */
    public static boolean proves(Bytes leafHash, long index, long count, List<Bytes> path, Bytes root) {
        if (index < 0 || index >= count) {
            return false;
        }
        Bytes hash = leafHash;
        long at = index;
        long last = count - 1;
        for (Bytes sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                hash = node(sibling, hash);
                // The last leaf of a row without a partner rises until it has one.
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node(hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }
}
