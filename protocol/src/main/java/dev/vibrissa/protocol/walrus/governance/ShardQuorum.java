package dev.vibrissa.protocol.walrus.governance;

/**
 * The weights that matter among {@code n} shards, of which fewer than a third may be in bad hands.
 *
 * @param nShards 1 to 65 535
 */
public record ShardQuorum(int nShards) {
    public ShardQuorum {
        if (nShards < 1 || nShards > 0xffff) {
            throw new IllegalArgumentException("a committee of %d shards".formatted(nShards));
        }
    }

    /** The least {@code w} with {@code 3w ≥ 2n + 1}: 667 of 1000. */
    public int quorum() {
        return ceilThird(2 * nShards + 1);
    }

    /** The least {@code w} with {@code 3w ≥ n + 1}, in which one node at least is honest: 334 of 1000. */
    public int oneHonest() {
        return ceilThird(nShards + 1);
    }

    public boolean isQuorum(int weight) {
        return weight >= quorum();
    }

    private static int ceilThird(int x) {
        return (x + 2) / 3;
    }
}
