package dev.vibrissa.indexer.fingerprint;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.snapshot.Fingerprint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code epoch_fingerprint}. That an object lived when an epoch began is read off its row of now: what had ended
 * can neither be extended nor deleted any more, so neither its end nor its deletion moves across the epoch's start.
 */
public final class EpochFingerprints {
    /** "vibrissa" in ASCII, as the indexer's locks, and then some. */
    private static final long LOCK = 0x7669627269737361L + 102;

    /** A statement of so many rows takes moments: what others need alone, as a rebuild does, they get between two of them. */
    private static final int ROWS = 10_000;

    /** Objects whose pool tells their end; an object of no pool has its own. */
    private static final String LIVED = """
            o.certified_epoch < ? and coalesce(o.end_epoch, p.end_epoch) > ? and (o.deleted_epoch is null or o.deleted_epoch >= ?)
            """;

    /** The next blobs by id, and whether an object of each lived; so each statement looks at the same number of them. */
    private static final String BLOBS = """
            select b.blob_id,
              (b.invalid_checkpoint is null or b.invalid_checkpoint > (select start_checkpoint from epoch where epoch = ?))
              and exists (
                select from blob_object o left join storage_pool p on p.storage_pool_id = o.storage_pool_id
                where o.blob_id = b.blob_id and %s)
            from (select blob_id, invalid_checkpoint from blob where blob_id > ? order by blob_id limit ?) b
            order by b.blob_id
            """.formatted(LIVED);

    /** The next objects by id, in or of no pool, and whether each lived. */
    private static final String OBJECTS = """
            select o.object_id, o.storage_pool_id, coalesce(%s, false)
            from (select * from blob_object where object_id > ? order by object_id limit ?) o
              left join storage_pool p on p.storage_pool_id = o.storage_pool_id
            order by o.object_id
            """.formatted(LIVED);

    private EpochFingerprints() {}

    /**
     * Makes the fingerprints of the newest epoch that has none; another process may be at it, and then nothing is done. There
     * is no transaction around it: it takes as long as reading all objects does, and what is under way as long keeps others
     * from tables that a rebuild has to exchange.
     *
     * @param db for this alone
     * @return the epoch; empty if none is due, or history is not complete: then there is nothing to compare with the nodes
     */
    public static OptionalLong step(Connection db) throws SQLException {
        return step(db, ROWS);
    }

    /** @param rows that a statement looks at */
    static OptionalLong step(Connection db, int rows) throws SQLException {
        db.setAutoCommit(true);
        if (!asked(db, "select pg_try_advisory_lock(%d)".formatted(LOCK))) {
            return OptionalLong.empty();
        }
        try {
            OptionalLong due = due(db);
            if (due.isPresent()) {
                make(db, due.getAsLong(), rows);
            }
            return due;
        } finally {
            if (!db.isClosed()) {
                asked(db, "select pg_advisory_unlock(%d)".formatted(LOCK));
            }
        }
    }

    private static boolean asked(Connection db, String question) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Begins anew where the tables were exchanged meanwhile: half of what a rebuild mended is neither the old nor the new. */
    private static void make(Connection db, long epoch, int rows) throws SQLException {
        String tables;
        Fingerprint blobs;
        ObjectHashes objects;
        do {
            tables = tables(db);
            blobs = blobs(db, epoch, rows);
            objects = objects(db, epoch, rows);
        } while (!tables.equals(tables(db)));
        keep(db, epoch, blobs, objects);
    }

    /** What the names of the tables that are read stand for now. */
    private static String tables(Connection db) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet row = statement.executeQuery(
                        "select concat_ws(' ', 'blob'::regclass::oid, 'blob_object'::regclass::oid, 'storage_pool'::regclass::oid)")) {
            row.next();
            return row.getString(1);
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

    private static Fingerprint blobs(Connection db, long epoch, int rows) throws SQLException {
        var hash = new Fingerprint(epoch);
        try (PreparedStatement select = db.prepareStatement(BLOBS)) {
            for (int i = 1; i <= 4; i++) {
                select.setLong(i, epoch);
            }
            select.setInt(6, rows);
            byte[] last = new byte[0];
            for (int found = rows; found == rows; ) {
                select.setBytes(5, last);
                found = 0;
                try (ResultSet row = select.executeQuery()) {
                    for (; row.next(); found++) {
                        last = row.getBytes(1);
                        if (row.getBoolean(2)) {
                            hash.add(new BlobId(last));
                        }
                    }
                }
            }
        }
        return hash;
    }

    private record ObjectHashes(Fingerprint own, Fingerprint pooled) {}

    private static ObjectHashes objects(Connection db, long epoch, int rows) throws SQLException {
        var hashes = new ObjectHashes(new Fingerprint(epoch), new Fingerprint(epoch));
        try (PreparedStatement select = db.prepareStatement(OBJECTS)) {
            for (int i = 1; i <= 3; i++) {
                select.setLong(i, epoch);
            }
            select.setInt(5, rows);
            byte[] last = new byte[0];
            for (int found = rows; found == rows; ) {
                select.setBytes(4, last);
                found = 0;
                try (ResultSet row = select.executeQuery()) {
                    for (; row.next(); found++) {
                        last = row.getBytes(1);
                        if (row.getBoolean(3)) {
                            add(hashes, new SuiAddress(last), row.getBytes(2));
                        }
                    }
                }
            }
        }
        return hashes;
    }

    private static void add(ObjectHashes hashes, SuiAddress object, byte @Nullable [] pool) {
        if (pool == null) {
            hashes.own().add(object);
        } else {
            hashes.pooled().add(new Id32<?>[] {object, new SuiAddress(pool)});
        }
    }

    /** All in one statement: an epoch has its fingerprints or has none. */
    private static void keep(Connection db, long epoch, Fingerprint blobs, ObjectHashes objects) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into epoch_fingerprint (epoch, what, hash, entries)
                values (?, 'blobs', ?, ?), (?, 'objects', ?, ?), (?, 'pooled_objects', ?, ?)
                """)) {
            int next = 1;
            for (Fingerprint made : List.of(blobs, objects.own(), objects.pooled())) {
                insert.setLong(next++, epoch);
                insert.setLong(next++, made.value());
                insert.setLong(next++, made.entries());
            }
            insert.executeUpdate();
        }
    }
}
