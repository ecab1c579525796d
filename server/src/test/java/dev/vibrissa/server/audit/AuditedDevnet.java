package dev.vibrissa.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.Devnet;
import dev.vibrissa.devnet.DevnetSettings;
import dev.vibrissa.devnet.FaultScript;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Conclusion;
import dev.vibrissa.server.cli.CommandLineProgram;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.Limits;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.round.Auditor;
import dev.vibrissa.verifier.round.ChainCheck;
import dev.vibrissa.verifier.round.ChainEvidence;
import dev.vibrissa.verifier.round.Dossier;
import dev.vibrissa.verifier.round.Method;
import dev.vibrissa.verifier.round.ReplayBundle;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The auditor against nodes that are bad in every way the script knows, beside honest ones, all in the same run: how many
 * of the bad ones are found with their verdict and blame before so many probes, and whether an honest one is blamed.
 */
final class AuditedDevnet {
    private static final int NODES = 18;

    /** Those with these numbers are bad; all others are honest. */
    private static final FaultScript FAULTS = FaultScript.parse("""
            node 0   from 12s losing 60%
            node 0   from 12s lying
            node 1   from 12s corrupt 60%
            node 2   from 12s wrong-key
            node 3   from 12s down
            node 4   from 12s blocking
            node 5   from 12s overloaded
            node 6   from 12s foreign pair
            node 7   from 12s foreign blob
            node 8   from 12s slow 2100ms
            node 9   from 12s dripping 40
            node 10  from 12s flapping 3s
            """);

    private static final Set<String> VERDICTS = Set.of(
            "0 missing NODE",
            "1 corrupt NODE",
            "2 wrong-identity NODE_OR_NETWORK",
            "3 unreachable NODE_OR_NETWORK",
            "4 refused-by-policy POLICY",
            "5 unreachable NODE_OR_NETWORK",
            "6 corrupt NODE",
            "7 corrupt NODE",
            "8 slow -",
            "9 unreachable NODE_OR_NETWORK",
            "10 unreachable NODE_OR_NETWORK");

    private static final int BAD = 11;

    /** Of each node, claims included. */
    private static final long PER_ROUND = 16;

    private static final long BUDGET = 4 * PER_ROUND;

    private final long seed;
    private final Path folder;

    /** @param folder for what it leaves */
    AuditedDevnet(long seed, Path folder) {
        this.seed = seed;
        this.folder = folder;
    }

    /** Until all is found or the probes are spent; then what strangers get is checked as they would. */
    void run() throws Exception {
        var settings = new DevnetSettings(
                folder.resolve("devnet"),
                seed,
                Optional.empty(),
                50,
                NODES,
                Duration.ofSeconds(60), // of which a busy machine needs half for a wave
                Duration.ofMillis(100),
                FAULTS,
                1,
                0,
                0);
        try (var devnet = Devnet.start(settings);
                var database = TestDatabase.migrated()) {
            var indexer = Thread.ofPlatform().start(() -> index(devnet, database));
            try {
                audit(devnet, database);
            } finally {
                indexer.interrupt();
                indexer.join();
            }
            List<String> verdicts = verdicts(devnet, database);
            List<String> ofHonest = verdicts.stream()
                    .filter(each -> Integer.parseInt(each.split(" ")[0]) >= BAD)
                    .toList();
            List<String> blamed =
                    ofHonest.stream().filter(each -> each.endsWith(" NODE")).toList();
            // On a busy machine an honest node may not be heard in time: shown, on nobody's account.
            System.out.printf(
                    "seed %d: %d of %d bad nodes found within %s probes of each; %d of %d honest nodes blamed, %d unheard%n",
                    seed,
                    VERDICTS.stream().filter(verdicts::contains).count(),
                    BAD,
                    mostProbes(database),
                    blamed.size(),
                    NODES - BAD,
                    ofHonest.stream()
                            .filter(each -> each.endsWith("NODE_OR_NETWORK"))
                            .count());
            assertThat(verdicts).containsAll(VERDICTS);
            assertThat(blamed).isEmpty();
            assertThat(failuresScoredOfHonest(devnet, database)).isZero();
            assertThat(mostProbes(database)).isLessThanOrEqualTo(BUDGET);
            replayed(database);
            documented(devnet, database);
        }
    }

