package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.Metadata;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rows about blobs that a batch touches: loaded at once, changed in memory, written back at once. */
final class BlobRows {
    private final Map<SuiAddress, BlobObjectRow> objects = new HashMap<>();
    private final Map<SuiAddress, StoragePoolRow> pools = new HashMap<>();
    private final Map<SuiAddress, BlobObjectRow> changedObjects = new LinkedHashMap<>();
    private final Map<SuiAddress, StoragePoolRow> changedPools = new LinkedHashMap<>();
    private final Map<SuiAddress, SharedBlobRow> sharedBlobs = new LinkedHashMap<>();
    private final Map<SuiAddress, Optional<Metadata>> attributes = new LinkedHashMap<>();
    private final List<Term> terms = new ArrayList<>();
    private final List<PoolTerm> poolTerms = new ArrayList<>();
    private final Map<BlobId, Touch> touched = new LinkedHashMap<>();
    private final Set<SuiAddress> extendedPools = new LinkedHashSet<>();
    private final Set<BlobObjectRow> changedSinceCheckpoint = new LinkedHashSet<>();
    private final Endings endings = new Endings();

    /**
     * Where in the chain something happened.
     *
     * @param ordinal of the event within its transaction; -1: before the first one
     */
    record Place(long checkpoint, int transactionIndex, int ordinal, Digest transaction) {}

    private record SharedBlobRow(SharedBlob blob, @Nullable Long createdCheckpoint) {}

    private record Term(SuiAddress objectId, Place at, long endEpoch, String how) {}

    private record PoolTerm(SuiAddress poolId, Place at, long endEpoch) {}

    private static final class Touch {
        final long first;
        long last;

        @Nullable
        Long invalidCheckpoint;

        boolean denyListed;

        Touch(long checkpoint) {
            this.first = checkpoint;
            this.last = checkpoint;
        }
    }

    static BlobRows load(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var objectIds = new HashSet<SuiAddress>();
        var poolIds = new HashSet<SuiAddress>();
        for (CheckpointFacts each : batch) {
            for (TransactionFacts transaction : each.transactions()) {
                transaction.events().forEach(event -> event.event().ifPresent(e -> ids(e, objectIds, poolIds)));
                for (ObjectFact fact : transaction.objects()) {
                    // A change may be about the object itself, the pool itself, or a field of either.
                    objectIds.add(fact.id());
                    poolIds.add(fact.id());
                    var parent = BlobProjection.parent(fact);
                    if (parent != null) {
                        objectIds.add(parent);
                        poolIds.add(parent);
                    }
                    if (fact.before().flatMap(ObjectState::value).orElse(null) instanceof SharedBlob shared) {
                        objectIds.add(shared.blob().id());
                    }
                    switch (fact.after().flatMap(ObjectState::value).orElse(null)) {
                        case SharedBlob shared -> objectIds.add(shared.blob().id());
                        case Blob blob -> objectIds.add(blob.id()); // not the fact's own id where it is in a field
                        case null, default -> {}
                    }
                }
            }
        }
        var rows = new BlobRows();
        rows.objects.putAll(BlobObjectRow.load(db, objectIds));
        rows.pools.putAll(StoragePoolRow.load(db, poolIds));
        return rows;
    }

    private static void ids(WalrusEvent event, Set<SuiAddress> objectIds, Set<SuiAddress> poolIds) {
        switch (event) {
            case BlobRegistered e -> objectIds.add(e.objectId());
            case BlobCertified e -> objectIds.add(e.objectId());
            case BlobDeleted e -> objectIds.add(e.objectId());
            case PooledBlobRegistered e -> objectIds.add(e.objectId());
            case PooledBlobCertified e -> objectIds.add(e.objectId());
            case PooledBlobDeleted e -> objectIds.add(e.objectId());
            case StoragePoolCreated e -> poolIds.add(e.storagePoolId());
            case StoragePoolExtended e -> poolIds.add(e.storagePoolId());
            default -> {}
        }
    }

    @Nullable
    BlobObjectRow object(SuiAddress id) {
        return objects.get(id);
    }

    BlobObjectRow objectOr(SuiAddress id, long checkpoint, Supplier<BlobObjectRow> unseen) {
        var row = objects.get(id);
        if (row == null) {
            row = unseen.get();
        }
        put(row, checkpoint);
        return row;
    }

    void put(BlobObjectRow row, long checkpoint) {
        objects.put(row.objectId, row);
        changedObjects.put(row.objectId, row);
        changedSinceCheckpoint.add(row);
        touch(row.blobId, checkpoint);
    }

    @Nullable
    StoragePoolRow pool(SuiAddress id) {
        return pools.get(id);
    }

    void put(StoragePoolRow row) {
        pools.put(row.poolId, row);
        changedPools.put(row.poolId, row);
    }

    void poolExtended(SuiAddress id) {
        extendedPools.add(id);
    }

