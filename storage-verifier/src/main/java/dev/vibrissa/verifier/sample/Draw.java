package dev.vibrissa.verifier.sample;

/**
 * One question that a round puts to a member, before it is known which blob stands at that place of the frame.
 *
 * @param member its place in the committee
 * @param ordinal among the member's draws of this depth
 * @param position of the blob in the frame
 * @param shard of the member, whose sliver pair is asked for; of a claim, which is about all of them, too
 * @param target of a symbol: the sliver pair that it would help to recover
 * @param chance of this blob and shard in one draw
 */
public record Draw(
        int member, Depth depth, int ordinal, Stratum stratum, long position, int shard, int target, Chance chance) {
    /**
     * A probability as an exact fraction.
     *
     * @param of at least {@code part}
     */
    public record Chance(long part, long of) {
        /** For how many blobs and shards a draw stands in an estimate over all: one over the chance, rounded. */
        public long weight() {
            return Math.round((double) of / part);
        }

        /** That it happens at least once in {@code draws} independent draws: the inclusion probability. */
        public double inclusion(int draws) {
            return -Math.expm1(draws * Math.log1p(-(double) part / of));
        }
    }
}
