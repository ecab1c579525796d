package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.Devnet;
import dev.vibrissa.devnet.DevnetSettings;
import dev.vibrissa.devnet.FaultScript;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.WalrusSnapshot;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The snapshot of a network that lives on while it is asked, beside an index of all its history. */
class SnapshotOfDevnetTest {
    private static final int NODES = 5;
    /** At least this much history comes before the index that begins at the tip. */
    private static final long HISTORY = 60;

    /** What is known of an epoch that runs. */
    private static final List<String> PRESENT = List.of("""
                    select encode(node_id, 'hex'), weight, encode(public_key, 'hex') from committee_member
                    where epoch = %d order by position
                    """, """
                    select shard, encode(node_id, 'hex') from shard_assignment where epoch = %d order by shard
                    """, """
                    select n_shards, total_capacity from epoch where epoch = %d
                    """, """
                    select s.name, s.network_address from storage_node s join committee_member m using (node_id)
                    where m.epoch = %d order by node_id
                    """);

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(180)
    void theRunningEpochIsKnownFromTheFirstCheckpointOn() throws Exception {
        var settings = new DevnetSettings(
                folder,
                7,
                Optional.empty(),
                20,
                NODES,
                Duration.ofSeconds(10),
                Duration.ofMillis(250),
                FaultScript.NONE,
                2,
                0,
                0);
        try (var devnet = Devnet.start(settings);
                var whole = TestDatabase.migrated();
                var late = TestDatabase.migrated()) {
            ingest(devnet, whole, new LiveSource.Start.At(0), Optional.of(HISTORY), Ingest.Snapshot.NONE);
            long first = ingest(
                            devnet,
                            late,
                            new LiveSource.Start.AtTip(),
                            Optional.empty(),
                            new WalrusSnapshot(devnet.network()))
                    .first();
            assertThat(first).isGreaterThanOrEqualTo(HISTORY);
            ingest(devnet, whole, new LiveSource.Start.At(0), Optional.of(first), Ingest.Snapshot.NONE);
            long epoch = Long.parseLong(TableRows.of(
                            late.database(), "select max(epoch) from epoch where running_since = %d".formatted(first))
                    .getFirst());
            assertThat(epoch).as("epochs have passed").isPositive();
            for (String question : PRESENT) {
                assertThat(TableRows.of(late.database(), question.formatted(epoch)))
                        .as(question)
                        .isNotEmpty()
                        .isEqualTo(TableRows.of(whole.database(), question.formatted(epoch)));
            }
            assertThat(TableRows.of(late.database(), PRESENT.getFirst().formatted(epoch)))
                    .hasSize(NODES);
            assertThat(TableRows.of(late.database(), "select snapshot_checkpoint from network"))
                    .containsExactly("" + first);
        }
    }

    private static Ingest.Outcome ingest(
            Devnet devnet, TestDatabase database, LiveSource.Start start, Optional<Long> last, Ingest.Snapshot snapshot)
            throws Exception {
        var node = new FullNode(
                URI.create("grpc://" + devnet.address().getAuthority()),
                new ChainIdentity(devnet.network().chain()),
                FullNode.Manners.unlimited(),
                Ticker.SYSTEM);
        try (var source = new LiveSource(
                List.of(node), start, last, last.isPresent() ? StoreSource.AtTip.WAIT : StoreSource.AtTip.END)) {
            return new Ingest(
                            database.database(),
                            devnet.network(),
                            Optional.of(Devnet.LABEL),
                            new TrustAnchor.OfCommittee(devnet.committee()),
                            Ingest.Limits.ofThisMachine(),
                            snapshot)
                    .run(source, Progress.SILENT);
        }
    }
}
