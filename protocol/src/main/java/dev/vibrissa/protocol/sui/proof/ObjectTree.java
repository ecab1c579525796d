package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The Merkle tree over the objects that a checkpoint wrote, the latest version of each, ascending by id.
 *
 * <p>Leaf: {@code H(0x00 ‖ BCS(ObjectRef))}, inner node: {@code H(0x01 ‖ left ‖ right)}; a level of odd length is
 * filled up with one node of 32 zeros. The summary commits to {@code H(BCS([root]))}.
 */
final class ObjectTree {
    private static final byte[] PADDING = new byte[Digest.SIZE];

    private ObjectTree() {}

    /**
     * @param written in order of writing
     */
    static Digest commitment(Collection<ObjectRef> written) {
        byte[] root = root(latest(written));
        return new Digest(Blake2b.hash(new BcsWriter().uleb(1).bytes(root).toByteArray()));
    }

    private static Collection<ObjectRef> latest(Collection<ObjectRef> written) {
        var latest = new TreeMap<SuiAddress, ObjectRef>();
        for (ObjectRef ref : written) {
            latest.put(ref.id(), ref);
        }
        return latest.values();
    }

    static byte[] root(Collection<ObjectRef> leaves) {
        List<byte[]> level = new ArrayList<>();
        for (ObjectRef leaf : leaves) {
            byte[] bcs = BcsWriter.encode(leaf, (out, ref) -> ref.encode(out));
            level.add(new Blake2b().update(new byte[] {0}).update(Bytes.of(bcs)).finish());
        }
        if (level.isEmpty()) {
            return PADDING;
        }
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>();
            for (int i = 0; i < level.size(); i += 2) {
                byte[] right = i + 1 < level.size() ? level.get(i + 1) : PADDING;
                above.add(new Blake2b()
                        .update(new byte[] {1})
                        .update(level.get(i))
                        .update(right)
                        .finish());
            }
            level = above;
        }
        return level.getFirst();
    }
}
