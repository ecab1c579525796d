package dev.vibrissa.devnet.contract;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** How many shards each candidate gets for its stake, by D'Hondt's method with a ceiling. */
final class Apportionment {
    /** From so many candidates on, none gets more than a tenth of the shards. */
    private static final int CANDIDATES_FOR_CEILING = 20;

    private static final int CEILING_DENOMINATOR = 10;

    private Apportionment() {}

    /**
     * @param stakes FROST; of two candidates with the same claim to a shard the earlier gets it
     * @return shards in the order of the stakes; their sum is {@code nShards}
     */
    static List<Integer> of(List<Long> stakes, int nShards) {
        long total = stakes.stream().reduce(0L, U64::add);
        Abort.unless(total != 0, "staking_inner", "dhondt", 3);
        int ceiling = ceiling(stakes.size(), nShards);
        long first = Long.divideUnsigned(total, nShards + 1L) + 1; // a stake of this much is sure of a shard
        int[] shards = stakes.stream()
                .mapToInt(stake -> (int) Math.min(Long.divideUnsigned(stake, first), ceiling))
                .toArray();

        var claims = new PriorityQueue<>(
                Comparator.comparing(Claim::quotient).reversed().thenComparing(Claim::candidate));
        IntStream.range(0, shards.length)
                .filter(i -> shards[i] != ceiling)
                .forEach(i -> claims.add(Claim.of(i, stakes.get(i), shards[i])));
        for (int left = nShards - Arrays.stream(shards).sum(); left > 0; left--) {
            int winner = claims.remove().candidate;
            shards[winner]++;
            if (shards[winner] != ceiling) {
                claims.add(Claim.of(winner, stakes.get(winner), shards[winner]));
            }
        }
        return Arrays.stream(shards).boxed().toList();
    }

    private static int ceiling(int candidates, int nShards) {
        return candidates >= CANDIDATES_FOR_CEILING
                ? nShards / CEILING_DENOMINATOR
                : Math.ceilDiv(nShards * CANDIDATES_FOR_CEILING, candidates * CEILING_DENOMINATOR);
    }

    /** A candidate's claim to its next shard: stake over shards + 1, in fixed point with 64 bits after the point. */
    private record Claim(BigInteger quotient, int candidate) {
        static Claim of(int candidate, long stake, int shards) {
            return new Claim(U64.big(stake).shiftLeft(64).divide(BigInteger.valueOf(shards + 1L)), candidate);
        }
    }
}
