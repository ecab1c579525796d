package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPool;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotEntry.OfPooledObject;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotHeader;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotWriter;
import dev.vibrissa.protocol.walrus.snapshot.SnapshotWriter.Section;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The blob-info snapshot of an epoch, as every storage node writes it at the epoch's start, made from our tables. A row
 * of now tells whether the object was there then: what had ended can neither be extended nor deleted any more. Its end
 * and its last event of then stand in the events.
 */
public final class EpochSnapshot {
    private static final int FETCH = 1_000;

    private static final String BEFORE = "(e.checkpoint, e.tx_index, e.walrus_ordinal) < (?, ?, ?)";

    private static final String OBJECTS = """
            from blob_object o left join storage_pool p on p.storage_pool_id = o.storage_pool_id
            where o.kind = ? and o.registered_epoch < ? and coalesce(o.end_epoch, p.end_epoch) > ?
              and (o.deleted_epoch is null or o.deleted_epoch >= ?)
            """;

    private final Connection db;
    private final long epoch;
    private final long checkpoint;
    private final int transactionIndex;
    private final int ordinal;
    private final EventId start;

    private EpochSnapshot(Connection db, long epoch, ResultSet row) throws SQLException {
        this.db = db;
        this.epoch = epoch;
        this.checkpoint = row.getLong("start_checkpoint");
        this.transactionIndex = row.getInt("start_tx_index");
        this.ordinal = row.getInt("start_ordinal");
        this.start = new EventId(new Digest(row.getBytes("start_tx")), ordinal);
    }

