package dev.vibrissa.indexer.fingerprint;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * The table {@code epoch_fingerprint}. That an object lived when an epoch began is read off its row of now: what had ended
 * can neither be extended nor deleted any more, so neither its end nor its deletion moves across the epoch's start.
 */
public final class EpochFingerprints {
    /** "vibrissa" in ASCII, as the indexer's locks, and then some. */
    private static final long LOCK = 0x7669627269737361L + 102;

    private static final int FETCH = 20_000;

    /** Objects whose pool tells their end; an object of no pool has its own. */
    private static final String LIVED = """
            o.certified_epoch < ? and coalesce(o.end_epoch, p.end_epoch) > ? and (o.deleted_epoch is null or o.deleted_epoch >= ?)
            """;

    private static final String BLOBS = """
            select distinct o.blob_id from blob_object o
              left join storage_pool p on p.storage_pool_id = o.storage_pool_id
              join blob b on b.blob_id = o.blob_id
            where (b.invalid_checkpoint is null or b.invalid_checkpoint > (select start_checkpoint from epoch where epoch = ?)) and
            """ + LIVED + "order by o.blob_id";

    private static final String OBJECTS = """
            select o.object_id, o.storage_pool_id from blob_object o
              left join storage_pool p on p.storage_pool_id = o.storage_pool_id
            where o.kind = ? and
            """ + LIVED + "order by o.object_id";

    private EpochFingerprints() {}

    /**
     * Makes the fingerprints of the newest epoch that has none, in a transaction of its own; another process may be at it, and
     * then nothing is done.
     *
     * @param db for this alone; it takes as long as reading all objects does
     * @return the epoch; empty if none is due, or history is not complete: then there is nothing to compare with the nodes
     */
    public static OptionalLong step(Connection db) throws SQLException {
        db.setAutoCommit(false);
        try {
            if (!lock(db)) {
                return OptionalLong.empty();
            }
            OptionalLong due = due(db);
            if (due.isPresent()) {
                long epoch = due.getAsLong();
                keep(db, epoch, "blobs", blobs(db, epoch));
                keep(db, epoch, "objects", objects(db, epoch, "own"));
                keep(db, epoch, "pooled_objects", objects(db, epoch, "pooled"));
            }
            db.commit();
            return due;
        } finally {
            if (!db.isClosed()) {
                db.rollback();
            }
        }
    }

    /** Until the end of the transaction. */
    private static boolean lock(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select pg_try_advisory_xact_lock(?)")) {
            select.setLong(1, LOCK);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static OptionalLong due(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                        select e.epoch from epoch e cross join totals t
                          join watermark w on w.pipeline = 'facts'
                        where e.start_checkpoint is not null and t.complete_from >= w.first_checkpoint
                          and not exists (select from epoch_fingerprint f where f.epoch = e.epoch)
                          and not exists (select from quarantine q
                            where q.part in ('effects', 'events', 'event') and q.checkpoint < e.start_checkpoint)
                        order by e.epoch desc limit 1
                        """);
                ResultSet row = select.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    private static Fingerprint blobs(Connection db, long epoch) throws SQLException {
        var hash = new Fingerprint(epoch);
        try (PreparedStatement select = db.prepareStatement(BLOBS)) {
            select.setFetchSize(FETCH);
            for (int i = 1; i <= 4; i++) {
                select.setLong(i, epoch);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hash.add(new BlobId(row.getBytes(1)));
                }
            }
        }
        return hash;
    }

    private static Fingerprint objects(Connection db, long epoch, String kind) throws SQLException {
        var hash = new Fingerprint(epoch);
        try (PreparedStatement select = db.prepareStatement(OBJECTS)) {
            select.setFetchSize(FETCH);
            select.setString(1, kind);
            for (int i = 2; i <= 4; i++) {
                select.setLong(i, epoch);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var object = new SuiAddress(row.getBytes(1));
                    byte[] pool = row.getBytes(2);
                    if (pool == null) {
                        hash.add(object);
                    } else {
                        hash.add(new Id32<?>[] {object, new SuiAddress(pool)});
                    }
                }
            }
        }
        return hash;
    }

    private static void keep(Connection db, long epoch, String what, Fingerprint made) throws SQLException {
        try (PreparedStatement insert =
                db.prepareStatement("insert into epoch_fingerprint (epoch, what, hash, entries) values (?, ?, ?, ?)")) {
            insert.setLong(1, epoch);
            insert.setString(2, what);
            insert.setLong(3, made.value());
            insert.setLong(4, made.entries());
            insert.executeUpdate();
        }
    }
}