    void term(SuiAddress objectId, Place at, long endEpoch, String how) {
        terms.add(new Term(objectId, at, endEpoch, how));
    }

    void poolTerm(SuiAddress poolId, Place at, long endEpoch) {
        poolTerms.add(new PoolTerm(poolId, at, endEpoch));
    }

    void attributes(SuiAddress objectId, Optional<Metadata> now) {
        attributes.put(objectId, now);
    }

    void shared(SharedBlob blob, @Nullable Long createdCheckpoint) {
        var known = sharedBlobs.get(blob.id());
        sharedBlobs.put(
                blob.id(), new SharedBlobRow(blob, known == null ? createdCheckpoint : known.createdCheckpoint()));
    }

    void invalid(BlobId blobId, long checkpoint) {
        var touch = touch(blobId, checkpoint);
        if (touch.invalidCheckpoint == null) {
            touch.invalidCheckpoint = checkpoint;
        }
    }

    void denyListed(BlobId blobId, long checkpoint) {
        touch(blobId, checkpoint).denyListed = true;
    }

    private Touch touch(BlobId blobId, long checkpoint) {
        var touch = touched.computeIfAbsent(blobId, _ -> new Touch(checkpoint));
        touch.last = checkpoint;
        return touch;
    }

    void checkpointIsOver(long checkpoint) {
        endings.changed(checkpoint, changedSinceCheckpoint);
        changedSinceCheckpoint.clear();
    }

    void store(Connection db) throws SQLException {
        BlobObjectRow.store(db, changedObjects.values());
        endings.store(db);
        StoragePoolRow.store(db, changedPools.values());
        storeTerms(db);
        storeSharedBlobs(db);
        storeAttributes(db);
        storeBlobs(db);
        storeBlobsOfAttributes(db);
        extendPooledBlobs(db);
    }