    private static long failuresScoredOfHonest(Devnet devnet, TestDatabase database) throws Exception {
        return TableRows.of(database.database(), """
                        select n.network_address from probe p join storage_node n on n.node_id = p.node_id
                        where p.counts and p.blame is not null
                        """).stream()
                .filter(address -> devnet.nodeAddresses().indexOf(address) >= BAD)
                .count();
    }

    private static long mostProbes(TestDatabase database) throws Exception {
        return Long.parseLong(TableRows.of(
                        database.database(),
                        "select coalesce(max(n), 0) from (select count(*) as n from probe group by node_id) of_node")
                .getFirst());
    }

    /** All that strangers get follows its schema, and the case against node 0 holds up to the chain's committee. */
    private void documented(Devnet devnet, TestDatabase database) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = database.connect()) {
            log.sign(db);
            var lines = TableRows.of(database.database(), "select line from log_entry order by sequence");
            assertThat(AuditSchemas.faults("audit-log-v1", lines)).isEmpty();
            Path logFile = Files.write(folder.resolve("log"), lines);
            assertThat(run("verify-log", logFile, "--key", log.prover())).startsWith("intact: ");
            String unknown = lines.getLast().replaceFirst("\\{", "{\"colour\":1,");
            assertThat(AuditSchemas.faults("audit-log-v1", List.of(unknown))).isNotEmpty();
            String[] case0 = TableRows.of(database.database(), """
                            select encode(c.node_id, 'hex'), c.walrus_epoch from contradiction c
                              join storage_node n on n.node_id = c.node_id
                            where n.network_address = '%s' order by c.walrus_epoch limit 1
                            """.formatted(
                                    devnet.nodeAddresses().getFirst()))
                    .getFirst()
                    .split("\\|", 2);
            Dossier dossier = Dossier.of(
                    db,
                    log.prover(),
                    SuiAddress.parse("0x" + case0[0]),
                    Long.parseLong(case0[1]),
                    Clock.systemUTC().instant());
            String text = dossier.toFile();
            assertThat(AuditSchemas.faults("dossier-v1", List.of(text))).isEmpty();
            Path file = Files.writeString(folder.resolve("dossier.json"), text);
            assertThat(run(
                            "verify-dossier",
                            file,
                            "--trust",
                            devnet.committeeFile(),
                            "--network",
                            devnet.networkFile(),
                            "--key",
                            log.prover()))
                    .startsWith("holds: ")
                    .doesNotContain(" 0 contradicted")
                    .contains("proven by the committee");
            Path flipped = Files.writeString(
                    folder.resolve("flipped.json"), text.replaceFirst("\"walrusEpoch\":", "\"walrusEpoch\":1"));
            assertThat(verify(flipped)).isEqualTo(1);
            Path foreign = Files.writeString(
                    folder.resolve("foreign.json"),
                    new Dossier(
                                    dossier.version(),
                                    dossier.prover(),
                                    dossier.nodeId(),
                                    dossier.walrusEpoch(),
                                    dossier.madeAt(),
                                    dossier.unsealed(),
                                    dossier.otherKey(),
                                    dossier.frame(),
                                    dossier.rounds(),
                                    dossier.failures(),
                                    dossier.quorums(),
                                    dossier.witnesses(),
                                    dossier.contradictions(),
                                    dossier.blobs(),
                                    dossier.score(),
                                    new ChainEvidence(
                                            dossier.chain().shards(),
                                            dossier.chain().committee(),
                                            dossier.chain().node(),
                                            dossier.chain().seeds(),
                                            dossier.chain().handOvers()))
                            .toFile());
            assertThat(verify(foreign)).as("evidence of something else").isEqualTo(1);
            assertThat(dossier.onChain(Optional.of(devnet.network()), _ -> Optional.empty()))
                    .extracting(ChainCheck.Claim::conclusion)
                    .startsWith(
                            Optional.of(Conclusion.CONSISTENT),
                            Optional.of(Conclusion.CONSISTENT),
                            Optional.of(Conclusion.CONSISTENT));
            String[] round = TableRows.of(
                            database.database(), "select walrus_epoch, round from round where state = 'done' limit 1")
                    .getFirst()
                    .split("\\|", 2);
            assertThat(AuditSchemas.faults(
                            "replay-v1",
                            List.of(AuditJson.text(ReplayBundle.of(
                                    db, log.prover(), Long.parseLong(round[0]), Long.parseLong(round[1]))))))
                    .isEmpty();
        }
    }

    private String run(Object... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = program(out, err).run(Stream.of(words).map(Object::toString).toArray(String[]::new));
        assertThat(code).as(out.toString() + err).isZero();
        return out.toString();
    }

    private int verify(Path dossier, Object... options) {
        return program(new StringWriter(), new StringWriter())
                .run(Stream.concat(Stream.of("verify-dossier", dossier), Stream.of(options))
                        .map(Object::toString)
                        .toArray(String[]::new));
    }

    private CommandLineProgram program(StringWriter out, StringWriter err) {
        return new CommandLineProgram(
                Map.of("HOME", folder.toString()), new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private static void replayed(TestDatabase database) throws Exception {
        try (Connection db = database.connect()) {
            for (String round : TableRows.of(
                    database.database(),
                    "select encode(prover, 'hex'), walrus_epoch, round from round where state = 'done'")) {
                String[] columns = round.split("\\|", 3);
                assertThat(ReplayBundle.of(
                                        db,
                                        Bytes.parseHex(columns[0]),
                                        Long.parseLong(columns[1]),
                                        Long.parseLong(columns[2]))
                                .replay())
                        .isInstanceOf(ReplayBundle.Report.Same.class);
            }
        }
    }

    /** Until all is found that is to be found, or the probes are spent. */
    private void audit(Devnet devnet, TestDatabase database) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = database.connect()) {
            log.begin(db, "test", Map.of());
        }
        // Who drips is not worth five seconds of every attempt here.
        var client = new NodeClient(NodeClientSettings.of(URI.create("http://127.0.0.1/test"))
                .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32"))
                .withLimits(new Limits(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(20),
                        32 << 10,
                        Duration.ofSeconds(1))));
        var auditor = new Auditor(
                database.database(), log, Method.DEVNET, client, Thread::sleep, () -> true, Clock.systemUTC());
        while (mostProbes(database) + PER_ROUND <= BUDGET
                && !(verdicts(devnet, database).containsAll(VERDICTS) && isContradicted(devnet, database))) {
            if (auditor.step() == Auditor.Step.NOTHING) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    /** Node 0 confirms what it does not serve; an epoch that turns right then keeps it from saying so. */
    private static boolean isContradicted(Devnet devnet, TestDatabase database) throws Exception {
        return TableRows.of(database.database(), """
                        select n.network_address from contradiction c join storage_node n on n.node_id = c.node_id
                        """)
                .contains(devnet.nodeAddresses().getFirst());
    }

    /** Number of a node, verdict and blame: all that occurred. */
    private static List<String> verdicts(Devnet devnet, TestDatabase database) throws Exception {
        return TableRows.of(database.database(), """
                        select distinct n.network_address, p.verdict || ' ' || coalesce(p.blame, '-')
                        from probe p join storage_node n on n.node_id = p.node_id
                        """).stream()
                .map(row -> row.split("\\|", 2))
                .map(columns -> devnet.nodeAddresses().indexOf(columns[0]) + " " + columns[1])
                .toList();
    }

    static void index(Devnet devnet, TestDatabase database) {
        var node = new FullNode(
                URI.create("grpc://" + devnet.address().getAuthority()),
                new ChainIdentity(devnet.network().chain()),
                FullNode.Manners.unlimited(),
                Ticker.SYSTEM);
        try (var source =
                new LiveSource(List.of(node), new LiveSource.Start.At(0), Optional.empty(), StoreSource.AtTip.WAIT)) {
            new Ingest(
                            database.database(),
                            devnet.network(),
                            Optional.of(Devnet.LABEL),
                            new TrustAnchor.OfCommittee(devnet.committee()),
                            Ingest.Limits.ofThisMachine(),
                            Ingest.Snapshot.NONE)
                    .run(source, Progress.SILENT);
        } catch (InterruptedException _) {
            // The test is over.
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
