package dev.vibrissa.redstuff.hash;

/**
 * The hashes of leaves of one length that arrive strip by strip: first some bytes of all, then the next bytes of all.
 *
 * <p>If there is only one strip, nothing is kept but the hashes; otherwise 64 bytes of state and the last byte of the strip per leaf, for
 * the domain byte shifts everything by one.
 */
public final class LeafHasher {
    private final int leafBytes;
    private final byte[] hashes;
    private final long[] states;
    private final byte[] carry;

    /**
     * @param leafBytes bytes of each leaf
     * @param stripBytes bytes of each strip but the last; a multiple of 128 unless it is {@code leafBytes}
     */
    public LeafHasher(int leaves, int leafBytes, int stripBytes) {
        if (stripBytes < leafBytes && stripBytes % LaneHasher.BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("strips of %d bytes".formatted(stripBytes));
        }
        this.leafBytes = leafBytes;
        boolean strips = stripBytes < leafBytes;
        hashes = new byte[MerkleTree.bytesFor(leaves)];
        states = new long[strips ? leaves * LaneHasher.STATE_WORDS : 0];
        carry = new byte[strips ? leaves : 0];
    }

    /** The hash of each leaf, 32 bytes, and room for one more; the array itself. */
    public byte[] hashes() {
        return hashes;
    }

    /**
     * Takes in a strip of some leaves.
     *
     * @param first leaf
     * @param from where its bytes of this strip begin
     * @param stride from leaf to leaf
     * @param begin where in the leaf the strip begins
     * @param width bytes of the strip
     */
    public void update(
            LaneHasher hasher, int first, int count, byte[] source, int from, int stride, int begin, int width) {
        if (states.length == 0) {
            hasher.hash(
                    MerkleTree.LEAF,
                    source,
                    from,
                    stride,
                    width,
                    count,
                    hashes,
                    first * LaneHasher.HASH,
                    LaneHasher.HASH);
            return;
        }
        boolean last = begin + width == leafBytes;
        for (int leaf = first; leaf < first + count; leaf += Compression.LANES) {
            int lanes = Math.min(Compression.LANES, first + count - leaf);
            int at = from + (leaf - first) * stride;
            if (begin == 0) {
                hasher.begin();
            } else {
                hasher.resume(states, leaf * LaneHasher.STATE_WORDS, lanes);
            }
            hasher.precede(carry, leaf, lanes);
            if (last) {
                hasher.finish(source, at, stride, begin, width, lanes);
                hasher.write(lanes, hashes, leaf * LaneHasher.HASH, LaneHasher.HASH);
                continue;
            }
            hasher.absorb(source, at, stride, begin, width, lanes);
            hasher.suspend(states, leaf * LaneHasher.STATE_WORDS, lanes);
            for (int lane = 0; lane < lanes; lane++) {
                carry[leaf + lane] = source[at + lane * stride + width - 1];
            }
        }
    }
}
