package dev.vibrissa.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.Devnet;
import dev.vibrissa.devnet.DevnetSettings;
import dev.vibrissa.devnet.FaultScript;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogCheck;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.Limits;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.round.Auditor;
import dev.vibrissa.verifier.round.Dossier;
import dev.vibrissa.verifier.round.Hours;
import dev.vibrissa.verifier.round.Method;
import dev.vibrissa.verifier.round.Vantages;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three verifiers on one database, one of them without a network. */
class VantagesOfDevnetTest {
    private static final FaultScript FAULTS = FaultScript.parse("""
            node 2  from 25s wrong-key
            node 3  from 25s down
            """);

    private static final long ROUNDS = 10;

    private static final Limits NOTHING_IN_TIME =
            new Limits(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofNanos(1), 0, Duration.ZERO);

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(600)
    @Tag("soak") // what it comes to is shown in a still network, too, at once
    void silenceThatTwoOfThreeSeeCountsAndThatOfACutVantageDoesNot() throws Exception {
        var settings = new DevnetSettings(
                folder.resolve("devnet"),
                1,
                Optional.empty(),
                50,
                12,
                Duration.ofSeconds(20),
                Duration.ofMillis(100),
                FAULTS,
                1,
                0,
                0);
        try (var devnet = Devnet.start(settings);
                var database = TestDatabase.migrated()) {
            var indexer = Thread.ofPlatform().start(() -> AuditedDevnet.index(devnet, database));
            try {
                audit(database);
            } finally {
                indexer.interrupt();
                indexer.join();
            }
            assertThat(findings(devnet, database))
                    .as(() -> "of " + asked(database))
                    .contains("2 NODE", "3 NODE")
                    .noneMatch(each -> each.matches("(0|1|4|5|6|7|8|9|10|11) NODE"));
            assertThat(TableRows.of(
                            database.database(),
                            "select count(*) from probe p join prover v using (prover)"
                                    + " where v.name = 'cut' and p.blame in ('NODE', 'NODE_OR_NETWORK')"))
                    .containsExactly("0");
            assertThat(TableRows.of(
                            database.database(),
                            "select count(distinct v.prover), count(distinct l.line::jsonb -> 'body')"
                                    + " from frame_vantage v join log_entry l"
                                    + " on l.prover = v.prover and l.sequence = v.log_sequence"
                                    + " where v.walrus_epoch = (select min(walrus_epoch) from frame_vantage"
                                    + " group by walrus_epoch having count(*) = 3 limit 1)"))
                    .as("one frame in three logs")
                    .containsExactly("3|1");
            recomputed(database);
            aCaseOfSeveralVantagesHolds(database);
        }
    }

    /** Silence alone makes a case where two logs agree on it, and only with both of them. */
    private static void aCaseOfSeveralVantagesHolds(TestDatabase database) throws Exception {
        String[] found = TableRows.of(database.database(), """
                        select encode(prover, 'hex'), encode(node_id, 'hex'), walrus_epoch
                        from quorum_finding where blame = 'NODE' order by found_at limit 1
                        """).getFirst().split("\\|", 3);
        try (Connection db = database.connect()) {
            Dossier dossier = Dossier.of(
                    db,
                    Bytes.parseHex(found[0]),
                    SuiAddress.parse("0x" + found[1]),
                    Long.parseLong(found[2]),
                    Clock.systemUTC().instant());
            assertThat(dossier.quorums()).isNotEmpty();
            assertThat(dossier.witnesses())
                    .hasSizeGreaterThanOrEqualTo(dossier.quorums().size());
            assertThat(AuditSchemas.faults("dossier-v1", List.of(dossier.toFile())))
                    .isEmpty();
            assertThat(dossier.check()).isInstanceOf(Dossier.Finding.Holds.class);
            assertThat(alone(dossier).check()).isInstanceOf(Dossier.Finding.Fails.class);
        }
    }

    private static Dossier alone(Dossier of) {
        return new Dossier(
                of.version(),
                of.prover(),
                of.nodeId(),
                of.walrusEpoch(),
                of.madeAt(),
                of.unsealed(),
                of.otherKey(),
                of.frame(),
                of.rounds(),
                of.failures(),
                of.quorums(),
                List.of(),
                of.contradictions(),
                of.blobs(),
                of.score(),
                of.chain());
    }

    private static void recomputed(TestDatabase database) throws Exception {
        try (Connection db = database.connect()) {
            var counts = Hours.ofLogs(db);
            assertThat(counts).isEqualTo(Hours.stored(db)).isNotEmpty();
            assertThat(Hours.differingScores(db)).isZero();
            for (Vantages.Prover each : Vantages.list(db)) {
                var lines = TableRows.of(
                        database.database(),
                        "select line from log_entry where prover = '\\x%s' order by sequence".formatted(each.key()));
                assertThat(LogCheck.of(lines.stream(), Optional.of(each.key())))
                        .isInstanceOf(LogCheck.Finding.Intact.class);
            }
        }
    }

    private void audit(TestDatabase database) throws Exception {
        var here = NodeClientSettings.of(URI.create("http://127.0.0.1/test"))
                .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"));
        var auditors = new ArrayList<Auditor>();
        for (String name : List.of("north", "south", "cut")) {
            var log = new AuditLog(LogKey.in(folder.resolve(name)), Clock.systemUTC());
            try (Connection db = database.connect()) {
                Vantages.admit(db, log.prover(), name);
                log.begin(db, "unnamed", Map.of());
            }
            boolean cut = name.equals("cut");
            auditors.add(new Auditor(
                    database.database(),
                    log,
                    Method.DEVNET,
                    // No answer comes in time where no time is allowed.
                    new NodeClient(cut ? here.withLimits(NOTHING_IN_TIME) : here),
                    Thread::sleep,
                    () -> !cut,
                    Clock.systemUTC()));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Boolean>>();
            for (Auditor each : auditors) {
                running.add(threads.submit(() -> rounds(each)));
            }
            for (Future<Boolean> each : running) {
                assertThat(each.get()).isTrue();
            }
        }
        for (Auditor each : auditors) {
            each.step(); // now that all have ended their rounds
        }
    }

    private static boolean rounds(Auditor auditor) throws Exception {
        for (long rounds = 0; rounds < ROUNDS; ) {
            switch (auditor.step()) {
                case ROUND -> rounds++;
                case FRAME -> {}
                case NOTHING -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
        return true;
    }

    /** What there was to compare, for whoever has to find out why nothing was found. */
    private static List<String> asked(TestDatabase database) {
        try {
            return TableRows.of(database.database(), """
                    select v.name, r.walrus_epoch, r.round, r.state, r.compared, p.verdict, p.blame, count(p.probe_id)
                    from prover v join round r on r.prover = v.prover
                      left join probe p on p.prover = r.prover and p.walrus_epoch = r.walrus_epoch and p.round = r.round
                    group by 1, 2, 3, 4, 5, 6, 7 order by 2, 3, 1
                    """);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Number of a node and blame: all that a quorum found. */
    private static List<String> findings(Devnet devnet, TestDatabase database) throws Exception {
        return TableRows.of(database.database(), """
                        select distinct n.network_address, q.blame
                        from quorum_finding q join storage_node n on n.node_id = q.node_id
                        """).stream()
                .map(row -> row.split("\\|", 2))
                .map(columns -> devnet.nodeAddresses().indexOf(columns[0]) + " " + columns[1])
                .toList();
    }
}
