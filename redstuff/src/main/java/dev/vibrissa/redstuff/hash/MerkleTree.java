package dev.vibrissa.redstuff.hash;

import java.util.Arrays;

/**
 * The Merkle tree of Walrus over the hashes of leaves, which lie in an array, 32 bytes each.
 *
 * <p>A leaf hashes to {@code H(0x00 || data)}, two nodes to {@code H(0x01 || left || right)}. A level of odd size, unless it is the root,
 * gets one empty node, 32 zero bytes, appended.
 *
 * @see "walrus-core, src/merkle.rs"
 */
public final class MerkleTree {
    /** The byte before the data of a leaf. */
    public static final int LEAF = 0;

    /** The byte before two nodes. */
    public static final int INNER = 1;

    private static final int HASH = LaneHasher.HASH;

    private MerkleTree() {}

    /** Nodes on the way from a leaf to the root of a tree of so many leaves: ceil(log2 leaves), 0 for up to one leaf. */
    public static int depth(int leaves) {
        return leaves <= 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(leaves - 1);
    }

    /** Bytes that {@link #root} needs: one node more than there are leaves. */
    public static int bytesFor(int leaves) {
        return (leaves + 1) * HASH;
    }

    /**
     * Reduces leaf hashes to the root, in place: it is left at {@code at}.
     *
     * @param nodes the hashes of the leaves from {@code at} on, and behind them room for one more
     * @param leaves at least 1
     */
    public static void root(LaneHasher hasher, byte[] nodes, int at, int leaves) {
        int count = leaves;
        while (count > 1) {
            count = reduce(hasher, nodes, at, count);
        }
    }

    /** One level: the parents overwrite the beginning of their children. */
    private static int reduce(LaneHasher hasher, byte[] nodes, int at, int count) {
        if (count % 2 != 0) {
            Arrays.fill(nodes, at + count * HASH, at + (count + 1) * HASH, (byte) 0);
        }
        int parents = (count + 1) / 2;
        hasher.hash(INNER, nodes, at, 2 * HASH, 2 * HASH, parents, nodes, at, HASH);
        return parents;
    }

    /**
     * The siblings on the way from a leaf to the root, 32 bytes each, from the leaves up; also reduces {@code nodes} as {@link
     * #root} does.
     */
    public static byte[] path(LaneHasher hasher, byte[] nodes, int at, int leaves, int leaf) {
        byte[] path = new byte[depth(leaves) * HASH];
        int count = leaves;
        int index = leaf;
        for (int level = 0; count > 1; level++) {
            int sibling = index ^ 1;
            if (sibling < count) {
                System.arraycopy(nodes, at + sibling * HASH, path, level * HASH, HASH);
            }
            count = reduce(hasher, nodes, at, count);
            index /= 2;
        }
        return path;
    }
}
