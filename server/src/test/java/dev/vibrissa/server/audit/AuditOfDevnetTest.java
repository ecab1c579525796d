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
import dev.vibrissa.verifier.evidence.LogCheck;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.round.Auditor;
import dev.vibrissa.verifier.round.ChainCheck;
import dev.vibrissa.verifier.round.ChainEvidence;
import dev.vibrissa.verifier.round.Dossier;
import dev.vibrissa.verifier.round.Method;
import dev.vibrissa.verifier.round.ReplayBundle;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The auditor against nodes that are bad in every way the script knows, beside honest ones. */
class AuditOfDevnetTest {
    private static final FaultScript FAULTS = FaultScript.parse("""
            node 0  from 25s losing 60%
            node 0  from 25s lying
            node 1  from 25s corrupt 60%
            node 2  from 25s wrong-key
            node 3  from 25s down
            node 4  from 25s blocking
            node 5  from 25s overloaded
            node 6  from 25s foreign pair
            """);

    private static final long ROUNDS = 8;

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Timeout(240)
    void eachBadNodeGetsItsVerdictAndNoHonestOneIsBlamed(long seed) throws Exception {
        var settings = new DevnetSettings(
                folder.resolve("devnet"),
                seed,
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
            var indexer = Thread.ofPlatform().start(() -> index(devnet, database));
            try {
                audit(database);
            } finally {
                indexer.interrupt();
                indexer.join();
            }
            assertThat(verdicts(devnet, database))
                    .contains(
                            "0 missing NODE",
                            "1 corrupt NODE",
                            "2 wrong-identity NODE_OR_NETWORK",
                            "3 unreachable NODE_OR_NETWORK",
                            "4 refused-by-policy POLICY",
                            "5 unreachable NODE_OR_NETWORK",
                            "6 corrupt NODE")
                    .noneMatch(each -> each.matches("(7|8|9|10|11) .* (NODE|NODE_OR_NETWORK)"));
            var lines = TableRows.of(database.database(), "select line from log_entry order by sequence");
            assertThat(LogCheck.of(lines.stream(), Optional.empty())).isInstanceOf(LogCheck.Finding.Intact.class);
            assertThat(TableRows.of(
                            database.database(),
                            "select count(*) from contradiction where node_id in "
                                    + "(select node_id from storage_node where network_address = '%s')"
                                            .formatted(devnet.nodeAddresses().getFirst())))
                    .isNotEqualTo(List.of("0"));
            replayed(database);
            documented(devnet, database);
        }
    }

    /** All that strangers get follows its schema, and the case against node 0 holds up to the chain's committee. */
    private void documented(Devnet devnet, TestDatabase database) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = database.connect()) {
            log.sign(db);
            var lines = TableRows.of(database.database(), "select line from log_entry order by sequence");
            assertThat(AuditSchemas.faults("audit-log-v1", lines)).isEmpty();
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
            String text = AuditJson.text(dossier);
            assertThat(AuditSchemas.faults("dossier-v1", List.of(text))).isEmpty();
            Path file = Files.writeString(folder.resolve("dossier.json"), text);
            assertThat(verify(file)).isZero();
            assertThat(verify(file, "--trust", devnet.committeeFile().toString()))
                    .as("proven")
                    .isZero();
            Path flipped = Files.writeString(
                    folder.resolve("flipped.json"), text.replaceFirst("\"walrusEpoch\":", "\"walrusEpoch\":1"));
            assertThat(verify(flipped)).isEqualTo(1);
            Path foreign = Files.writeString(
                    folder.resolve("foreign.json"),
                    AuditJson.text(new Dossier(
                            dossier.version(),
                            dossier.prover(),
                            dossier.nodeId(),
                            dossier.walrusEpoch(),
                            dossier.madeAt(),
                            dossier.unsealed(),
                            dossier.frame(),
                            dossier.rounds(),
                            dossier.failures(),
                            dossier.contradictions(),
                            dossier.blobs(),
                            dossier.score(),
                            new ChainEvidence(
                                    dossier.chain().shards(),
                                    dossier.chain().committee(),
                                    dossier.chain().node(),
                                    dossier.chain().seeds(),
                                    dossier.chain().handOvers()))));
            assertThat(verify(foreign)).as("evidence of something else").isEqualTo(1);
            assertThat(dossier.onChain(_ -> Optional.empty()))
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

    private int verify(Path dossier, String... options) {
        var arguments = new ArrayList<>(List.of("verify-dossier", dossier.toString()));
        arguments.addAll(List.of(options));
        return CommandLineProgram.fromEnvironment().run(arguments.toArray(String[]::new));
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

    private void audit(TestDatabase database) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = database.connect()) {
            log.begin(db, "test", Map.of());
        }
        var client = new NodeClient(NodeClientSettings.of(URI.create("http://127.0.0.1/test"))
                .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32")));
        var auditor = new Auditor(
                database.database(), log, Method.DEVNET, client, Thread::sleep, () -> true, Clock.systemUTC());
        long rounds = 0;
        while (rounds < ROUNDS) {
            switch (auditor.step()) {
                case ROUND -> rounds++;
                case FRAME -> {}
                case NOTHING -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    /** Number of a node, verdict and blame: all that occurred. */
    private static List<String> verdicts(Devnet devnet, TestDatabase database) throws Exception {
        return TableRows.of(database.database(), """
                        select distinct n.network_address, p.verdict || ' ' || p.blame
                        from probe p join storage_node n on n.node_id = p.node_id
                        where p.blame is not null
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
