package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogCheck;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import dev.vibrissa.verifier.score.NodeScore;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an audit leaves behind tells everything again, and nothing else than what was. */
@Timeout(120)
class AuditTrailTest {
    @TempDir
    static Path folder = Path.of("");

    private static StillNetwork network;
    private static final HandClock CLOCK = new HandClock();

    private static final class HandClock extends Clock {
        private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");

        private volatile Instant now = BEGIN;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** The first serves claims and symbols but no slivers, the second false ones, the third is where nobody hears it. */
    @BeforeAll
    static void audit() throws Exception {
        network = new StillNetwork(12);
        network.operators().get(0).conduct(StillNetwork.Conduct.without("/slivers/"));
        network.operators()
                .get(1)
                .conduct(request -> request.getTarget().contains("/slivers/")
                        ? Optional.of(new MockResponse.Builder()
                                .addHeader("Content-Type", "application/octet-stream")
                                .body(new Buffer().write(new byte[4096]))
                                .build())
                        : Optional.empty());
        network.operators().get(2).relay().cut();
        Auditor auditor = auditor(() -> true);
        network.reach(10);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
        network.reach(50);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        try (Connection db = network.database().connect()) {
            log().sign(db);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        network.close();
    }

    @FunctionalInterface
    private interface GoingOn {
        void with() throws Exception;
    }

    /** For those that go on auditing: the same audit once more, whose end the others do not see. */
    private static void onItsOwn(GoingOn test) throws Exception {
        StillNetwork shared = network;
        audit();
        try {
            test.with();
        } finally {
            network.close();
            network = shared;
            CLOCK.now = HandClock.BEGIN;
        }
    }

    private static AuditLog log() throws Exception {
        return new AuditLog(LogKey.in(folder.resolve("key")), CLOCK);
    }

    private static Bytes prover() throws Exception {
        return log().prover();
    }

    private static Auditor auditor(BooleanSupplier controls) throws Exception {
        var log = log();
        try (Connection db = network.database().connect()) {
            log.begin(db, "test", Map.of());
        }
        return new Auditor(
                network.database().database(),
                log,
                Method.DEVNET,
                new NodeClient(StillNetwork.settings()),
                _ -> {},
                controls,
                CLOCK);
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(network.database().database(), sql);
    }

    private List<String> lines() throws Exception {
        return rows("select line from log_entry order by sequence");
    }

    // ---------------------------------------------------------------- contradiction and dossier

    private Dossier dossier(int operator) throws Exception {
        try (Connection db = network.database().connect()) {
            return Dossier.of(
                    db, prover(), network.operators().get(operator).id(), StillNetwork.EPOCH, CLOCK.instant());
        }
    }

    @Test
    void whoSignsForWhatItDoesNotServeContradictsItself() throws Exception {
        assertThat(
                        rows(
                                "select depth, verdict, blame, counts, count(*) from probe where member = 0 group by 1, 2, 3, 4"))
                .containsExactlyInAnyOrder(
                        "CLAIM|served|null|f|8", "SYMBOL|served|null|t|4", "SLIVER|missing|NODE|t|4");
        assertThat(rows("select count(*) from contradiction where node_id = '\\x%s'"
                        .formatted(network.operators().get(0).id().toString().substring(2))))
                .containsExactly("4");
        var dossier = Dossier.parse(dossier(0).toFile());
        assertThat(dossier.check()).isEqualTo(new Dossier.Finding.Holds(4, 4));
        assertThat(dossier.unsealed()).isZero();
    }

    @Test
    void nobodyHasACaseAgainstWhoFailedByOneWitnessWord() throws Exception {
        assertThat(dossier(2).check()).isEqualTo(new Dossier.Finding.Holds(0, 0));
        assertThat(dossier(3).check()).isEqualTo(new Dossier.Finding.Holds(0, 0));
    }

    private static String flipped(String text, int at, int bit) {
        var damaged = new StringBuilder(text);
        damaged.setCharAt(at, (char) (text.charAt(at) ^ bit));
        return damaged.toString();
    }

    private static boolean holds(String dossier) {
        try {
            return Dossier.parse(dossier).check() instanceof Dossier.Finding.Holds;
        } catch (LogFormatException _) {
            return false;
        }
    }

    @Test
    void anyFlippedByteOfADossierShows() throws Exception {
        String file = dossier(0).toFile();
        assertThat(holds(file)).isTrue();
        for (int at = 0; at < file.length(); at += 61) {
            assertThat(holds(flipped(file, at, 1)))
                    .describedAs("character %d", at)
                    .isFalse();
            assertThat(holds(flipped(file, at, 0x20)))
                    .describedAs("character %d", at)
                    .isFalse();
        }
    }

    /** Whoever makes a new digest as well meets the signatures, and what follows from the seed. */
    @Test
    void whoRewritesADossierNeedsTheKeys() throws Exception {
        Dossier dossier = dossier(0);
        List<UnaryOperator<String>> forgeries = List.of(
                text -> text.replaceFirst("NOT_FOUND", "FALSE"),
                text -> text.replaceFirst("\\\\\"pair\\\\\":", "\\\\\"pair\\\\\":1"),
                text -> text.replaceFirst("\\\\\"signature\\\\\":\\\\\"..", "\\\\\"signature\\\\\":\\\\\"00"),
                text -> text.replaceFirst("\"walrusEpoch\":7", "\"walrusEpoch\":8"),
                text -> text.replaceFirst("\"sizeBytes\":3000", "\"sizeBytes\":3001"));
        String text = AuditJson.text(dossier);
        for (var forgery : forgeries) {
            String forged = forgery.apply(text);
            assertThat(forged).isNotEqualTo(text);
            assertThat(AuditJson.read(forged, Dossier.class).check()).isInstanceOf(Dossier.Finding.Fails.class);
        }
    }

    @Test
    void anyFlippedByteOfASignedLogShows() throws Exception {
        List<String> log = lines();
        assertThat(LogCheck.of(log.stream(), Optional.of(prover())))
                .isInstanceOfSatisfying(
                        LogCheck.Finding.Intact.class,
                        intact -> assertThat(intact.unsigned())
                                .isEqualTo(1)); // the last root itself, which its own signature covers
        int count = 0;
        for (int line = 0; line < log.size(); line++) {
            int step = line == log.size() - 1 ? 1 : 997;
            for (int at = line % step; at < log.get(line).length(); at += step) {
                for (int bit : new int[] {1, 0x20}) {
                    var damaged = new ArrayList<>(log);
                    damaged.set(line, flipped(log.get(line), at, bit));
                    assertThat(LogCheck.of(damaged.stream(), Optional.of(prover())))
                            .describedAs("line %d, character %d", line, at)
                            .isInstanceOf(LogCheck.Finding.Broken.class);
                    count++;
                }
            }
        }
        assertThat(count).isGreaterThan(500);
    }

    // ---------------------------------------------------------------- replay

    private ReplayBundle bundle() throws Exception {
        try (Connection db = network.database().connect()) {
            return ReplayBundle.of(db, prover(), StillNetwork.EPOCH, 0);
        }
    }

    /** An entry of a probe with nothing in it but which question it answers, what came back, and what the chain said. */
    private static ObjectNode stripped(String line) {
        var probe = (ObjectNode) LogEntry.parse(line).envelope().body();
        ((ObjectNode) probe.get("draw")).retain("member", "depth", "ordinal");
        ((ObjectNode) probe.get("circumstances")).remove("ownOutage");
        return probe.retain("draw", "expected", "burstAt", "answers", "circumstances");
    }

    private static Replay.Raw raw(JsonNode probe) throws Exception {
        JsonNode draw = probe.get("draw");
        return new Replay.Raw(
                draw.get("member").intValue(),
                Depth.valueOf(draw.get("depth").textValue()),
                draw.get("ordinal").intValue(),
                Optional.ofNullable(probe.get("expected").textValue()).map(Bytes::parseHex),
                Instant.parse(probe.get("burstAt").textValue()),
                List.of(AuditJson.MAPPER.treeToValue(probe.get("answers"), Answer[].class)),
                probe.get("circumstances").get("shardsMoving").booleanValue(),
                probe.get("circumstances").get("gone").booleanValue());
    }

    private List<ProbeRecord> again(ReplayBundle bundle, UnaryOperator<String> change) throws Exception {
        Map<Long, FrameBlob> blobs = new HashMap<>();
        bundle.blobs().forEach(each -> blobs.put(each.position(), each.blob()));
        var raw = new ArrayList<Replay.Raw>();
        for (String line : bundle.probes()) {
            raw.add(raw(AuditJson.MAPPER.readTree(change.apply(stripped(line).toString()))));
        }
        return Replay.of(
                LogEntry.parse(bundle.frame()).body(Frame.class),
                LogEntry.parse(bundle.round()).body(RoundRecord.class),
                prover(),
                blobs,
                raw,
                Set.of());
    }

    @Test
    void drawsAndVerdictsFollowFromSeedFrameAndAnswersAlone() throws Exception {
        ReplayBundle bundle = bundle();
        List<ProbeRecord> originals = bundle.probes().stream()
                .map(each -> LogEntry.parse(each).body(ProbeRecord.class))
                .toList();
        assertThat(originals).hasSize(80);
        assertThat(originals.stream().map(ProbeRecord::verdict).distinct())
                .contains("served", "missing", "corrupt", "unreachable");
        assertThat(again(bundle, UnaryOperator.identity())).containsExactlyInAnyOrderElementsOf(originals);
    }

    @Test
    void aChangedAnswerComesToSomethingElse() throws Exception {
        ReplayBundle bundle = bundle();
        List<String> verdicts = again(bundle, UnaryOperator.identity()).stream()
                .map(ProbeRecord::verdict)
                .toList();
        for (var change : List.<Map.Entry<String, String>>of(
                Map.entry("\"said\":\"NOT_FOUND\"", "\"said\":\"PROVEN\""),
                Map.entry("\"said\":\"FALSE\"", "\"said\":\"SILENT\""),
                Map.entry("\"said\":\"PROVEN\"", "\"said\":\"FALSE\""),
                Map.entry("\"said\":\"SILENT\"", "\"said\":\"BLOCKED\""))) {
            assertThat(again(bundle, text -> text.replace(change.getKey(), change.getValue())).stream()
                            .map(ProbeRecord::verdict)
                            .toList())
                    .describedAs(change.toString())
                    .isNotEqualTo(verdicts);
        }
    }

    private static String changed(String line, UnaryOperator<String> change) {
        String after = change.apply(line);
        assertThat(after).isNotEqualTo(line);
        return after;
    }

    /** Every part of a bundle that can be changed so that it can still be read. */
    @Test
    void aChangedSeedDigestBlobOrQuestionShows() throws Exception {
        ReplayBundle bundle = bundle();
        assertThat(bundle.replay()).isEqualTo(new ReplayBundle.Report.Same(80, 80));
        RoundRecord round = LogEntry.parse(bundle.round()).body(RoundRecord.class);
        String seed = round.seed().toString();
        String digest = round.seedDigest().toString();
        var first = bundle.blobs().getFirst();
        var otherBlob = new ReplayBundle.Placed(
                first.position(),
                new FrameBlob(
                        first.blob().blobId(),
                        first.blob().sizeBytes() + 1,
                        first.blob().certifiedEpoch(),
                        first.blob().endEpoch(),
                        first.blob().deletableObject()),
                first.path());
        var blobs = new ArrayList<>(bundle.blobs());
        blobs.set(0, otherBlob);
        var swapped = new ArrayList<>(bundle.probes());
        swapped.set(0, changed(swapped.getFirst(), text -> text.replaceFirst("\"ordinal\":\\d+", "\"ordinal\":99")));
        List<ReplayBundle> forgeries = List.of(
                new ReplayBundle(
                        bundle.frame(),
                        changed(bundle.round(), text -> text.replace(seed, "00" + seed.substring(2))),
                        bundle.blobs(),
                        bundle.probes(),
                        bundle.outages()),
                new ReplayBundle(
                        bundle.frame(),
                        changed(
                                bundle.round(),
                                text -> text.replace(
                                        digest, new Digest(Bytes.parseHex(seed).toByteArray()).toString())),
                        bundle.blobs(),
                        bundle.probes(),
                        bundle.outages()),
                new ReplayBundle(bundle.frame(), bundle.round(), blobs, bundle.probes(), bundle.outages()),
                new ReplayBundle(bundle.frame(), bundle.round(), bundle.blobs(), swapped, bundle.outages()));
        assertThat(forgeries)
                .allSatisfy(each -> assertThat(each.replay()).isInstanceOf(ReplayBundle.Report.Different.class));
    }

    // ---------------------------------------------------------------- recompute

    private void recomputes() throws Exception {
        try (Connection db = network.database().connect()) {
            assertThat(Hours.ofLogs(db)).isEqualTo(Hours.stored(db));
            assertThat(Hours.ofLog(lines().stream())).isEqualTo(Hours.stored(db));
            assertThat(Hours.differingScores(db)).isZero();
        }
    }

    @Test
    void countsAndScoresOfAllWindowsFollowFromTheLog() throws Exception {
        recomputes();
        assertThat(rows("select count(*) from node_score")).containsExactly("15");
    }

    /** So that thirty days end where they ended when the score was made, not where they end now. */
    @Test
    void aWindowThatHasMovedOnIsMadeAgainAsItWas() throws Exception {
        onItsOwn(() -> {
            CLOCK.now = CLOCK.now.plus(Duration.ofDays(31));
            network.reach(50 + Method.DEVNET.seedInterval());
            assertThat(auditor(() -> true).step()).isEqualTo(Auditor.Step.ROUND);
            recomputes();
            var served = new HashMap<String, Long>();
            for (String row : rows("select record from node_score where node_id = '\\x%s' order by computed_at"
                    .formatted(network.operators().get(3).id().toString().substring(2)))) {
                NodeScore score = AuditJson.read(row, NodeScore.class);
                served.put(score.window(), score.served());
            }
            assertThat(served).isEqualTo(Map.of("epoch", 16L, "30d", 8L, "all", 16L));
        });
    }

    @Test
    void aScoreIsMadeAgainAlsoWhileTheNextRoundRuns() throws Exception {
        onItsOwn(() -> {
            network.reach(50 + Method.DEVNET.seedInterval());
            var waves = new int[1];
            Auditor killed = auditor(() -> {
                if (waves[0]++ == 2) {
                    throw new IllegalStateException("killed");
                }
                return true;
            });
            assertThatThrownBy(killed::step).hasMessage("killed");
            assertThat(rows("select count(*) from probe")).containsExactly("120");
            recomputes();
        });
    }

    @Test
    void aScoreThatDoesNotFollowShows() throws Exception {
        try (Connection db = network.database().connect();
                var statement = db.createStatement()) {
            db.setAutoCommit(false);
            assertThat(statement.executeUpdate(
                            "update node_score set record = replace(record, '\"served\":8', '\"served\":9')"
                                    + " where window_name = '30d' and record like '%\"served\":8,%'"))
                    .isEqualTo(2);
            assertThat(Hours.differingScores(db)).isEqualTo(2);
            db.rollback();
        }
    }

    /** Ranks are made from columns, and so these are the record's. */
    @Test
    void aColumnThatIsNotTheRecordsShows() throws Exception {
        try (Connection db = network.database().connect();
                var statement = db.createStatement()) {
            for (String column : List.of("rank = rank + 0.1", "low = low - 0.1", "high = 0.5", "enough = not enough")) {
                db.setAutoCommit(false);
                statement.executeUpdate("update node_score set %s where window_name = 'all'".formatted(column));
                assertThat(Hours.differingScores(db)).describedAs(column).isEqualTo(5);
                db.rollback();
            }
            assertThat(Hours.differingScores(db)).isZero();
        }
    }
}
