package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of {@code storage_pool} while a batch is folded. */
final class StoragePoolRow {
    final SuiAddress poolId;
    final boolean observed;

    @Nullable
    Long createdCheckpoint;

    @Nullable
    Digest createdTx;

    long startEpoch;
    long endEpoch;
    BigDecimal reserved = BigDecimal.ZERO;
    BigDecimal used = BigDecimal.ZERO;
    BigDecimal blobs = BigDecimal.ZERO;
    String ownerKind = "wrapped";

    @Nullable
    SuiAddress owner;

    @Nullable
    Long destroyedCheckpoint;

    @Nullable
    Digest destroyedTx;

    StoragePoolRow(SuiAddress poolId, boolean observed, long startEpoch, long endEpoch) {
        this.poolId = poolId;
        this.observed = observed;
        this.startEpoch = startEpoch;
        this.endEpoch = endEpoch;
    }

    void ownedBy(Owner to) {
        switch (to) {
            case Owner.AddressOwner(var address) -> held("address", address);
            case Owner.ConsensusAddress(var _, var address) -> held("address", address);
            case Owner.ObjectOwner(var parent) -> held("object", parent);
            case Owner.Shared _ -> held("shared", null);
            case Owner.Immutable _ -> held("immutable", null);
        }
    }

    void held(String kind, @Nullable SuiAddress holder) {
        ownerKind = kind;
        owner = holder;
    }

    static Map<SuiAddress, StoragePoolRow> load(Connection db, Collection<SuiAddress> ids) throws SQLException {
        var rows = new HashMap<SuiAddress, StoragePoolRow>();
        try (PreparedStatement select =
                db.prepareStatement("select * from storage_pool where storage_pool_id = any(?)")) {
            select.setArray(1, Rows.byteas(db, ids));
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    var row = new StoragePoolRow(
                            new SuiAddress(found.getBytes("storage_pool_id")),
                            found.getString("origin").equals("observed"),
                            found.getLong("start_epoch"),
                            found.getLong("end_epoch"));
                    row.createdCheckpoint = found.getObject("created_checkpoint", Long.class);
                    row.createdTx = Rows.digest(found, "created_tx");
                    row.reserved = found.getBigDecimal("reserved_bytes");
                    row.used = found.getBigDecimal("used_bytes");
                    row.blobs = found.getBigDecimal("blobs");
                    row.ownerKind = found.getString("owner_kind");
                    byte @Nullable [] owner = found.getBytes("owner");
                    row.owner = owner == null ? null : new SuiAddress(owner);
                    row.destroyedCheckpoint = found.getObject("destroyed_checkpoint", Long.class);
                    row.destroyedTx = Rows.digest(found, "destroyed_tx");
                    rows.put(row.poolId, row);
                }
            }
        }
        return rows;
    }

    static void store(Connection db, Collection<StoragePoolRow> rows) throws SQLException {
        String upsert = """
                insert into storage_pool (storage_pool_id, origin, created_checkpoint, created_tx, start_epoch, end_epoch,
                  reserved_bytes, used_bytes, blobs, owner_kind, owner, destroyed_checkpoint, destroyed_tx)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (storage_pool_id) do update set
                  end_epoch = excluded.end_epoch, reserved_bytes = excluded.reserved_bytes,
                  used_bytes = excluded.used_bytes, blobs = excluded.blobs, owner_kind = excluded.owner_kind,
                  owner = excluded.owner, destroyed_checkpoint = excluded.destroyed_checkpoint,
                  destroyed_tx = excluded.destroyed_tx
                """;
        try (PreparedStatement insert = db.prepareStatement(upsert)) {
            for (StoragePoolRow row : rows) {
                insert.setBytes(1, row.poolId.toByteArray());
                insert.setString(2, row.observed ? "observed" : "created");
                insert.setObject(3, row.createdCheckpoint);
                insert.setBytes(4, Rows.bytes(row.createdTx));
                insert.setLong(5, row.startEpoch);
                insert.setLong(6, row.endEpoch);
                insert.setBigDecimal(7, row.reserved);
                insert.setBigDecimal(8, row.used);
                insert.setBigDecimal(9, row.blobs);
                insert.setString(10, row.ownerKind);
                insert.setBytes(11, Rows.bytes(row.owner));
                insert.setObject(12, row.destroyedCheckpoint);
                insert.setBytes(13, Rows.bytes(row.destroyedTx));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
