package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.code.ReedSolomon;
import dev.vibrissa.redstuff.hash.LaneHasher;
import dev.vibrissa.redstuff.hash.MerkleTree;
import java.util.Arrays;
import java.util.Objects;

/**
 * A sliver expanded to its n symbols: for its root, and for the symbols that recover slivers of the other axis.
 *
 * <p>Takes {@code n·s} bytes for symbols of {@code s} bytes, the sliver included, and while expanding the rows of a transform, up to
 * {@code 8n} KiB: 2 MiB at n = 1000.
 */
public final class ExpandedSliver {
    /** Long symbols are expanded in pieces that stay in the cache; a multiple of 64. */
    private static final int PIECE = 2048;

    private final Sliver sliver;
    private final int n;
    private final int source;
    private final byte[] recovery;

    /**
     * @throws IllegalArgumentException if the sliver is not as long as {@code config} has it, or its symbols are of odd size
     */
    public ExpandedSliver(EncodingConfig config, Sliver sliver) {
        int symbolBytes = sliver.symbolBytes();
        if (sliver.data().length != config.sliverBytes(sliver.type(), symbolBytes)) {
            throw new IllegalArgumentException(
                    "%s, where %d are due".formatted(sliver, config.sliverBytes(sliver.type(), symbolBytes)));
        }
        this.sliver = sliver;
        n = config.shards();
        source = config.symbolsIn(sliver.type());
        recovery = new byte[Math.multiplyExact(n - source, symbolBytes)];
        ReedSolomon code = config.expansionOf(sliver.type());
        var work = code.workspace(Math.min(PIECE, symbolBytes), PIECE, 1);
        for (int begin = 0; begin < symbolBytes; begin += PIECE) {
            int from = begin;
            if (symbolBytes - begin < work.symbolBytes()) { // the last piece
                work = code.workspace(symbolBytes - begin, PIECE, 1);
            }
            expand(code, work, from);
        }
    }

    private void expand(ReedSolomon code, ReedSolomon.Workspace work, int from) {
        int symbolBytes = sliver.symbolBytes();
        code.encode(
                work,
                (c, rows, at) -> work.pack(sliver.data(), c * symbolBytes + from, 1, rows, at, 0),
                (i, rows, at) -> work.unpack(rows, at, 0, 1, recovery, i * symbolBytes + from));
    }

    /**
     * A copy of symbol {@code index}, 0 to n - 1.
     *
     * @throws IndexOutOfBoundsException if there is no such symbol
     */
    public byte[] symbol(int index) {
        Objects.checkIndex(index, n);
        int s = sliver.symbolBytes();
        return index < source
                ? Arrays.copyOfRange(sliver.data(), index * s, (index + 1) * s)
                : Arrays.copyOfRange(recovery, (index - source) * s, (index - source + 1) * s);
    }

    /** The root over all symbols: what metadata commits to. */
    public MerkleNode root() {
        var hasher = new LaneHasher();
        byte[] nodes = leaves(hasher);
        MerkleTree.root(hasher, nodes, 0, n);
        return new MerkleNode.Digest(Arrays.copyOf(nodes, LaneHasher.HASH));
    }

    /**
     * Symbol {@code target} with its proof, with which the sliver of the other axis and of that index is recovered.
     *
     * @throws IndexOutOfBoundsException if there is no such symbol
     */
    public RecoverySymbol recoverySymbol(int target) {
        Objects.checkIndex(target, n);
        var hasher = new LaneHasher();
        byte[] path = MerkleTree.path(hasher, leaves(hasher), 0, n, target);
        return new RecoverySymbol(
                sliver.type().other(), sliver.index(), target, symbol(target), MerklePath.of(path, target, n));
    }

    private byte[] leaves(LaneHasher hasher) {
        int s = sliver.symbolBytes();
        byte[] nodes = new byte[MerkleTree.bytesFor(n)];
        hasher.hash(MerkleTree.LEAF, sliver.data(), 0, s, s, source, nodes, 0, LaneHasher.HASH);
        hasher.hash(MerkleTree.LEAF, recovery, 0, s, s, n - source, nodes, source * LaneHasher.HASH, LaneHasher.HASH);
        return nodes;
    }
}
