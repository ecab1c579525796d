package dev.vibrissa.redstuff.naive;

import java.util.ArrayList;
import java.util.List;

/** The Merkle tree of Walrus, one node at a time. */
public final class NaiveMerkleTree {
    private static final byte[] EMPTY = new byte[32];

    private NaiveMerkleTree() {}

    /** The root over leaves, of which there is at least one. */
    public static byte[] root(List<byte[]> leaves) {
        List<byte[]> level = leaves.stream().map(leaf -> hash(0, leaf)).toList();
        while (level.size() > 1) {
            List<byte[]> parents = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                parents.add(hash(1, level.get(i), i + 1 < level.size() ? level.get(i + 1) : EMPTY));
            }
            level = parents;
        }
        return level.getFirst();
    }

    private static byte[] hash(int prefix, byte[]... parts) {
        int length = 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] message = new byte[length];
        message[0] = (byte) prefix;
        int at = 1;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, message, at, part.length);
            at += part.length;
        }
        return NaiveBlake2b.hash(message);
    }
}
