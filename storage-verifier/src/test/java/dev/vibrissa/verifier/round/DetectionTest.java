package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Circumstances;
import dev.vibrissa.verifier.probe.Said;
import dev.vibrissa.verifier.probe.Verdict;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Draws;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameMember;
import dev.vibrissa.verifier.sample.RoundPlan;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How soon an operator is caught that has dropped one sliver in a hundred, and that a perfect one never is. */
class DetectionTest {
    /** By which a loss of 1 % is seen with 99 %: 1 - 0.99^459. */
    private static final int PROBES = 459;

    private static final int SEEDS = 1_000;
    private static final SuiAddress OPERATOR = new SuiAddress(new byte[32]);

    private static final Frame FRAME = new Frame(
            "v1",
            Sha256.of(),
            "custom",
            7,
            1_000,
            List.of(4_000L, 30_000L, 200_000L, 100L, 2_000L, 9_000L, 1L, 20L, 300L),
            Sha256.of(),
            List.of(new FrameMember(
                    OPERATOR,
                    Bytes.EMPTY,
                    Bytes.EMPTY,
                    IntStream.range(0, 11).map(i -> i * 90).boxed().toList())),
            500,
            new Digest(new byte[32]),
            1_600,
            300,
            new RoundPlan(0, 0, PROBES, 0),
            1);

    /** Whether a sliver is among the dropped ones, of which there is one in {@code of}. */
    private static boolean isDropped(Draw draw, int of) {
        byte[] place = new BcsWriter().u64(draw.position()).u32(draw.shard()).toByteArray();
        return Math.floorMod(ByteBuffer.wrap(Sha256.of(place).toByteArray()).getInt(), of) == 0;
    }

    private static Answer answer(Said said) {
        return new Answer(
                OPERATOR,
                "node.example:443",
                Optional.empty(),
                Instant.EPOCH,
                true,
                Optional.empty(),
                Optional.of(said == Said.PROVEN ? 200 : 404),
                said,
                "",
                Optional.empty(),
                Optional.empty(),
                new Answer.Timing(
                        Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofMillis(30), 9_000, 9_000));
    }

    /** How many of the seeds catch an operator that has dropped these. */
    private static long caught(Predicate<Draw> dropped) {
        var judge = Method.V1.judge();
        List<Answer> served = List.of(answer(Said.PROVEN));
        List<Answer> refused = Collections.nCopies(Method.V1.attempts(), answer(Said.NOT_FOUND));
        return IntStream.range(0, SEEDS)
                .parallel()
                .filter(seed -> {
                    var digest = new Digest(
                            Sha256.of(new BcsWriter().u32(seed).toByteArray()).toByteArray());
                    return new Draws(FRAME, FRAME.seed(0, digest))
                            .of(0, new RoundPlan(0, 0, PROBES, 0)).stream()
                                    .map(draw -> judge.judge(
                                            OPERATOR, dropped.test(draw) ? refused : served, Circumstances.ORDINARY))
                                    .anyMatch(verdict -> verdict instanceof Verdict.Missing && verdict.isScored());
                })
                .count();
    }

    @Test
    void oneInAHundredIsSeenWithin459Probes() {
        long caught = caught(draw -> isDropped(draw, 100));
        System.out.printf("caught with 1 %% dropped: %d of %d seeds within %d sliver probes%n", caught, SEEDS, PROBES);
        assertThat(caught).isGreaterThanOrEqualTo(SEEDS * 98 / 100);
    }

    @Test
    void whoHasDroppedNothingIsNeverBlamed() {
        assertThat(caught(_ -> false)).isZero();
    }

    /** The same over TLS: one of five operators answers 404 to one in a hundred of its slivers. */
    @Test
    @Timeout(240)
    @Tag("soak")
    void oneInAHundredIsSeenOverTheWireInThreeOfThree(@TempDir Path folder) throws Exception {
        int rounds = 3;
        Method method = Method.DEVNET.withPlan(new RoundPlan(0, 0, PROBES, 1L << 30), 27);
        try (var network = new StillNetwork(100)) {
            // Each operator has two slivers of every blob: these drop one sliver of every fiftieth blob.
            var blobs = TableRows.of(
                    network.database().database(), "select encode(blob_id, 'base64') from blob order by blob_id");
            List<String> dropped = List.of(path(blobs.get(17)), path(blobs.get(83)));
            network.operators().getFirst().conduct(request -> {
                String target = request.getTarget();
                return dropped.stream().anyMatch(target::contains) && isEven(target)
                        ? Optional.of(StillNetwork.refusal(404, "NOT_FOUND", "storage.walrus.space"))
                        : Optional.empty();
            });
            var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
            try (Connection db = network.database().connect()) {
                log.begin(db, "test", Map.of());
            }
            var auditor = new Auditor(
                    network.database().database(),
                    log,
                    method,
                    new NodeClient(StillNetwork.settings()),
                    _ -> {},
                    () -> true,
                    Clock.systemUTC());
            network.reach(10);
            assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
            for (long round = 0; round < rounds; round++) {
                network.reach(50 + round * method.seedInterval());
                assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
            }
            var found = TableRows.of(
                    network.database().database(),
                    "select round, member, count(*) from probe where blame is not null group by 1, 2 order by 1, 2");
            System.out.printf("over the wire, failures by round and member: %s%n", found);
            assertThat(found).hasSize(rounds).allMatch(each -> each.matches("[012]\\|0\\|.*"));
            assertThat(TableRows.of(
                            network.database().database(), "select round, count(*) from probe group by 1 order by 1"))
                    .isEqualTo(IntStream.range(0, rounds)
                            .mapToObj(round -> round + "|2295")
                            .toList());
        }
    }

    private static String path(String base64) {
        return "/" + base64.replace('+', '-').replace('/', '_').replace("=", "").replace("\n", "") + "/";
    }

    /** Of the two pairs that an operator has of a blob, five apart, one has an even number. */
    private static boolean isEven(String target) {
        String[] path = target.split("/");
        return path.length > 5 && path[4].equals("slivers") && Integer.parseInt(path[5]) % 2 == 0;
    }
}
