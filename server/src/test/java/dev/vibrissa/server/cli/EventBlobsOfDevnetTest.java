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
import dev.vibrissa.verifier.eventblob.EventBlobAuditor;
import dev.vibrissa.verifier.node.AddressPolicy;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Event blobs of a network that runs: written and certified by its nodes, fetched from them, and what we have. */
class EventBlobsOfDevnetTest {
    private static final long CHECKPOINTS = 400;
    private static final int PER_FILE = 80;

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
                    .startsWith("agrees|0|79|0|", "agrees|80|159|0|")
                    .allMatch(each -> each.startsWith("agrees|"));
            assertThat(TableRows.of(test.database(), """
                            select sum(events) > 50, count(*) = (select count(*) from event_blob_head) from event_blob_audit
                            """)).containsExactly("t|t");
            assertThat(TableRows.of(test.database(), """
                            select count(*), bool_and(failure is null), bool_and(persisted >= our_next_index) from node_progress
                            """))
                    .as("nodes that are where we are, or further")
                    .containsExactly("5|t|null");
        }
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
