package dev.vibrissa.verifier.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * The draws of a round. Each is independent of all others, with replacement: first a stratum, with a chance in proportion
 * to the root of its number of blobs, so that what is rare is seen without forgetting what is common; then a blob of it,
 * a shard of the member, a target, each as likely as any other.
 */
public final class Draws {
    private final Frame frame;
    private final Seed seed;
    private final long[] shares = new long[Stratum.ALL.size()];
    private final long allShares;

    public Draws(Frame frame, Seed seed) {
        this.frame = frame;
        this.seed = seed;
        long sum = 0;
        for (int i = 0; i < shares.length; i++) {
            long blobs = frame.strata().get(i);
            // Below 2^53 a double's root is right to the integer.
            shares[i] = blobs == 0 ? 0 : (long) Math.ceil(Math.sqrt(blobs));
            sum += shares[i];
        }
        allShares = sum;
    }

    /** All draws of a member: none if the frame is empty or the member has no shard. */
    public List<Draw> of(int member, RoundPlan plan) {
        var draws = new ArrayList<Draw>();
        if (allShares == 0 || frame.members().get(member).shards().isEmpty()) {
            return draws;
        }
        for (Depth depth : Depth.values()) {
            for (int ordinal = 0; ordinal < plan.of(depth); ordinal++) {
                draws.add(draw(member, depth, ordinal));
            }
        }
        return draws;
    }

    private Draw draw(int member, Depth depth, int ordinal) {
        Stratum stratum = stratum(seed.below(allShares, depth, member, ordinal, Seed.Purpose.STRATUM));
        long blobs = frame.strata().get(stratum.index());
        List<Integer> shards = frame.members().get(member).shards();
        return new Draw(
                member,
                depth,
                ordinal,
                stratum,
                frame.positionOf(stratum) + seed.below(blobs, depth, member, ordinal, Seed.Purpose.BLOB),
                shards.get((int) seed.below(shards.size(), depth, member, ordinal, Seed.Purpose.SHARD)),
                (int) seed.below(frame.shards(), depth, member, ordinal, Seed.Purpose.TARGET),
                new Draw.Chance(shares[stratum.index()], allShares * blobs * shards.size()));
    }

    private Stratum stratum(long share) {
        long rest = share;
        for (Stratum stratum : Stratum.ALL) {
            rest -= shares[stratum.index()];
            if (rest < 0) {
                return stratum;
            }
        }
        throw new IllegalStateException("share %d of %d".formatted(share, allShares));
    }
}
