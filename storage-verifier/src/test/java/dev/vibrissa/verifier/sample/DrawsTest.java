package dev.vibrissa.verifier.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.Sha256;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
    private static final List<Long> STRATA = List.of(100L, 0L, 10_000L, 1L, 0L, 0L, 0L, 0L, 25L);

    private static Frame frame(List<Long> strata) {
        return new Frame(
                "v1",
                Sha256.of(),
                "custom",
                7,
                10,
                strata,
                Sha256.of(),
                List.of(member(1, List.of(0, 3, 9)), member(2, List.of(1, 2, 4, 5, 6, 7, 8)), member(3, List.of())),
                500,
                digest(1),
                1_600,
                300,
                new RoundPlan(0, 0, 0, 0),
                1);
    }

    private static FrameMember member(int id, List<Integer> shards) {
        byte[] address = new byte[32];
        address[31] = (byte) id;
        return new FrameMember(new SuiAddress(address), Bytes.EMPTY, Bytes.EMPTY, shards);
    }

    private static Digest digest(int id) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) id;
        return new Digest(bytes);
    }

    private static List<Draw> drawn(Frame frame, int round, int member, int slivers) {
        return new Draws(frame, frame.seed(round, digest(2))).of(member, new RoundPlan(0, 0, slivers, 0));
    }

    @Test
    void followFromFrameRoundAndCheckpointAlone() {
        Frame frame = frame(STRATA);
        assertThat(drawn(frame, 0, 0, 50)).isEqualTo(drawn(frame(STRATA), 0, 0, 50));
        assertThat(drawn(frame, 0, 0, 50)).isNotEqualTo(drawn(frame, 1, 0, 50));
        assertThat(drawn(frame, 0, 0, 50)).startsWith(drawn(frame, 0, 0, 20).toArray(Draw[]::new));
    }

    @Test
    void comeAsOftenAsTheirChanceSays() {
        Frame frame = frame(STRATA);
        List<Draw> draws = drawn(frame, 0, 0, 40_000);
        // Roots 10, 100, 1 and 5 of 116.
        double[] expected = {10, 0, 100, 1, 0, 0, 0, 0, 5};
        for (Stratum stratum : Stratum.ALL) {
            long seen = draws.stream()
                    .filter(each -> each.stratum().equals(stratum))
                    .count();
            double share = expected[stratum.index()] / 116;
            assertThat(seen / 40_000.0).isCloseTo(share, within(4 * Math.sqrt(share * (1 - share) / 40_000)));
        }
        for (int shard : List.of(0, 3, 9)) {
            assertThat(draws.stream().filter(each -> each.shard() == shard).count() / 40_000.0)
                    .isCloseTo(1 / 3.0, within(4 * Math.sqrt(2 / 9.0 / 40_000)));
        }
    }

    @Test
    void theChancesOfAllUnitsOfAMemberAddUpToOne() {
        Frame frame = frame(STRATA);
        var draws = new Draws(frame, frame.seed(0, digest(2))).of(1, new RoundPlan(3, 5, 2_000, 0));
        double sum = Stratum.ALL.stream()
                .flatMap(stratum -> draws.stream()
                        .filter(each -> each.stratum().equals(stratum))
                        .limit(1)
                        .map(each -> (double) each.chance().part()
                                / each.chance().of()
                                * frame.strata().get(stratum.index())
                                * 7))
                .mapToDouble(Double::doubleValue)
                .sum();
        assertThat(sum).isCloseTo(1, within(1e-12));
    }

    @Test
    void stayInsideTheFrameAndTheMembersShards() {
        Frame frame = frame(STRATA);
        assertThat(new Draws(frame, frame.seed(3, digest(2))).of(1, new RoundPlan(200, 200, 200, 0)))
                .hasSize(600)
                .allSatisfy(each -> {
                    long from = frame.positionOf(each.stratum());
                    assertThat(each.position())
                            .isBetween(from, from + STRATA.get(each.stratum().index()) - 1);
                    assertThat(each.shard()).isIn(1, 2, 4, 5, 6, 7, 8);
                    assertThat(each.target()).isBetween(0, 9);
                });
    }

    @Test
    void thereIsNothingToDrawFromNothing() {
        assertThat(drawn(frame(Collections.nCopies(9, 0L)), 0, 0, 5)).isEmpty();
        assertThat(drawn(frame(STRATA), 0, 2, 5)).isEmpty();
    }

    @Test
    void noResultIsFavouredWhereTheBoundDoesNotDivideTheRange() {
        Seed seed = frame(STRATA).seed(0, digest(2));
        long bound = (1L << 62) + 1; // almost a third of the values fall into the last, incomplete run
        LongStream values =
                IntStream.range(0, 4_000).mapToLong(i -> seed.below(bound, Depth.SLIVER, 0, i, Seed.Purpose.BLOB));
        assertThat(values.filter(each -> each < bound / 4).count() / 4_000.0).isCloseTo(0.25, within(0.03));
    }
}
