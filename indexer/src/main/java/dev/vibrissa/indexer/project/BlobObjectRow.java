package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of {@code blob_object} while a batch is folded; what the columns mean stands in the schema. */
final class BlobObjectRow {
    final SuiAddress objectId;
    final BlobId blobId;
    final @Nullable SuiAddress storagePoolId;
    final boolean deletable;
    final boolean observed;

    @Nullable
    BigDecimal size;

    @Nullable
    Integer encodingType;

    @Nullable
    Long registeredEpoch;

    @Nullable
    Long registeredCheckpoint;

    @Nullable
    Digest registeredTx;

    @Nullable
    Long certifiedEpoch;

    @Nullable
    Long certifiedCheckpoint;

    @Nullable
    Digest certifiedTx;

    @Nullable
    Long endEpoch;

    @Nullable
    Long deletedEpoch;

    @Nullable
    Long deletedCheckpoint;

    @Nullable
    Digest deletedTx;

    boolean eventBlob;
    String ownerKind = "wrapped";

    @Nullable
    SuiAddress owner;

    @Nullable
    String goneHow;

    /** It was there before the batch. */
    boolean isStored;

    /** What the sums of {@link Endings} have of it. */
    Endings.@Nullable Counted counted;

    BlobObjectRow(
            SuiAddress objectId,
            BlobId blobId,
            @Nullable SuiAddress storagePoolId,
            boolean deletable,
            boolean observed) {
        this.objectId = objectId;
        this.blobId = blobId;
        this.storagePoolId = storagePoolId;
        this.deletable = deletable;
        this.observed = observed;
    }

    /** A Blob that our history did not see registered, as it was found. */
    static BlobObjectRow observed(Blob blob) {
        var row = new BlobObjectRow(blob.id(), blob.blobId(), null, blob.deletable(), true);
        row.size = unsigned(blob.size());
        row.encodingType = blob.encodingType();
        row.registeredEpoch = blob.registeredEpoch();
        row.certifiedEpoch = blob.certifiedEpoch().orElse(null);
        row.endEpoch = blob.storage().endEpoch();
        return row;
    }

    /** A PooledBlob that our history did not see registered, as it was found. */
    static BlobObjectRow observed(PooledBlob blob) {
        var row = new BlobObjectRow(blob.id(), blob.blobId(), blob.storagePoolId(), blob.deletable(), true);
        row.size = unsigned(blob.unencodedSize());
        row.encodingType = blob.encodingType();
        row.registeredEpoch = blob.registeredEpoch();
        row.certifiedEpoch = blob.certifiedEpoch().orElse(null);
        row.inPool(blob.storagePoolId());
        return row;
    }

    static BigDecimal unsigned(long bits) {
        return new BigDecimal(Long.toUnsignedString(bits));
    }

    void ownedBy(Owner to) {
        goneHow = null;
        switch (to) {
            case Owner.AddressOwner(var address) -> held("address", address);
            case Owner.ConsensusAddress(var _, var address) -> held("address", address);
            case Owner.ObjectOwner(var parent) -> held("object", parent);
            case Owner.Shared _ -> held("shared", objectId);
            case Owner.Immutable _ -> held("immutable", null);
        }
    }

    void inSharedBlob(SuiAddress sharedBlobId) {
        goneHow = null;
        held("shared", sharedBlobId);
    }

    void inPool(SuiAddress pool) {
        goneHow = null;
        held("pool", pool);
    }

    void wrapped() {
        goneHow = null;
        held("wrapped", null);
    }

    void gone(String how) {
        held("gone", null);
        goneHow = how;
    }

    private void held(String kind, @Nullable SuiAddress holder) {
        ownerKind = kind;
        owner = holder;
    }

