package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.Limits;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Said;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds against nodes on real sockets, and everything that may come between. */
@Timeout(120)
class AuditorTest {
    /** Of five members: two waves of claims, one of symbols, one of slivers, of twenty draws each. */
    private static final Method METHOD = Method.DEVNET;

    private static final long FIRST_SEED = 50;

    @TempDir
    Path folder = Path.of("");

    private StillNetwork network;

    @BeforeEach
    void start() throws Exception {
        network = new StillNetwork(12);
    }

    @AfterEach
    void stop() throws Exception {
        network.close();
    }

    private Auditor auditor(NodeClient client, BooleanSupplier controls) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = network.database().connect()) {
            log.begin(db, "test", Map.of());
        }
        return new Auditor(network.database().database(), log, METHOD, client, _ -> {}, controls, Clock.systemUTC());
    }

    private Auditor auditor(BooleanSupplier controls) throws Exception {
        return auditor(new NodeClient(StillNetwork.settings()), controls);
    }

    private Auditor auditor() throws Exception {
        return auditor(() -> true);
    }

    /** Brings the network to its first seed, its frame being published. */
    private void publishFrame(Auditor auditor) throws Exception {
        network.reach(10);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
        network.reach(FIRST_SEED);
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(network.database().database(), sql);
    }

    private List<String> verdicts() throws Exception {
        return rows("select member, depth, verdict, coalesce(blame, '-'), count(*) from probe group by 1, 2, 3, 4"
                + " order by 1, 2, 3, 4");
    }

    private void replays(long round) throws Exception {
        try (Connection db = network.database().connect()) {
            var prover = LogKey.in(folder.resolve("key")).publicKey();
            assertThat(ReplayBundle.of(db, prover, StillNetwork.EPOCH, round).replay())
                    .isInstanceOf(ReplayBundle.Report.Same.class);
        }
    }

    @Test
    void whoServesEverythingIsBlamedForNothing() throws Exception {
        Auditor auditor = auditor();
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select count(*) from probe where verdict = 'served' and blame is null"))
                .containsExactly("80");
        assertThat(rows("select count(*) from probe")).containsExactly("80");
        assertThat(rows("select count(*) from outage")).containsExactly("0");
        replays(0);
    }

    // ---------------------------------------------------------------- frame, seed, rounds

    @Test
    void aFrameIsPublishedBeforeItsSeedCanBeKnown() throws Exception {
        Auditor auditor = auditor();
        network.reach(METHOD.settlingCheckpoints() - 1);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.NOTHING);
        network.reach(10);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
        assertThat(rows("select first_seed_height - observed_checkpoint >= %d from frame"
                        .formatted(METHOD.seedDistance())))
                .containsExactly("t");
        assertThat(rows("select first_seed_height from frame")).containsExactly(Long.toString(FIRST_SEED));
        network.reach(FIRST_SEED - 1);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.NOTHING);
        network.reach(FIRST_SEED);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select kind from log_entry where kind in ('FRAME', 'ROUND') order by sequence"))
                .containsExactly("FRAME", "ROUND");
    }

    @Test
    void aRoundThatWasMissedStaysMissed() throws Exception {
        Auditor auditor = auditor();
        publishFrame(auditor);
        network.reach(FIRST_SEED + 2 * METHOD.seedInterval() + 3);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.NOTHING);
        assertThat(rows("select round, state from round order by round"))
                .containsExactly("0|missed", "1|missed", "2|done");
        assertThat(rows("select distinct round from probe")).containsExactly("2");
    }

    // ---------------------------------------------------------------- our own network

    /** What is left to be answered when the cut comes: everything, much, or only a last answer. */
    @ParameterizedTest
    @ValueSource(ints = {8, 19})
    void aCutOfOurOwnNetworkInMidWaveBlamesNobody(int atRequest) throws Exception {
        cutOurOwnNetwork(atRequest);
    }

    @Tag("soak")
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12, 15})
    void norDoesACutAtOtherMoments(int atRequest) throws Exception {
        cutOurOwnNetwork(atRequest);
    }

    private void cutOurOwnNetwork(int atRequest) throws Exception {
        var slivers = new AtomicInteger();
        network.operators()
                .forEach(each -> each.conduct(request -> {
                    if (request.getTarget().contains("/slivers/") && slivers.incrementAndGet() == atRequest) {
                        network.operators().forEach(other -> other.relay().cut());
                    }
                    return StillNetwork.Conduct.HONEST.instead(request);
                }));
        Auditor auditor = auditor();
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(verdicts())
                .noneMatch(each -> each.contains("NODE"))
                .anyMatch(each -> each.contains("inconclusive|PROBER"));
        assertThat(rows("select distinct wave from probe where verdict <> 'served'"))
                .containsExactly("3");
        assertThat(rows("select count(*) from outage")).containsExactly("1");
        replays(0);

        // Nor does it echo: what is asked when all is well again counts as ever.
        network.operators().forEach(each -> each.relay().mend());
        network.reach(FIRST_SEED + METHOD.seedInterval());
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select distinct verdict from probe where round = 1")).containsExactly("served");
    }

    @Test
    void aCutOfOneOperatorIsShownAndNotScored() throws Exception {
        network.operators().getFirst().relay().cut();
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        assertThat(verdicts())
                .filteredOn(each -> !each.contains("served"))
                .containsExactly(
                        "0|CLAIM|unreachable|NODE_OR_NETWORK|8",
                        "0|SLIVER|unreachable|NODE_OR_NETWORK|4",
                        "0|SYMBOL|unreachable|NODE_OR_NETWORK|4");
        assertThat(rows("select count(*) from probe where member = 0 and counts"))
                .containsExactly("0");
        replays(0);
    }

    @Test
    void whereNoControlTargetAnswersSilenceIsOurs() throws Exception {
        network.operators().getFirst().relay().cut();
        Auditor auditor = auditor(() -> false);
        publishFrame(auditor);
        auditor.step();
        assertThat(verdicts())
                .filteredOn(each -> !each.contains("served"))
                .allMatch(each -> each.contains("|inconclusive|PROBER|"));
        replays(0);
    }

    // ---------------------------------------------------------------- budgets, bursts, maintenance

    private Auditor within(long dayBytes, long dayRequests) throws Exception {
        return within(dayBytes, dayRequests, METHOD.mostLag());
    }

    private Auditor within(long dayBytes, long dayRequests, Duration mostLag) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = network.database().connect()) {
            log.begin(db, "test", Map.of());
        }
        return new Auditor(
                network.database().database(),
                log,
                new Method(
                        METHOD.version(),
                        METHOD.settlingCheckpoints(),
                        METHOD.receivingCheckpoints(),
                        METHOD.seedDistance(),
                        METHOD.seedMultiple(),
                        METHOD.seedInterval(),
                        METHOD.plan(),
                        METHOD.waveSize(),
                        dayBytes,
                        dayRequests,
                        METHOD.pauses(),
                        METHOD.maintenancePerEpoch(),
                        METHOD.slowBase(),
                        METHOD.slowBytesPerSecond(),
                        mostLag),
                new NodeClient(StillNetwork.settings()),
                _ -> {},
                () -> true,
                Clock.systemUTC());
    }

    /** A claim is reckoned at 512 bytes: a day of that many claims has no room for anything larger. */
    @Test
    void aDayHasSoManyBytes() throws Exception {
        Auditor auditor = within(8 * 512, METHOD.dayRequests());
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(verdicts()).hasSize(5).allMatch(each -> each.endsWith("|CLAIM|served|-|8"));
        assertThat(rows("select draws, asked from round")).containsExactly("80|40");
        replays(0);
    }

    /** Each draw may take three attempts, and one request for metadata; each was asked once, and took that. */
    @Test
    void aDayHasSoManyRequests() throws Exception {
        Auditor auditor = within(METHOD.dayBytes(), 26);
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select asked from round")).containsExactly("30");
        network.reach(FIRST_SEED + METHOD.seedInterval());
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select asked from round where round = 1")).containsExactly("25");
        replays(0);
        replays(1);
    }

    private void spentIsWhatWasAsked() throws Exception {
        assertThat(rows("select sum(requests) from node_spending")).containsExactly(Long.toString(asked("/v1/")));
    }

    /** Attempts, metadata, covers, and what is asked for a contradiction: all of it was asked of somebody. */
    @Test
    void everyRequestCountsWhateverItIsFor() throws Exception {
        network.operators().getFirst().conduct(StillNetwork.Conduct.without("/slivers/"));
        Auditor auditor = auditor();
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(asked("/metadata")).isPositive();
        spentIsWhatWasAsked();
        assertThat(rows(
                        "select bool_and(s.bytes >= p.bytes) from (select node_id, sum(bytes) as bytes from node_spending"
                                + " group by 1) s join (select node_id, sum(body_bytes) as bytes from probe group by 1) p"
                                + " using (node_id)"))
                .containsExactly("t");
    }

    /** Twenty requests are a round's without metadata and other things: who fails uses them up, and is not asked more. */
    @Test
    void nobodyIsAskedBeyondTheRequestsOfADay() throws Exception {
        network.operators().forEach(each -> each.conduct(StillNetwork.Conduct.without("/slivers/")));
        Auditor auditor = within(METHOD.dayBytes(), 64);
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(network.operators())
                .allSatisfy(each -> assertThat(each.asked()).hasSizeLessThanOrEqualTo(64));
        spentIsWhatWasAsked();
        replays(0);
        network.reach(FIRST_SEED + METHOD.seedInterval());
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(network.operators())
                .allSatisfy(each -> assertThat(each.asked()).hasSizeLessThanOrEqualTo(64));
        replays(1);
    }

    // ---------------------------------------------------------------- within a minute

    /** One that gives its bytes by drops, or none at all, holds up nobody's record but its own. */
    @Test
    void aFailureIsWrittenWhileAnotherMemberTakesItsTime() throws Exception {
        var written = new CountDownLatch(1);
        network.operators().getFirst().conduct(StillNetwork.Conduct.without("/slivers/"));
        network.operators().getLast().conduct(request -> {
            if (request.getTarget().contains("/slivers/")) {
                written.await();
            }
            return Optional.empty();
        });
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = network.database().connect()) {
            log.begin(db, "test", Map.of());
        }
        Auditor auditor = Auditor.writingWithin(
                Duration.ofMillis(50),
                network.database().database(),
                log,
                METHOD,
                new NodeClient(StillNetwork.settings()
                        .withLimits(new Limits(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                0,
                                Duration.ZERO))),
                () -> true,
                Clock.systemUTC());
        publishFrame(auditor);
        var running = new FutureTask<>(auditor::step);
        Thread.ofPlatform().start(running);
        try {
            awaitRows(
                    "select member, verdict, count(*) from probe where depth = 'SLIVER' group by 1, 2 order by 1",
                    "0|missing|4",
                    "1|served|4",
                    "2|served|4",
                    "3|served|4");
            awaitRows("select count(*) from contradiction", "4");
        } finally {
            written.countDown();
        }
        assertThat(running.get()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select count(*) from probe where depth = 'SLIVER'")).containsExactly("20");
        assertThat(rows("select count(*) from contradiction")).containsExactly("4");
        replays(0);
    }

    private void awaitRows(String sql, String... expected) throws Exception {
        for (int look = 0; look < 4_000 && !rows(sql).equals(List.of(expected)); look++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(rows(sql)).containsExactly(expected);
    }

    /** Whoever has to fetch what it lacks gets no time between the questions of a burst. */
    @Test
    void theQuestionsOfABurstAreUnderWayAtOnce() throws Exception {
        var met = new AtomicInteger();
        var underWay = new AtomicInteger();
        network.operators().get(3).conduct(request -> {
            if (request.getTarget().contains("/slivers/")) {
                met.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                try {
                    // Nobody is answered before all are here.
                    for (int look = 0; met.get() < METHOD.waveSize() && look < 500; look++) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                    }
                } finally {
                    underWay.decrementAndGet();
                }
            }
            return Optional.empty();
        });
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        assertThat(met).hasValue(METHOD.waveSize());
        assertThat(rows("select count(distinct wave), count(distinct l.line::jsonb->'body'->>'burstAt')"
                        + " from probe p join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence"
                        + " where p.member = 3"))
                .as("one burst of each wave")
                .containsExactly("4|4");
    }

    @Test
    void failuresInsideDeclaredMaintenanceCountAndAreShownApart() throws Exception {
        var announced = network.operators().getFirst();
        announced.conduct(StillNetwork.Conduct.without("/slivers/"));
        try (Connection db = network.database().connect();
                var insert = db.prepareStatement("""
                        insert into maintenance (node_id, began_at, ended_at, reason, declared_by, declared_at, record)
                        values (?, now() - interval '1 minute', now() + interval '1 hour', 'new disks', 'admin', now(), '{}')
                        """)) {
            insert.setBytes(1, announced.id().toByteArray());
            insert.executeUpdate();
        }
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        assertThat(rows("""
                        select distinct m.position, s.record::jsonb->>'served', s.record::jsonb->>'failed',
                          s.record::jsonb->'outsideMaintenance'->>'failed'
                        from node_score s join committee_member m on m.node_id = s.node_id
                        where s.window_name = 'epoch' and m.position < 2
                        """)).containsExactly("0|4|4|0", "1|8|0|null");
        assertThat(
                        rows(
                                "select verdict, blame, count(*) from probe where member = 0 and depth = 'SLIVER' group by 1, 2"))
                .containsExactly("missing|NODE|4");
        try (Connection db = network.database().connect()) {
            assertThat(Hours.ofLogs(db)).isEqualTo(Hours.stored(db));
        }
    }

    // ---------------------------------------------------------------- what the chain says meanwhile

    private void sql(String statement) throws Exception {
        try (Connection db = network.database().connect();
                var update = db.createStatement()) {
            update.execute(statement);
        }
    }

    /** A seed might be known before its frame, and nodes would be asked about an epoch that is over. */
    @Test
    void nothingIsAuditedWhileTheChainIsNotSeen() throws Exception {
        Auditor auditor = within(METHOD.dayBytes(), METHOD.dayRequests(), Duration.ofMinutes(1));
        network.reach(10);
        sql("update checkpoint set checkpoint_at = now() - interval '2 minutes'");
        assertThat(auditor.step()).isEqualTo(Auditor.Step.NOTHING);
        assertThat(auditor.hindrance().orElseThrow()).matches("the chain is seen 1[2-9]\\d s late: nothing is asked");
        sql("update checkpoint set checkpoint_at = now()");
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
        assertThat(auditor.hindrance()).isEmpty();
    }

    @Test
    void anOperatorMayChangeItsNetworkKeyInMidEpoch() throws Exception {
        sql("create table later as select node_id, network_public_key from storage_node where name = 'operator 0'");
        sql("""
                update storage_node set network_public_key =
                  (select network_public_key from storage_node where name = 'operator 1')
                where name = 'operator 0'
                """);
        Auditor auditor = auditor();
        publishFrame(auditor);
        sql(
                "update storage_node n set network_public_key = l.network_public_key from later l where l.node_id = n.node_id");
        auditor.step();
        assertThat(verdicts()).hasSize(15).allMatch(each -> each.contains("|served|-|"));
        assertThat(rows("select count(distinct l.line::jsonb->'body'->'answers'->0->>'key') from probe p"
                        + " join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence"))
                .containsExactly("5");
        replays(0);
    }

    /** What the frame and the chain prove of the node is one key: what came under another proves nothing of it. */
    @Test
    void noCaseRestsOnAnswersUnderAnotherKeyThanTheFrames() throws Exception {
        network.operators().getFirst().conduct(StillNetwork.Conduct.without("/slivers/"));
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        var node = network.operators().getFirst().id();
        var prover = LogKey.in(folder.resolve("key")).publicKey();
        try (Connection db = network.database().connect()) {
            Dossier before = Dossier.of(db, prover, node, StillNetwork.EPOCH, Instant.EPOCH);
            assertThat(before.check()).isEqualTo(new Dossier.Finding.Holds(4, 4));
            assertThat(before.otherKey()).isZero();
        }
        network.changeKey(network.operators().getFirst());
        network.reach(FIRST_SEED + METHOD.seedInterval());
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select round, verdict, blame, count(*) from probe where depth = 'SLIVER' and member = 0"
                        + " group by 1, 2, 3 order by 1"))
                .containsExactly("0|missing|NODE|4", "1|missing|NODE|4");
        try (Connection db = network.database().connect()) {
            Dossier after = Dossier.parse(Dossier.of(db, prover, node, StillNetwork.EPOCH, Instant.EPOCH)
                    .toFile());
            assertThat(after.check()).isEqualTo(new Dossier.Finding.Holds(4, 4));
            assertThat(after.otherKey()).isEqualTo(4);
        }
    }

    /** Another object may keep the blob; a node then says truthfully that it has not the one that is gone. */
    @Test
    void aClaimAboutAnObjectThatIsGoneBlamesNobody() throws Exception {
        sql("update blob_object set deletable = true");
        network.operators().forEach(each -> each.conduct(StillNetwork.Conduct.without("/confirmation/")));
        Auditor auditor = auditor();
        publishFrame(auditor);
        sql("update blob_object set deleted_checkpoint = 20");
        auditor.step();
        assertThat(verdicts())
                .filteredOn(each -> each.contains("CLAIM"))
                .allMatch(each -> each.endsWith("|CLAIM|inconclusive|CHAIN|8"));
        assertThat(verdicts())
                .filteredOn(each -> !each.contains("CLAIM"))
                .allMatch(each -> each.contains("|served|-|"));
        replays(0);
    }

    // ---------------------------------------------------------------- contradictions

    private Auditor overOneBlob(StillNetwork.Conduct conduct) throws Exception {
        network.close();
        network = new StillNetwork(1);
        network.operators().getFirst().conduct(conduct);
        Auditor auditor = auditor();
        publishFrame(auditor);
        return auditor;
    }

    @Test
    void whoSignedBeforeItFailedNeedNotSignAgain() throws Exception {
        var failed = new AtomicBoolean();
        overOneBlob(request -> {
                    String target = request.getTarget();
                    if (target.contains("/slivers/")) {
                        failed.set(true);
                        return Optional.of(StillNetwork.refusal(404, "NOT_FOUND", "STORAGE_NODE"));
                    }
                    return failed.get() && target.contains("/confirmation/")
                            ? Optional.of(StillNetwork.refusal(404, "NOT_FOUND", "STORAGE_NODE"))
                            : Optional.empty();
                })
                .step();
        assertThat(rows("select count(*) from contradiction")).containsExactly("4");
    }

    @Test
    void whoMendedBeforeItSignedDoesNotContradictItself() throws Exception {
        var failed = new AtomicBoolean();
        var mended = new AtomicBoolean();
        overOneBlob(request -> {
                    String target = request.getTarget();
                    boolean confirmation = target.contains("/confirmation/");
                    if (failed.get() && confirmation) {
                        mended.set(true);
                    }
                    if (mended.get() || !confirmation && !target.contains("/slivers/")) {
                        return Optional.empty();
                    }
                    failed.compareAndSet(false, !confirmation);
                    return Optional.of(StillNetwork.refusal(404, "NOT_FOUND", "STORAGE_NODE"));
                })
                .step();
        assertThat(verdicts()).contains("0|SLIVER|missing|NODE|4");
        assertThat(rows("select count(*) from contradiction")).containsExactly("0");
    }

    // ---------------------------------------------------------------- restarts

    private static BooleanSupplier diesAt(int wave) {
        var waves = new AtomicInteger();
        return () -> {
            if (waves.getAndIncrement() == wave) {
                throw new IllegalStateException("killed");
            }
            return true;
        };
    }

    private long asked(String part) {
        return network.operators().stream()
                .flatMap(each -> each.asked().stream())
                .filter(each -> each.contains(part))
                .count();
    }

    @Test
    void anInterruptedRoundGoesOnAndAsksNothingTwiceThatIsInTheLog() throws Exception {
        Auditor killed = auditor(diesAt(1));
        publishFrame(killed);
        assertThatThrownBy(killed::step).hasMessage("killed");
        assertThat(rows("select distinct wave from probe")).containsExactly("0");
        assertThat(asked("/confirmation/")).isEqualTo(40);

        // Its seed is the round's, however late it is taken up.
        network.reach(FIRST_SEED + 3 * METHOD.seedInterval());
        assertThat(auditor().step()).isEqualTo(Auditor.Step.ROUND);
        // The wave that was asked and not written down is asked again, and no other.
        assertThat(asked("/confirmation/")).isEqualTo(60);
        // Twenty that were drawn, and one of each member that was not.
        assertThat(asked("/slivers/")).isEqualTo(25);
        assertThat(rows("select count(*), count(distinct (member, depth, ordinal)) from probe where round = 0"))
                .containsExactly("80|80");
        assertThat(rows("select count(*) from round where state = 'running'")).containsExactly("0");
        replays(0);
    }

    /** As when its process is told to stop: questions under way are given up long before their deadline. */
    @Test
    void whoIsStoppedInMidWaveEndsSoonAndLeavesNothingHalf() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        network.operators().getFirst().conduct(request -> {
            if (request.getTarget().contains("/slivers/")) {
                asked.countDown();
                goOn.await();
            }
            return StillNetwork.Conduct.HONEST.instead(request);
        });
        Auditor stopped = auditor();
        publishFrame(stopped);
        var running = new FutureTask<>(stopped::step);
        Thread auditing = Thread.ofPlatform().start(running);
        asked.await();
        long begin = System.nanoTime();
        auditing.interrupt();
        assertThatThrownBy(running::get).hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        goOn.countDown();
        assertThat(rows("select state from round")).containsExactly("running");
        assertThat(rows("select (select count(*) from probe) = (select count(*) from log_entry where kind = 'PROBE'),"
                        + " (select count(*) from probe) between 1 and 79"))
                .containsExactly("t|t");

        assertThat(auditor().step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select count(*), count(distinct (member, depth, ordinal)) from probe"))
                .containsExactly("80|80");
        replays(0);
    }

    @Test
    void theSecondWithTheSameKeyStandsBy() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        network.operators().getFirst().conduct(request -> {
            asked.countDown();
            goOn.await();
            return StillNetwork.Conduct.HONEST.instead(request);
        });
        Auditor first = auditor();
        Auditor second = auditor();
        publishFrame(first);
        var running = new FutureTask<>(first::step);
        Thread.ofPlatform().start(running);
        asked.await();
        assertThat(second.step()).isEqualTo(Auditor.Step.NOTHING);
        goOn.countDown();
        assertThat(running.get()).isEqualTo(Auditor.Step.ROUND);
        assertThat(rows("select count(*), count(distinct (member, depth, ordinal)) from probe"))
                .containsExactly("80|80");

        // Whoever comes first takes the next.
        network.reach(FIRST_SEED + METHOD.seedInterval());
        assertThat(second.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(first.step()).isEqualTo(Auditor.Step.NOTHING);
    }

    // ---------------------------------------------------------------- epoch changes

    /** Once, with the first request that has this in its path. */
    private void onFirst(String part, Change change) {
        var seen = new AtomicInteger();
        network.operators()
                .forEach(each -> each.conduct(request -> {
                    if (request.getTarget().contains(part) && seen.getAndIncrement() == 0) {
                        try {
                            change.happens();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return each == network.operators().getFirst()
                            ? StillNetwork.Conduct.without("/slivers/").instead(request)
                            : StillNetwork.Conduct.HONEST.instead(request);
                }));
    }

    @FunctionalInterface
    private interface Change {
        void happens() throws Exception;
    }

    @Test
    void whileShardsMoveBothOwnersAreAskedAndNoneIsBlamed() throws Exception {
        onFirst("/recoverySymbols", network::beginNextEpoch);
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        assertThat(verdicts())
                .filteredOn(each -> !each.contains("served"))
                .containsExactly("0|SLIVER|epoch-skew|CHAIN|4");
        // Shards 0 and 5 are the last member's now, who has served them.
        var heir = network.operators().getLast();
        try (Connection db = network.database().connect()) {
            var bundle = ReplayBundle.of(db, LogKey.in(folder.resolve("key")).publicKey(), StillNetwork.EPOCH, 0);
            assertThat(bundle.probes().stream()
                            .map(line -> LogEntry.parse(line).body(ProbeRecord.class))
                            .filter(each -> each.verdict().equals("epoch-skew")))
                    .hasSize(4)
                    .allSatisfy(each -> assertThat(each.answers().getLast())
                            .extracting(Answer::nodeId, Answer::said)
                            .containsExactly(heir.id(), Said.PROVEN));
        }
        assertThat(rows("select count(*) from contradiction")).containsExactly("0");
        replays(0);
    }

    /** A shard may be on its way for hours after two thirds of the committee have theirs. */
    @ParameterizedTest
    @CsvSource({"false, 10, epoch-skew|CHAIN", "true, 10, missing|NODE", "false, 100, missing|NODE"})
    void aShardThatCameWithTheEpochIsNotMissingBeforeItIsReportedOrOverdue(
            boolean reported, long frameAt, String verdict) throws Exception {
        var member = network.operators().getFirst();
        member.conduct(StillNetwork.Conduct.without("/slivers/"));
        network.tookOver(member);
        if (reported) {
            network.report(member);
        }
        Auditor auditor = auditor();
        network.reach(frameAt);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
        network.reach(frameAt + FIRST_SEED - 10);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(verdicts())
                .filteredOn(each -> !each.contains("served"))
                .containsExactly("0|SLIVER|%s|4".formatted(verdict));
        replays(0);
    }

    @Test
    void anEpochThatBeginsWhileWeAskIsSeenBeforeWeJudge() throws Exception {
        onFirst("/slivers/", network::beginNextEpoch);
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        assertThat(verdicts())
                .filteredOn(each -> !each.contains("served"))
                .containsExactly("0|SLIVER|epoch-skew|CHAIN|4");
        replays(0);
    }

    @Test
    void aRoundEndsWithItsEpoch() throws Exception {
        onFirst("/recoverySymbols", () -> {
            network.beginNextEpoch();
            network.endEpochChange();
        });
        Auditor auditor = auditor();
        publishFrame(auditor);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
        assertThat(asked("/slivers/")).isZero();
        assertThat(rows("select state, draws, asked from round")).containsExactly("done|80|60");
        replays(0);
        network.reach(FIRST_SEED + METHOD.seedInterval());
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
    }

    // ---------------------------------------------------------------- where operators would lead us

    /** One whose name leads where nobody may connect: nothing of ours arrives there, and it is not worse than silence. */
    @ParameterizedTest
    @CsvSource({"127.0.0.3, loopback", "10.1.2.3, private", "::ffff:0:127.0.0.3, loopback"})
    void aNameThatLeadsInsideIsNotConnectedTo(String address, String range) throws Exception {
        leadInside(address, range);
    }

    @Tag("soak")
    @ParameterizedTest
    @CsvSource({"192.168.0.10, private", "169.254.169.254, link-local", "fd00::1, unique local", "::1, loopback"})
    void norIsOneThatLeadsElsewhereInside(String address, String range) throws Exception {
        leadInside(address, range);
    }

    private void leadInside(String address, String range) throws Exception {
        var operator = network.operators().getFirst();
        try (var inside = inside(0)) {
            network.moveTo(operator, "storage.example:" + inside.getLocalPort());
            Auditor auditor = auditor(
                    new NodeClient(StillNetwork.settings().withResolver(_ -> List.of(InetAddress.ofLiteral(address)))),
                    () -> true);
            publishFrame(auditor);
            auditor.step();
            assertThat(connections(inside)).isZero();
        }
        assertThat(rows("select distinct verdict, blame, said, counts from probe where member = 0"))
                .containsExactly("unreachable|NODE_OR_NETWORK|SILENT|f");
        assertThat(rows("select line from log_entry where kind = 'PROBE' and line like '%\"member\":0%'"))
                .allMatch(each -> each.contains(range));
    }

    @Test
    void aRecordThatNamesAnInnerAddressItselfIsTheOperators() throws Exception {
        network.moveTo(network.operators().getFirst(), "169.254.169.254:80");
        Auditor auditor = auditor();
        publishFrame(auditor);
        auditor.step();
        assertThat(rows("select distinct verdict, blame, said from probe where member = 0"))
                .containsExactly("unreachable|NODE|UNUSABLE_RECORD");
    }

    /** A name that is checked once and leads elsewhere when it is connected to the next time. */
    @Test
    void aNameThatIsBoundAnewBetweenConnectionsIsVettedAnew() throws Exception {
        var operator = network.operators().getFirst();
        try (var inside = inside(0)) {
            var lookUps = new AtomicInteger();
            network.moveTo(operator, "storage.example:" + operator.relay().port());
            var seen = new AtomicInteger();
            operator.conduct(request -> {
                if (request.getTarget().contains("/recoverySymbols") && seen.getAndIncrement() == 0) {
                    operator.relay().cut(); // so that the next request needs a connection of its own
                    operator.relay().mend();
                }
                return StillNetwork.Conduct.HONEST.instead(request);
            });
            var client = new NodeClient(StillNetwork.settings().withResolver(host -> {
                if (!host.equals("storage.example")) {
                    return List.of(InetAddress.ofLiteral(host));
                }
                lookUps.incrementAndGet();
                return List.of(InetAddress.ofLiteral(seen.get() == 0 ? "127.0.0.1" : "127.0.0.3"));
            }));
            Auditor auditor = auditor(client, () -> true);
            publishFrame(auditor);
            auditor.step();
            assertThat(connections(inside)).isZero();
            assertThat(lookUps).hasValueGreaterThan(1);
        }
        assertThat(rows("select depth, verdict from probe where member = 0 group by 1, 2 order by 1"))
                .contains("CLAIM|served", "SLIVER|unreachable");
    }

    private static ServerSocket inside(int port) throws Exception {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress("127.0.0.3", port));
        return socket;
    }

    /** How many have connected: a connection waits in the queue until it is accepted. */
    private static int connections(ServerSocket socket) throws Exception {
        socket.setSoTimeout(1);
        int count = 0;
        while (true) {
            try {
                socket.accept().close();
                count++;
            } catch (SocketTimeoutException _) {
                return count;
            }
        }
    }
}
