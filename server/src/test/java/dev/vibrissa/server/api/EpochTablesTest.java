package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPool;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPooledObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotHeader;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotWriter;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotWriter.Section;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.verifier.eventblob.EpochSnapshot;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What an epoch's start looks like in our tables, and in those of a naive storage node that was told the same events. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class EpochTablesTest {
    /** So many elements were before the first checkpoint of the scenario, as an event blob says. */
    private static final long INDEX_BEFORE = 5_000;

    @Inject
    DataSource source;

    private final Map<SuiAddress, OfObject> objects = new TreeMap<>();
    private final Map<SuiAddress, OfPooledObject> pooled = new TreeMap<>();
    private final Map<SuiAddress, OfPool> pools = new TreeMap<>();
    private final Set<BlobId> invalid = new HashSet<>();

    @Test
    void snapshotsAndFingerprintsAreThoseOfANode() throws Exception {
        int epochs = 0;
        try (Connection db = source.getConnection()) {
            db.setAutoCommit(false);
            try (var anchor = db.createStatement()) {
                anchor.executeUpdate("""
                        insert into event_blob_audit (blob_id, last_checkpoint, outcome, detail, next_index, audited_at)
                        select decode(repeat('cd', 32), 'hex'), first_checkpoint - 1, 'agrees', '', %d, now()
                        from watermark where pipeline = 'facts'
                        """.formatted(INDEX_BEFORE));
            }
            long index = INDEX_BEFORE;
            long before = -1;
            try (var select = db.createStatement();
                    var row = select.executeQuery("""
                            select c.sequence_number, e.* from checkpoint c left join event e on e.checkpoint = c.sequence_number
                            order by c.sequence_number, e.tx_index, e.walrus_ordinal
                            """)) {
                while (row.next()) {
                    if (before >= 0 && row.getLong(1) != before) {
                        index++; // the boundary of the checkpoint before
                    }
                    before = row.getLong(1);
                    if (row.getBytes("tx_digest") == null) {
                        continue;
                    }
                    index++;
                    var id = new EventId(new Digest(row.getBytes("tx_digest")), row.getInt("walrus_ordinal"));
                    var event = WalrusEvent.decode(row.getString("name"), Bytes.of(row.getBytes("contents")))
                            .known();
                    if (event.isPresent()) {
                        apply(id, event.get());
                        if (event.get() instanceof EpochChangeStart start) {
                            assertIsOurs(db, start.epoch(), id, index);
                            epochs++;
                        }
                    }
                }
            }
            db.rollback();
        }
        assertThat(epochs).isGreaterThan(4);
    }

    @Test
    void ofAHistoryThatBeganLaterThereIsNoSnapshot() throws Exception {
        try (Connection db = source.getConnection()) {
            db.setAutoCommit(false);
            try (var change = db.createStatement()) {
                // Rows look the same: what nobody touched since has none.
                change.executeUpdate("update totals set complete_from = null");
            }
            assertThatThrownBy(() -> EpochSnapshot.write(db, 2, OutputStream.nullOutputStream()))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("history is not complete");
            db.rollback();
        }
    }

    private void assertIsOurs(Connection db, long epoch, EventId start, long nextIndex)
            throws SQLException, IOException {
        var due = new ByteArrayOutputStream();
        var writer = new SnapshotWriter(due, new SnapshotHeader(epoch, start, nextIndex));
        write(writer, Section.OBJECTS, objects);
        write(writer, Section.POOLS, pools);
        write(writer, Section.POOLED_OBJECTS, pooled);
        writer.end();
        var ours = new ByteArrayOutputStream();
        EpochSnapshot.write(db, epoch, ours);
        assertThat(ours.toByteArray()).as("snapshot of epoch " + epoch).isEqualTo(due.toByteArray());

        var answer = given().get("/v1/epochs/%d/fingerprints".formatted(epoch)).jsonPath();
        var blobs = new TreeSet<BlobId>();
        var ofObjects = new Fingerprint(epoch);
        var ofPooled = new Fingerprint(epoch);
        for (OfObject each : objects.values()) {
            if (each.certifiedEpoch().filter(since -> since < epoch).isPresent()) {
                ofObjects.add(each.key());
                blobs.add(each.blobId());
            }
        }
        for (OfPooledObject each : pooled.values()) {
            if (each.certifiedEpoch().filter(since -> since < epoch).isPresent()) {
                ofPooled.add(new Id32<?>[] {each.key(), each.poolId()});
                blobs.add(each.blobId());
            }
        }
        blobs.removeAll(invalid);
        var ofBlobs = new Fingerprint(epoch);
        blobs.forEach(ofBlobs::add);
        assertThat(answer.getString("blobs.xxhash64")).isEqualTo(ofBlobs.toString());
        assertThat(answer.getString("objects.xxhash64")).isEqualTo(ofObjects.toString());
        assertThat(answer.getString("pooledObjects.xxhash64")).isEqualTo(ofPooled.toString());
        assertThat(answer.getLong("blobs.entries")).isEqualTo(blobs.size());
    }

    private static void write(SnapshotWriter writer, Section section, Map<SuiAddress, ? extends SnapshotEntry> rows)
            throws IOException {
        writer.begin(section, rows.size());
        for (SnapshotEntry each : rows.values()) {
            writer.add(each);
        }
    }

    /** The node's tables, rule by rule. */
    private void apply(EventId id, WalrusEvent event) {
        switch (event) {
            case BlobEvent.BlobRegistered e ->
                objects.put(
                        e.objectId(),
                        new OfObject(
                                e.objectId(),
                                e.blobId(),
                                e.epoch(),
                                Optional.empty(),
                                e.endEpoch(),
                                e.deletable(),
                                id,
                                false));
            case BlobEvent.BlobCertified e ->
                objects.computeIfPresent(
                        e.objectId(),
                        (key, was) -> new OfObject(
                                key,
                                was.blobId(),
                                was.registeredEpoch(),
                                e.isExtension() ? was.certifiedEpoch() : Optional.of(e.epoch()),
                                e.endEpoch(),
                                was.deletable(),
                                id,
                                false));
            case BlobEvent.BlobDeleted e -> objects.remove(e.objectId());
            case BlobEvent.PooledBlobRegistered e ->
                pooled.put(
                        e.objectId(),
                        new OfPooledObject(
                                e.objectId(), e.blobId(), e.epoch(), Optional.empty(), e.storagePoolId(), id));
            case BlobEvent.PooledBlobCertified e ->
                pooled.computeIfPresent(
                        e.objectId(),
                        (key, was) -> new OfPooledObject(
                                key, was.blobId(), was.registeredEpoch(), Optional.of(e.epoch()), was.poolId(), id));
            case BlobEvent.PooledBlobDeleted e -> pooled.remove(e.objectId());
            case BlobEvent.InvalidBlobID e -> invalid.add(e.blobId());
            case StoragePoolEvent.StoragePoolCreated e ->
                pools.put(e.storagePoolId(), new OfPool(e.storagePoolId(), e.startEpoch(), e.endEpoch()));
            case StoragePoolEvent.StoragePoolExtended e ->
                pools.computeIfPresent(
                        e.storagePoolId(),
                        (key, was) -> new OfPool(key, was.startEpoch(), Math.max(was.endEpoch(), e.newEndEpoch())));
            case EpochChangeStart e -> {
                pools.values().removeIf(each -> each.endEpoch() <= e.epoch());
                objects.values().removeIf(each -> each.endEpoch() <= e.epoch());
                pooled.values().removeIf(each -> !pools.containsKey(each.poolId()));
            }
            default -> {}
        }
    }
}
