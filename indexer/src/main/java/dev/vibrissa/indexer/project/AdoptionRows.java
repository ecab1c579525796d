package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.write.BinaryCopy;
import dev.vibrissa.indexer.write.Tally;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The rows that a batch adds to the tables of adoption. */
final class AdoptionRows {
    /** Content types are what people write there: long ones are cut, since an index entry has its bound. */
    private static final int SUBJECT_LENGTH = 128;

    private final Connection db;
    private final List<Registration> registrations = new ArrayList<>();
    private final Map<LabelKey, Label> labels = new LinkedHashMap<>();
    private final TreeMap<Long, Epoch> epochs = new TreeMap<>();
    private final Tally tally = new Tally("adopter");

    /** @param free an event blob */
    record Registration(
            Deed deed,
            int ordinal,
            long epoch,
            SuiAddress objectId,
            BlobId blobId,
            Optional<SuiAddress> owner,
            String caller,
            boolean free,
            boolean pooled,
            boolean relayed,
            BigInteger size,
            long encodedSize,
            boolean deletable) {}

    private record LabelKey(SuiAddress blob, String key) {}

    private record Label(String value, long checkpoint, long epoch) {}

    /** What a batch adds to an epoch. */
    private static final class Epoch {
        private long registered;
        private BigInteger bytes = BigInteger.ZERO;
        private BigInteger encoded = BigInteger.ZERO;
        private long deletable;
        private BigInteger deletableBytes = BigInteger.ZERO;
        private BigInteger quiltBytes = BigInteger.ZERO;
        private long pooled;
        private long relayed;
        private long quilts;
        private long eventBlobs;
    }

    AdoptionRows(Connection db) {
        this.db = db;
    }

    /** The epoch has begun, whether or not something is registered in it. */
    void epoch(long epoch) {
        epochs.computeIfAbsent(epoch, _ -> new Epoch());
    }

    void registered(Registration row) {
        registrations.add(row);
        Epoch sums = epochs.computeIfAbsent(row.epoch(), _ -> new Epoch());
        if (row.free()) {
            sums.eventBlobs++;
            return;
        }
        sums.registered++;
        sums.bytes = sums.bytes.add(row.size());
        sums.encoded = sums.encoded.add(BigInteger.valueOf(row.encodedSize()));
        if (row.deletable()) {
            sums.deletable++;
            sums.deletableBytes = sums.deletableBytes.add(row.size());
        }
        sums.pooled += row.pooled() ? 1 : 0;
        sums.relayed += row.relayed() ? 1 : 0;
        String caller = row.caller();
        tally.add(row.epoch(), "publisher", row.deed().transaction().sender().toString(), row.size());
        row.owner().ifPresent(owner -> tally.add(row.epoch(), "owner", owner.toString(), row.size()));
        tally.add(row.epoch(), "caller", caller, row.size());
        tally.add(row.epoch(), "package", caller.substring(0, Math.max(0, caller.indexOf("::"))), row.size());
    }

    /** @param epoch that ran */
    void labelled(SuiAddress blob, String key, String value, long checkpoint, long epoch) {
        labels.putIfAbsent(new LabelKey(blob, key), new Label(value, checkpoint, epoch));
    }

    void store() throws SQLException {
        storeRegistrations();
        storeLabels();
        tally.store(db);
        storeEpochs();
    }

    /** Stores those of the batch so far. */
    void storeRegistrations() throws SQLException {
        if (registrations.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(
                db,
                "registration",
                "tx_digest, walrus_ordinal, checkpoint, tx_index, epoch, object_id, blob_id, publisher, owner, caller, free, pooled,"
                        + " relayed, size, encoded_size, deletable")) {
            for (Registration row : registrations) {
                copy.row()
                        .bytea(row.deed().digest())
                        .integer(row.ordinal())
                        .bigint(row.deed().checkpoint())
                        .integer(row.deed().index())
                        .bigint(row.epoch())
                        .bytea(row.objectId().toByteArray())
                        .bytea(row.blobId().toByteArray())
                        .bytea(row.deed().transaction().sender().toByteArray())
                        .bytea(Rows.bytes(row.owner().orElse(null)))
                        .text(row.caller())
                        .bool(row.free())
                        .bool(row.pooled())
                        .bool(row.relayed())
                        .unsigned(row.size().longValue())
                        .bigint(row.encodedSize())
                        .bool(row.deletable());
            }
            copy.finish();
        }
        registrations.clear();
    }