    private void storeTerms(Connection db) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("insert into blob_term values (?, ?, ?, ?, ?, ?, ?)")) {
            for (Term term : terms) {
                insert.setBytes(1, term.objectId().toByteArray());
                insert.setLong(2, term.at().checkpoint());
                insert.setInt(3, term.at().transactionIndex());
                insert.setInt(4, term.at().ordinal());
                insert.setBytes(5, term.at().transaction().toByteArray());
                insert.setLong(6, term.endEpoch());
                insert.setString(7, term.how());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement insert = db.prepareStatement("insert into storage_pool_term values (?, ?, ?, ?, ?)")) {
            for (PoolTerm term : poolTerms) {
                insert.setBytes(1, term.poolId().toByteArray());
                insert.setLong(2, term.at().checkpoint());
                insert.setInt(3, term.at().transactionIndex());
                insert.setInt(4, term.at().ordinal());
                insert.setLong(5, term.endEpoch());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void storeSharedBlobs(Connection db) throws SQLException {
        String upsert = """
                insert into shared_blob (shared_blob_id, object_id, funds, created_checkpoint) values (?, ?, ?, ?)
                on conflict (shared_blob_id) do update set funds = excluded.funds
                """;
        try (PreparedStatement insert = db.prepareStatement(upsert)) {
            for (SharedBlobRow row : sharedBlobs.values()) {
                insert.setBytes(1, row.blob().id().toByteArray());
                insert.setBytes(2, row.blob().blob().id().toByteArray());
                insert.setBigDecimal(3, BlobObjectRow.unsigned(row.blob().funds()));
                insert.setObject(4, row.createdCheckpoint());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void storeAttributes(Connection db) throws SQLException {
        if (attributes.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = db.prepareStatement("delete from attribute where object_id = any(?)")) {
            delete.setArray(1, Rows.byteas(db, attributes.keySet()));
            delete.executeUpdate();
        }
        for (var entry : attributes.entrySet()) {
            // Two keys may become one where PostgreSQL cannot hold a character of theirs; the later one stays.
            var byKey = new LinkedHashMap<String, String>();
            entry.getValue()
                    .ifPresent(metadata ->
                            metadata.metadata().forEach((key, value) -> byKey.put(Rows.text(key), Rows.text(value))));
            try (PreparedStatement insert =
                    db.prepareStatement("insert into attribute (object_id, key, value) values (?, ?, ?)")) {
                for (var attribute : byKey.entrySet()) {
                    insert.setBytes(1, entry.getKey().toByteArray());
                    insert.setString(2, attribute.getKey());
                    insert.setString(3, attribute.getValue());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    /** What the objects of a blob add up to, for all of them at once. */
    private static final String BLOB_UPSERT = """
            insert into blob (blob_id, size, encoding_type, first_checkpoint, last_checkpoint, objects, registered_until,
              certified_until, held_until, deleted_epoch, deletable, permanent, invalid_checkpoint, deny_listed, quilt)
            select t.blob_id, max(o.size), max(o.encoding_type), t.first, t.last, count(o.object_id),
              coalesce(max(coalesce(o.end_epoch, p.end_epoch, 0)) filter (where o.deleted_checkpoint is null), 0),
              coalesce(max(coalesce(o.end_epoch, p.end_epoch, 0))
                filter (where o.deleted_checkpoint is null and o.certified_epoch is not null), 0),
              coalesce(max(coalesce(o.end_epoch, p.end_epoch, 0)) filter (where o.deleted_checkpoint is null
                and (o.owner_kind <> 'gone' or o.gone_how = 'event-blob')), 0),
              max(o.deleted_epoch),
              coalesce(bool_or(o.deletable or o.kind = 'pooled') filter (where o.deleted_checkpoint is null), false),
              coalesce(bool_or(not o.deletable and o.kind = 'own'), false),
              t.invalid, t.deny_listed,
              coalesce(bool_or(exists (select from attribute a
                where a.object_id = o.object_id and md5(a.key) = md5('_walrusBlobType')
                  and a.key = '_walrusBlobType' and a.value = 'quilt')), false)
            from unnest(?::bytea[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[])
              as t (blob_id, first, last, invalid, deny_listed)
            left join blob_object o on o.blob_id = t.blob_id
            left join storage_pool p on p.storage_pool_id = o.storage_pool_id
            group by t.blob_id, t.first, t.last, t.invalid, t.deny_listed
            on conflict (blob_id) do update set
              size = excluded.size, encoding_type = excluded.encoding_type, last_checkpoint = excluded.last_checkpoint,
              objects = excluded.objects, registered_until = excluded.registered_until,
              certified_until = excluded.certified_until, held_until = excluded.held_until,
              deleted_epoch = excluded.deleted_epoch, deletable = excluded.deletable, permanent = excluded.permanent,
              invalid_checkpoint = coalesce(blob.invalid_checkpoint, excluded.invalid_checkpoint),
              deny_listed = blob.deny_listed or excluded.deny_listed, quilt = excluded.quilt
            """;

    private void storeBlobs(Connection db) throws SQLException {
        if (touched.isEmpty()) {
            return;
        }
        Collection<Touch> touches = touched.values();
        try (PreparedStatement upsert = db.prepareStatement(BLOB_UPSERT)) {
            upsert.setArray(1, Rows.byteas(db, touched.keySet()));
            upsert.setArray(
                    2,
                    db.createArrayOf(
                            "bigint", touches.stream().map(touch -> touch.first).toArray()));
            upsert.setArray(
                    3,
                    db.createArrayOf(
                            "bigint", touches.stream().map(touch -> touch.last).toArray()));
            upsert.setArray(
                    4,
                    db.createArrayOf(
                            "bigint",
                            touches.stream()
                                    .map(touch -> touch.invalidCheckpoint)
                                    .toArray()));
            upsert.setArray(
                    5,
                    db.createArrayOf(
                            "boolean",
                            touches.stream().map(touch -> touch.denyListed).toArray()));
            upsert.executeUpdate();
        }
    }

    /** Where attributes stand in a list of blobs: those written anew, and those that came before their object was known. */
    private void storeBlobsOfAttributes(Connection db) throws SQLException {
        var unplaced = new HashSet<>(attributes.keySet());
        changedObjects.values().stream().filter(row -> !row.isStored).forEach(row -> unplaced.add(row.objectId));
        if (unplaced.isEmpty()) {
            return;
        }
        try (PreparedStatement update = db.prepareStatement("""
                update attribute a set blob_id = b.blob_id, first_checkpoint = b.first_checkpoint
                from unnest(?::bytea[]) as u (object_id)
                join blob_object o using (object_id)
                join blob b using (blob_id)
                where a.object_id = u.object_id and a.blob_id is null
                """)) {
            update.setArray(1, Rows.byteas(db, unplaced));
            update.executeUpdate();
        }
    }

    /** A pool that lives longer carries all its blobs along, without an event for any of them. */
    private void extendPooledBlobs(Connection db) throws SQLException {
        if (extendedPools.isEmpty()) {
            return;
        }
        String update = """
                update blob b set
                  registered_until = greatest(b.registered_until, e.end_epoch),
                  certified_until = greatest(b.certified_until, case when e.certified then e.end_epoch else 0 end),
                  held_until = greatest(b.held_until, case when e.held then e.end_epoch else 0 end)
                from (
                  select o.blob_id, max(p.end_epoch) as end_epoch, bool_or(o.certified_epoch is not null) as certified,
                    bool_or(o.owner_kind <> 'gone') as held
                  from blob_object o join storage_pool p using (storage_pool_id)
                  where o.storage_pool_id = any(?) and o.deleted_checkpoint is null
                  group by o.blob_id) e
                where b.blob_id = e.blob_id
                """;
        try (PreparedStatement statement = db.prepareStatement(update)) {
            statement.setArray(1, Rows.byteas(db, extendedPools));
            statement.executeUpdate();
        }
    }
}