    static Map<SuiAddress, BlobObjectRow> load(Connection db, Collection<SuiAddress> objectIds) throws SQLException {
        var rows = new HashMap<SuiAddress, BlobObjectRow>();
        String sql = "select * from blob_object where object_id = any(?)";
        try (PreparedStatement select = db.prepareStatement(sql)) {
            select.setArray(1, Rows.byteas(db, objectIds));
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    var row = read(found);
                    rows.put(row.objectId, row);
                }
            }
        }
        return rows;
    }

    private static BlobObjectRow read(ResultSet from) throws SQLException {
        byte @Nullable [] pool = from.getBytes("storage_pool_id");
        var row = new BlobObjectRow(
                new SuiAddress(from.getBytes("object_id")),
                new BlobId(from.getBytes("blob_id")),
                pool == null ? null : new SuiAddress(pool),
                from.getBoolean("deletable"),
                from.getString("origin").equals("observed"));
        row.size = from.getBigDecimal("size");
        row.encodingType = from.getObject("encoding_type", Integer.class);
        row.registeredEpoch = from.getObject("registered_epoch", Long.class);
        row.registeredCheckpoint = from.getObject("registered_checkpoint", Long.class);
        row.registeredTx = Rows.digest(from, "registered_tx");
        row.certifiedEpoch = from.getObject("certified_epoch", Long.class);
        row.certifiedCheckpoint = from.getObject("certified_checkpoint", Long.class);
        row.certifiedTx = Rows.digest(from, "certified_tx");
        row.endEpoch = from.getObject("end_epoch", Long.class);
        row.deletedEpoch = from.getObject("deleted_epoch", Long.class);
        row.deletedCheckpoint = from.getObject("deleted_checkpoint", Long.class);
        row.deletedTx = Rows.digest(from, "deleted_tx");
        row.eventBlob = from.getBoolean("event_blob");
        row.ownerKind = from.getString("owner_kind");
        byte @Nullable [] owner = from.getBytes("owner");
        row.owner = owner == null ? null : new SuiAddress(owner);
        row.goneHow = from.getString("gone_how");
        row.isStored = true;
        row.counted = Endings.Counted.of(row);
        return row;
    }

    static void store(Connection db, Collection<BlobObjectRow> rows) throws SQLException {
        String upsert = """
                insert into blob_object (object_id, blob_id, kind, storage_pool_id, deletable, size, encoding_type, origin,
                  registered_epoch, registered_checkpoint, registered_tx, certified_epoch, certified_checkpoint,
                  certified_tx, end_epoch, deleted_epoch, deleted_checkpoint, deleted_tx, event_blob, owner_kind, owner,
                  gone_how)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (object_id) do update set
                  certified_epoch = excluded.certified_epoch, certified_checkpoint = excluded.certified_checkpoint,
                  certified_tx = excluded.certified_tx, end_epoch = excluded.end_epoch,
                  deleted_epoch = excluded.deleted_epoch, deleted_checkpoint = excluded.deleted_checkpoint,
                  deleted_tx = excluded.deleted_tx, owner_kind = excluded.owner_kind, owner = excluded.owner,
                  gone_how = excluded.gone_how
                """;
        try (PreparedStatement insert = db.prepareStatement(upsert)) {
            for (BlobObjectRow row : rows) {
                insert.setBytes(1, row.objectId.toByteArray());
                insert.setBytes(2, row.blobId.toByteArray());
                insert.setString(3, row.storagePoolId == null ? "own" : "pooled");
                insert.setBytes(4, Rows.bytes(row.storagePoolId));
                insert.setBoolean(5, row.deletable);
                insert.setBigDecimal(6, row.size);
                insert.setObject(7, row.encodingType);
                insert.setString(8, row.observed ? "observed" : "registered");
                insert.setObject(9, row.registeredEpoch);
                insert.setObject(10, row.registeredCheckpoint);
                insert.setBytes(11, Rows.bytes(row.registeredTx));
                insert.setObject(12, row.certifiedEpoch);
                insert.setObject(13, row.certifiedCheckpoint);
                insert.setBytes(14, Rows.bytes(row.certifiedTx));
                insert.setObject(15, row.endEpoch);
                insert.setObject(16, row.deletedEpoch);
                insert.setObject(17, row.deletedCheckpoint);
                insert.setBytes(18, Rows.bytes(row.deletedTx));
                insert.setBoolean(19, row.eventBlob);
                insert.setString(20, row.ownerKind);
                insert.setBytes(21, Rows.bytes(row.owner));
                insert.setString(22, row.goneHow);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