    /** The first label counts, if it came in the epoch of the registration: what an epoch was does not change later. */
    private void storeLabels() throws SQLException {
        if (labels.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = db.prepareStatement("""
                with named as (
                  insert into content_label (object_id, key, value, checkpoint, epoch)
                  select * from unnest(?::bytea[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
                  on conflict (object_id, key) do nothing
                  returning object_id, key, value, epoch)
                select n.key, left(n.value, ?) as value, n.epoch, r.size
                from named n join registration r using (object_id)
                where r.epoch = n.epoch and not r.free
                """)) {
            insert.setArray(
                    1,
                    Rows.byteas(db, labels.keySet().stream().map(LabelKey::blob).toList()));
            insert.setArray(2, array("text", each -> each.getKey().key()));
            insert.setArray(3, array("text", each -> each.getValue().value()));
            insert.setArray(4, array("bigint", each -> each.getValue().checkpoint()));
            insert.setArray(5, array("bigint", each -> each.getValue().epoch()));
            insert.setInt(6, SUBJECT_LENGTH);
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    long epoch = row.getLong("epoch");
                    String value = row.getString("value");
                    BigInteger size = row.getBigDecimal("size").toBigIntegerExact();
                    if (row.getString("key").equals("content-type")) {
                        tally.add(epoch, "contentType", value, size);
                    } else if (value.equals("quilt")) {
                        Epoch sums = epochs.computeIfAbsent(epoch, _ -> new Epoch());
                        sums.quilts++;
                        sums.quiltBytes = sums.quiltBytes.add(size);
                    }
                }
            }
        }
    }

    private Array array(String type, Function<Map.Entry<LabelKey, Label>, Object> of) throws SQLException {
        return db.createArrayOf(type, labels.entrySet().stream().map(of).toArray());
    }

    private void storeEpochs() throws SQLException {
        try (PreparedStatement add = db.prepareStatement("""
                insert into adoption (epoch, registrations, bytes, pooled, relayed, quilts, event_blobs, encoded_bytes,
                  deletable, deletable_bytes, quilt_bytes)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (epoch) do update set registrations = adoption.registrations + excluded.registrations,
                  bytes = adoption.bytes + excluded.bytes, pooled = adoption.pooled + excluded.pooled,
                  relayed = adoption.relayed + excluded.relayed, quilts = adoption.quilts + excluded.quilts,
                  event_blobs = adoption.event_blobs + excluded.event_blobs,
                  encoded_bytes = adoption.encoded_bytes + excluded.encoded_bytes,
                  deletable = adoption.deletable + excluded.deletable,
                  deletable_bytes = adoption.deletable_bytes + excluded.deletable_bytes,
                  quilt_bytes = adoption.quilt_bytes + excluded.quilt_bytes
                """)) {
            for (var entry : epochs.entrySet()) {
                Epoch sums = entry.getValue();
                add.setLong(1, entry.getKey());
                add.setLong(2, sums.registered);
                add.setBigDecimal(3, new BigDecimal(sums.bytes));
                add.setLong(4, sums.pooled);
                add.setLong(5, sums.relayed);
                add.setLong(6, sums.quilts);
                add.setLong(7, sums.eventBlobs);
                add.setBigDecimal(8, new BigDecimal(sums.encoded));
                add.setLong(9, sums.deletable);
                add.setBigDecimal(10, new BigDecimal(sums.deletableBytes));
                add.setBigDecimal(11, new BigDecimal(sums.quiltBytes));
                add.addBatch();
            }
            add.executeBatch();
        }
    }
}
