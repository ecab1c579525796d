package dev.vibrissa.server.cli;

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
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.verifier.eventblob.EventBlobAuditor;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Event blobs of a network that runs: written and certified by its nodes, fetched from them, and what we have. */
class EventBlobsOfDevnetTest {
    private static final long CHECKPOINTS = 180;
    private static final int PER_FILE = 50;

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(120)
    void sayWhatWeHaveIndexed() throws Exception {
        var settings = new DevnetSettings(
                        folder.resolve("devnet"),
                        5,
                        Optional.empty(),
                        20,
                        5,
                        Duration.ofSeconds(200),
                        Duration.ofMillis(250),
                        FaultScript.NONE,
                        20,
                        0,
                        0)
                .withEventBlobs(PER_FILE);
        try (var devnet = Devnet.start(settings);
                var test = TestDatabase.migrated()) {
            ingest(devnet, test.database());
            var client = new NodeClient(NodeClientSettings.of(URI.create("https://example.org/"))
                    .withAddresses(AddressPolicy.publicOnly().allowing("127.0.0.1/32")));
            var auditor = new EventBlobAuditor(
                    test.database(), client, folder.resolve("fetched"), Duration.ofHours(1), Clock.systemUTC());

            while (auditor.step()) {
                // the one before it
            }

            assertThat(TableRows.of(test.database(), """
                            select outcome, first_checkpoint, last_checkpoint, missing + altered + surplus + moved, detail
                            from event_blob_audit order by last_checkpoint
                            """))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .startsWith("agrees|0|49|0|", "agrees|50|99|0|")
                    .allMatch(each -> each.startsWith("agrees|"));
            assertThat(TableRows.of(test.database(), """
                            select sum(events) > 20, count(*) = (select count(*) from event_blob_head) from event_blob_audit
                            """)).containsExactly("t|t");
            assertThat(TableRows.of(test.database(), """
                            select count(*), bool_and(failure is null), bool_and(persisted >= our_next_index) from node_progress
                            """))
                    .as("nodes that are where we are, or further")
                    .containsExactly("5|t|null");
            aRemovedAndAnAlteredRowAreFound(test, auditor);
            fetchedAndReplayed(test);
        }
    }

    private static void aRemovedAndAnAlteredRowAreFound(TestDatabase test, EventBlobAuditor auditor) throws Exception {
        try (var db = test.connect();
                var change = db.createStatement()) {
            change.executeUpdate("""
                    delete from event where (tx_digest, walrus_ordinal) in (select tx_digest, walrus_ordinal from event
                      where checkpoint between 50 and 99 order by checkpoint, tx_index, walrus_ordinal limit 1)
                    """);
            change.executeUpdate("""
                    update event set contents = set_byte(contents, 0, 255) where (tx_digest, walrus_ordinal) in (
                      select tx_digest, walrus_ordinal from event
                      where checkpoint between 50 and 99 order by checkpoint desc, tx_index, walrus_ordinal limit 1)
                    """);
            change.executeUpdate("delete from event_blob_audit where first_checkpoint = 50");
        }
        assertThat(auditor.step()).isTrue();
        assertThat(TableRows.of(
                        test.database(),
                        "select outcome, missing, altered, surplus, moved from event_blob_audit"
                                + " where first_checkpoint = 50"))
                .containsExactly("differs|1|1|0|0");
        assertThat(TableRows.of(test.database(), "select what from event_blob_difference order by number"))
                .containsExactly("missing", "altered");
    }

    /** By the commands: from the nodes into a folder, and from there the status of every blob. */
    private void fetchedAndReplayed(TestDatabase test) throws Exception {
        Path files = folder.resolve("files");
        assertThat(run(test, "event-blobs", "fetch", "--out", files.toString()))
                .contains("checkpoints 0-49  epoch 0  elements 0-");
        List<String> lines = run(test, "event-blobs", "replay", files.toString(), "--shards", "20")
                .lines()
                .toList();
        assertThat(lines).hasSizeGreaterThan(3).allMatch(line -> line.startsWith("{\"blobId\":\""));
        try (var list = Files.list(files)) {
            assertThat(run(
                            test,
                            "event-blobs",
                            "verify",
                            "--shards",
                            "20",
                            list.findFirst().orElseThrow().toString()))
                    .contains("elements ");
        }
        // Without the oldest file the history is no whole one, and says so.
        Path oldest = NodeEventBlobs.file(
                files,
                BlobId.parse(TableRows.of(
                                test.database(),
                                "select encode(blob_id, 'hex') from event_blob_audit where first_checkpoint = 0")
                        .getFirst()));
        Files.delete(oldest);
        assertThat(exitCode(test, "event-blobs", "replay", files.toString(), "--shards", "20"))
                .isEqualTo(ExitCode.CHECK_FAILED.number());
        run(test, "event-blobs", "replay", files.toString(), "--shards", "20", "--partial");
    }

    private String run(TestDatabase test, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = program(test, out, err).run(arguments);
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }

    private int exitCode(TestDatabase test, String... arguments) {
        return program(test, new StringWriter(), new StringWriter()).run(arguments);
    }

    private CommandLineProgram program(TestDatabase test, StringWriter out, StringWriter err) {
        var environment = Map.of(
                "HOME", folder.toString(),
                "VIBRISSA_DB_URL", test.database().jdbcUrl(),
                "VIBRISSA_DB_USER", test.database().user(),
                "VIBRISSA_DB_PASSWORD", test.database().password());
        return new CommandLineProgram(environment, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private static void ingest(Devnet devnet, Database database) throws Exception {
        var node = new FullNode(
                URI.create("grpc://" + devnet.address().getAuthority()),
                new ChainIdentity(devnet.network().chain()),
                FullNode.Manners.unlimited(),
                Ticker.SYSTEM);
        try (var source = new LiveSource(
                List.of(node), new LiveSource.Start.At(0), Optional.of(CHECKPOINTS), StoreSource.AtTip.WAIT)) {
            new Ingest(
                            database,
                            devnet.network(),
                            Optional.of(Devnet.LABEL),
                            new TrustAnchor.OfCommittee(devnet.committee()),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
        }
    }
}
