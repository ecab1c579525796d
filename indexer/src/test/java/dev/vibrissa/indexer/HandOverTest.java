package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.Endpoint;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.rpc.v2.Checkpoint;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Indexing that begins some Sui epochs behind the anchor, with full nodes that tell how the committees came about. */
@Timeout(60)
class HandOverTest {
    private static final String SCENARIO = "blob-life";
    private static final long FIRST = 1120;
    private static final long LAST = 1143;

    private final FakeFullNode node = new FakeFullNode(SCENARIO, LAST);
    private final FakeFullNode other = new FakeFullNode(SCENARIO, LAST);
    private List<Long> ends = List.of();

    @BeforeEach
    void findEndsOfEpochs() {
        node.lowest = FIRST; // as full nodes are: only summaries are kept longer
        ends = LongStream.range(1000, FIRST)
                .filter(each -> epoch(each) != epoch(each + 1))
                .boxed()
                .toList();
        assertThat(ends).hasSizeGreaterThan(2);
    }

    @AfterEach
    void stop() {
        node.close();
        other.close();
    }

    private static long epoch(long checkpoint) {
        return FakeFullNode.checkpoint(SCENARIO, checkpoint).getSignature().getEpoch();
    }

    private static Ingest.Outcome ingest(TestDatabase database, TrustAnchor anchor, FakeFullNode... nodes)
            throws Exception {
        var identity = new ChainIdentity(Optional.empty());
        try (var source = new LiveSource(
                Stream.of(nodes)
                        .<Endpoint>map(each ->
                                new FullNode(each.address(), identity, FullNode.Manners.unlimited(), Ticker.SYSTEM))
                        .toList(),
                new LiveSource.Start.At(FIRST),
                Optional.of(LAST),
                StoreSource.AtTip.END)) {
            return Scenarios.ingest(database.database(), anchor).run(source, Progress.SILENT);
        }
    }

    private static String text(TestDatabase database, String select) throws SQLException {
        try (var db = database.database().connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(select)) {
            row.next();
            return row.getString(1);
        }
    }

    private void everythingIsCertified(TestDatabase database) throws SQLException {
        assertThat(text(database, "select string_agg(distinct verification, ',') from checkpoint"))
                .isEqualTo("certificate");
        assertThat(text(
                        database,
                        "select string_agg(checkpoint::text, ',' order by checkpoint) from hand_over_evidence"))
                .isEqualTo(String.join(",", ends.stream().map(String::valueOf).toList()));
        assertThat(text(database, """
                select count(*) from sui_committee s join hand_over_evidence e using (checkpoint)
                where s.trust = 'hand-over' and s.sui_epoch = e.signature_epoch + 1
                """)).isEqualTo(String.valueOf(ends.size()));
    }

    @Test
    void committeesAreHandedOverFromAnOlderOne() throws Exception {
        try (var database = TestDatabase.migrated()) {
            assertThat(ingest(database, Scenarios.anchor(SCENARIO), node).anchored())
                    .isTrue();
            everythingIsCertified(database);
        }
    }

    @Test
    void anAnchorGivenLaterLeadsToWhatIsIndexed() throws Exception {
        try (var database = TestDatabase.migrated()) {
            ingest(database, new TrustAnchor.Unverified(), node);
            assertThat(text(database, "select string_agg(distinct verification, ',') from checkpoint"))
                    .isEqualTo("unverified");
            assertThat(ingest(database, Scenarios.anchor(SCENARIO), node).anchored())
                    .isTrue();
            assertThat(text(database, "select string_agg(distinct verification, ',') from checkpoint"))
                    .isEqualTo("hash-chain");
            assertThat(text(
                            database,
                            "select string_agg(checkpoint::text, ',' order by checkpoint) from hand_over_evidence"))
                    .startsWith(
                            String.join(",", ends.stream().map(String::valueOf).toList()));
        }
    }

    @Test
    void committeesAreHandedOverFromAPinnedCheckpoint() throws Exception {
        var pinned = FakeFullNode.checkpoint(SCENARIO, ends.getFirst());
        var digest = DigestKind.CHECKPOINT_SUMMARY.digest(
                Bytes.of(pinned.getSummary().getBcs().getValue().toByteArray()));
        try (var database = TestDatabase.migrated()) {
            assertThat(ingest(database, new TrustAnchor.OfCheckpoint(digest), node)
                            .anchored())
                    .isTrue();
            everythingIsCertified(database);
        }
    }

    /** Another committee for the next epoch: what the one before signed does not say so. */
    private Checkpoint forged(Checkpoint checkpoint) {
        if (!checkpoint.hasSummary() || checkpoint.getSequenceNumber() != ends.get(1)) {
            return checkpoint;
        }
        byte[] bcs = checkpoint.getSummary().getBcs().getValue().toByteArray();
        bcs[bcs.length / 2] ^= 1;
        var forged = checkpoint.toBuilder();
        forged.getSummaryBuilder().getBcsBuilder().setValue(ByteString.copyFrom(bcs));
        return forged.build();
    }

    @Test
    void aForgedHandOverIsAskedFromAnotherNode() throws Exception {
        node.change = this::forged;
        try (var database = TestDatabase.migrated()) {
            ingest(database, Scenarios.anchor(SCENARIO), node, other);
            everythingIsCertified(database);
        }
    }

    @Test
    void aForgedHandOverOfTheOnlyNodeStopsIt() throws Exception {
        node.change = this::forged;
        try (var database = TestDatabase.migrated()) {
            assertThatThrownBy(() -> ingest(database, Scenarios.anchor(SCENARIO), node))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("whose committee nothing trusted handed over");
            assertThat(text(database, "select count(*) from checkpoint")).isEqualTo("0");
        }
    }
}
