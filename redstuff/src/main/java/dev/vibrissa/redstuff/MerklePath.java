package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.hash.LaneHasher;
import dev.vibrissa.redstuff.hash.MerkleTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The siblings on the way from a leaf to the root, from the leaves up: proof that the leaf belongs to the root.
 *
 * @see "walrus-core, src/merkle.rs, MerkleProof"
 */
public record MerklePath(List<MerkleNode> siblings) {
    private static final int HASH = LaneHasher.HASH;

    /** The depth of a tree of 65 536 leaves: no tree is deeper, since indices have 16 bits. */
    private static final int MAX_SIBLINGS = 16;

    public MerklePath {
        siblings = List.copyOf(siblings);
    }

    /** The path in a tree of {@code leaves}; where a level of odd size ends, the sibling is the empty node. */
    static MerklePath of(byte[] siblings, int leaf, int leaves) {
        var nodes = new ArrayList<MerkleNode>();
        int count = leaves;
        int index = leaf;
        for (int at = 0; at < siblings.length; at += HASH) {
            boolean there = (index ^ 1) < count;
            nodes.add(
                    there
                            ? new MerkleNode.Digest(Arrays.copyOfRange(siblings, at, at + HASH))
                            : new MerkleNode.Empty());
            count = (count + 1) / 2;
            index /= 2;
        }
        return new MerklePath(nodes);
    }

    static MerklePath decode(BcsInput in) {
        int count = in.length(1);
        if (count > MAX_SIBLINGS) { // an empty sibling takes one byte there and an object here
            throw in.refused("a Merkle path of %d siblings".formatted(count));
        }
        var siblings = new ArrayList<MerkleNode>(count);
        for (int i = 0; i < count; i++) {
            siblings.add(MerkleNode.decode(in));
        }
        return new MerklePath(siblings);
    }

    void encode(BcsOutput out) {
        out.length(siblings.size());
        siblings.forEach(node -> node.encode(out));
    }

    /** The root that {@code data}, as leaf {@code index}, leads to. */
    public MerkleNode root(byte[] data, int index) {
        var hasher = new LaneHasher();
        byte[] node = new byte[HASH];
        hasher.hash(MerkleTree.LEAF, data, 0, data.length, data.length, 1, node, 0, HASH);
        byte[] pair = new byte[2 * HASH];
        int position = index;
        for (MerkleNode sibling : siblings) {
            boolean right = position % 2 == 1;
            System.arraycopy(node, 0, pair, right ? HASH : 0, HASH);
            System.arraycopy(sibling.toByteArray(), 0, pair, right ? 0 : HASH, HASH);
            hasher.hash(MerkleTree.INNER, pair, 0, 2 * HASH, 2 * HASH, 1, node, 0, HASH);
            position /= 2;
        }
        return new MerkleNode.Digest(node);
    }
}
