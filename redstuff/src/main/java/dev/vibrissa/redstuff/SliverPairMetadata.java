package dev.vibrissa.redstuff;

/**
 * The roots of the Merkle trees over the two expanded slivers of a pair.
 *
 * @param primary over row {@code i} of the matrix, for pair {@code i}
 * @param secondary over column {@code n-1-i}
 */
public record SliverPairMetadata(MerkleNode primary, MerkleNode secondary) {
    /** Fewest bytes in BCS: two empty nodes. */
    static final int MIN_BYTES = 2;

    /** The root for a sliver of {@code type}. */
    public MerkleNode of(SliverType type) {
        return type == SliverType.PRIMARY ? primary : secondary;
    }

    static SliverPairMetadata decode(BcsInput in) {
        return new SliverPairMetadata(MerkleNode.decode(in), MerkleNode.decode(in));
    }

    void encode(BcsOutput out) {
        primary.encode(out);
        secondary.encode(out);
    }
}