    /**
     * Writes the snapshot, row by row.
     *
     * @param db in a transaction that sees one state throughout
     * @throws NoSuchElementException if our history does not tell it, and why
     */
    public static void write(Connection db, long epoch, OutputStream out) throws SQLException, IOException {
        try (PreparedStatement select =
                db.prepareStatement("select * from epoch where epoch = ? and start_tx is not null")) {
            select.setLong(1, epoch);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new NoSuchElementException(
                            "the beginning of Walrus epoch %d is not indexed".formatted(epoch));
                }
                new EpochSnapshot(db, epoch, row).write(out);
            }
        }
    }

    private void write(OutputStream out) throws SQLException, IOException {
        // Objects that nobody touched since our beginning have no row; so it is not enough to look at those that have
        // one.
        if (count("""
                select count(*) from totals t join watermark w on w.pipeline = 'facts'
                where t.complete_from >= w.first_checkpoint
                  and not exists (select from quarantine q where q.part in ('effects', 'events', 'event'))
                """) == 0) {
            throw new NoSuchElementException(
                    "history is not complete: it begins after Walrus did, or has events that could not be read");
        }
        var writer = new SnapshotWriter(out, new SnapshotHeader(epoch, start, nextIndex()));
        writer.begin(Section.OBJECTS, objectCount("own"));
        objects("own", writer);
        writer.begin(Section.POOLS, poolCount());
        pools(writer);
        writer.begin(Section.POOLED_OBJECTS, objectCount("pooled"));
        objects("pooled", writer);
        writer.end();
    }

    /** Counted from an event blob that was read, forwards or backwards. */
    private long nextIndex() throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select a.next_index
                  + coalesce((select sum(c.walrus_events + 1) from checkpoint c
                              where c.sequence_number > a.last_checkpoint and c.sequence_number < ?), 0)
                  - coalesce((select sum(c.walrus_events + 1) from checkpoint c
                              where c.sequence_number <= a.last_checkpoint and c.sequence_number >= ?), 0)
                  + (select count(*) from event e where e.checkpoint = ?
                     and (e.tx_index, e.walrus_ordinal) <= (?, ?))
                from event_blob_audit a where a.next_index is not null
                order by abs(a.last_checkpoint - ?) limit 1
                """)) {
            select.setLong(1, checkpoint);
            select.setLong(2, checkpoint);
            select.setLong(3, checkpoint);
            select.setInt(4, transactionIndex);
            select.setInt(5, ordinal);
            select.setLong(6, checkpoint);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new NoSuchElementException(
                            "no event blob was read yet, by which nodes number what comes after the epoch's start");
                }
                return row.getLong(1);
            }
        }
    }

    private long count(String sql) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private long objectCount(String kind) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select count(*) " + OBJECTS)) {
            livedThen(select, 1, kind);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private int livedThen(PreparedStatement select, int from, String kind) throws SQLException {
        select.setString(from, kind);
        select.setLong(from + 1, epoch);
        select.setLong(from + 2, epoch);
        select.setLong(from + 3, epoch);
        return from + 4;
    }

    private void objects(String kind, SnapshotWriter writer) throws SQLException, IOException {
        try (PreparedStatement select = db.prepareStatement("""
                select o.*, l.tx_digest, l.walrus_ordinal, l.name, l.contents
                from (select o.* %s) o
                left join lateral (
                  select e.tx_digest, e.walrus_ordinal, e.name, e.contents from event e
                  where e.object_id = o.object_id and %s
                  order by e.checkpoint desc, e.tx_index desc, e.walrus_ordinal desc limit 1) l on true
                order by o.object_id
                """.formatted(OBJECTS, BEFORE))) {
            int next = livedThen(select, 1, kind);
            select.setLong(next, checkpoint);
            select.setInt(next + 1, transactionIndex);
            select.setInt(next + 2, ordinal);
            select.setFetchSize(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    object(row, kind, writer);
                }
            }
        }
    }

    private void object(ResultSet row, String kind, SnapshotWriter writer) throws SQLException, IOException {
        var id = new SuiAddress(row.getBytes("object_id"));
        if (row.getBytes("tx_digest") == null) {
            throw new NoSuchElementException("object %s has no event before epoch %d".formatted(id, epoch));
        }
        var blobId = new BlobId(row.getBytes("blob_id"));
        long registered = row.getLong("registered_epoch");
        long certifiedEpoch = row.getLong("certified_epoch");
        Optional<Long> certified =
                row.wasNull() || certifiedEpoch >= epoch ? Optional.empty() : Optional.of(certifiedEpoch);
        var event = new EventId(new Digest(row.getBytes("tx_digest")), row.getInt("walrus_ordinal"));
        if (kind.equals("pooled")) {
            writer.add(new OfPooledObject(
                    id, blobId, registered, certified, new SuiAddress(row.getBytes("storage_pool_id")), event));
            return;
        }
        long end = switch (WalrusEvent.decode(row.getString("name"), Bytes.of(row.getBytes("contents")))
                .known()
                .orElse(null)) {
            case BlobRegistered e -> e.endEpoch();
            case BlobCertified e -> e.endEpoch();
            case null, default ->
                throw new NoSuchElementException("the last event of object %s before epoch %d is %s"
                        .formatted(id, epoch, row.getString("name")));
        };
        writer.add(new OfObject(id, blobId, registered, certified, end, row.getBoolean("deletable"), event, false));
    }

    private static final String POOLS = """
            from storage_pool p
            cross join lateral (
              select e.end_epoch from storage_pool_term e
              where e.storage_pool_id = p.storage_pool_id and %s
              order by e.checkpoint desc, e.tx_index desc, e.walrus_ordinal desc limit 1) t
            where t.end_epoch > ?
            """.formatted(BEFORE);

    private long poolCount() throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select count(*) " + POOLS)) {
            poolsThen(select);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void poolsThen(PreparedStatement select) throws SQLException {
        select.setLong(1, checkpoint);
        select.setInt(2, transactionIndex);
        select.setInt(3, ordinal);
        select.setLong(4, epoch);
    }

    private void pools(SnapshotWriter writer) throws SQLException, IOException {
        try (PreparedStatement select = db.prepareStatement(
                "select p.storage_pool_id, p.start_epoch, t.end_epoch " + POOLS + "order by p.storage_pool_id")) {
            poolsThen(select);
            select.setFetchSize(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    writer.add(new OfPool(new SuiAddress(row.getBytes(1)), row.getLong(2), row.getLong(3)));
                }
            }
        }
    }
}
