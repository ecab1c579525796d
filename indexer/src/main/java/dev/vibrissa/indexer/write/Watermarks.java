package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.protocol.sui.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far facts reach, at both ends, and over which range each projection was folded.
 *
 * <p>The row of the facts is moved first thing in the transaction that stores them: whoever else moves it waits, and so
 * all who write facts take turns.
 */
public final class Watermarks {
    private Watermarks() {}

    /**
     * The gap-free range of facts.
     *
     * @param firstPrevious what the first checkpoint calls its predecessor; empty where it was not kept
     * @param verified somebody vouches for the first checkpoint
     */
    public record Facts(long first, long last, Optional<Digest> firstPrevious, boolean verified) {}

    /** Empty while nothing is stored. */
    public static Optional<Facts> facts(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                        select w.first_checkpoint, w.last_checkpoint, w.first_previous_digest, c.verification <> 'unverified'
                        from watermark w join checkpoint c on c.sequence_number = w.first_checkpoint
                        where w.pipeline = 'facts'
                        """);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            byte @Nullable [] previous = row.getBytes(3);
            return Optional.of(new Facts(
                    row.getLong(1),
                    row.getLong(2),
                    Optional.ofNullable(previous).map(Digest::new),
                    row.getBoolean(4)));
        }
    }

    /**
     * Extends the facts forward by a batch that its transaction is about to store.
     *
     * @throws ChainException if they do not end where this process left them
     */
    public static void extend(Connection db, List<Accepted> batch) throws SQLException {
        var tip = batch.getLast();
        try (PreparedStatement claim = db.prepareStatement("""
                insert into watermark as w (pipeline, first_checkpoint, last_checkpoint, last_digest, first_previous_digest)
                values ('facts', ?, ?, ?, ?)
                on conflict (pipeline) do update
                  set last_checkpoint = excluded.last_checkpoint, last_digest = excluded.last_digest, updated_at = now()
                  where w.last_checkpoint = excluded.first_checkpoint - 1
                """)) {
            claim.setLong(1, batch.getFirst().sequenceNumber());
            claim.setLong(2, tip.sequenceNumber());
            claim.setBytes(3, tip.checkpoint().digest().toByteArray());
            claim.setBytes(4, previous(batch));
            if (claim.executeUpdate() != 1) {
                throw new ChainException("checkpoints %d to %d do not follow the watermark: somebody else moved it"
                        .formatted(batch.getFirst().sequenceNumber(), tip.sequenceNumber()));
            }
        }
    }

    /**
     * Extends the facts backward by a batch that ends right before them.
     *
     * @throws ChainException if they do not begin where this process left them
     */
    public static void extendBack(Connection db, List<Accepted> batch) throws SQLException {
        try (PreparedStatement claim = db.prepareStatement("""
                update watermark set first_checkpoint = ?, first_previous_digest = ?, updated_at = now()
                where pipeline = 'facts' and first_checkpoint = ?
                """)) {
            claim.setLong(1, batch.getFirst().sequenceNumber());
            claim.setBytes(2, previous(batch));
            claim.setLong(3, batch.getLast().sequenceNumber() + 1);
            if (claim.executeUpdate() != 1) {
                throw new ChainException(
                        "checkpoints %d to %d do not end where the facts begin: somebody else moved them"
                                .formatted(
                                        batch.getFirst().sequenceNumber(),
                                        batch.getLast().sequenceNumber()));
            }
        }
    }

    private static byte @Nullable [] previous(List<Accepted> batch) {
        return batch.getFirst()
                .checkpoint()
                .summary()
                .previousDigest()
                .map(Digest::toByteArray)
                .orElse(null);
    }

    /** Takes the turn of the caller's transaction to change facts, without moving their ends. */
    public static void hold(Connection db) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select from watermark where pipeline = 'facts' for update")) {
            select.execute();
        }
    }

    /** Keeps the predecessor of the first checkpoint in a database that was begun without it. */
    public static void previousOf(Connection db, long first, Digest previous) throws SQLException {
        try (PreparedStatement update = db.prepareStatement(
                "update watermark set first_previous_digest = ? where pipeline = 'facts' and first_checkpoint = ?")) {
            update.setBytes(1, previous.toByteArray());
            update.setLong(2, first);
            update.executeUpdate();
        }
    }

    /**
     * Moves projections over a batch that the facts were just extended by.
     *
     * @return those that had folded everything before it, or begin with it: only they may fold it
     */
    public static Collection<String> follow(Connection db, Collection<String> projections, List<Accepted> batch)
            throws SQLException {
        var following = new TreeSet<String>();
        try (PreparedStatement move = db.prepareStatement("""
                insert into watermark as w (pipeline, first_checkpoint, last_checkpoint, last_digest)
                select p.name, f.first_checkpoint, f.last_checkpoint, f.last_digest
                from watermark f cross join unnest(?::text[]) as p (name)
                where f.pipeline = 'facts'
                  and (f.first_checkpoint = ? or exists (select from watermark e where e.pipeline = p.name))
                on conflict (pipeline) do update
                  set last_checkpoint = excluded.last_checkpoint, last_digest = excluded.last_digest, updated_at = now()
                  where w.last_checkpoint = ? - 1
                returning pipeline
                """)) {
            long first = batch.getFirst().sequenceNumber();
            move.setArray(1, db.createArrayOf("text", projections.toArray()));
            move.setLong(2, first);
            move.setLong(3, first);
            try (ResultSet rows = move.executeQuery()) {
                while (rows.next()) {
                    following.add(rows.getString(1));
                }
            }
        }
        return following;
    }

    /** The first checkpoint that a projection was folded from; empty if it never was. */
    public static Optional<Long> firstOf(Connection db, String projection) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select first_checkpoint from watermark where pipeline = ?")) {
            select.setString(1, projection);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** The first checkpoint that answers may speak about: every projection was folded from there on. */
    public static long answeredFrom(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select checkpoint from answered.since");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Whether some projection does not cover all facts, or other facts than there are now. */
    public static boolean isHistoryHidden(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                        select exists (select from watermark p join watermark f on f.pipeline = 'facts'
                            where p.first_checkpoint > f.first_checkpoint)
                          or exists (select from backfill where refold)
                        """);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Tells how far the projections that will show filled-in history are folded. */
    public static void foldingTo(Connection db, long checkpoint) throws SQLException {
        try (PreparedStatement update = db.prepareStatement("update backfill set folded_to = ?, updated_at = now()")) {
            update.setLong(1, checkpoint);
            update.executeUpdate();
        }
    }

    /** Says that a projection was folded over all facts from {@code first} on. */
    public static void folded(Connection db, String projection, long first) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into watermark (pipeline, first_checkpoint, last_checkpoint, last_digest)
                select ?, ?, last_checkpoint, last_digest from watermark where pipeline = 'facts'
                on conflict (pipeline) do update set first_checkpoint = excluded.first_checkpoint,
                  last_checkpoint = excluded.last_checkpoint, last_digest = excluded.last_digest, updated_at = now()
                """)) {
            upsert.setString(1, projection);
            upsert.setLong(2, first);
            upsert.executeUpdate();
        }
    }

    /** Ends what was kept while history was filled in: versions observed as inputs that it has brought, a snapshot,
     * and suspects. */
    public static void showHistory(Connection db) throws SQLException {
        List<String> statements = List.of("""
                delete from object_change o where change = 'observed' and exists (
                  select from object_change w
                  where w.object_id = o.object_id and w.version = o.version and w.change <> 'observed')
                """, """
                delete from object_change where tx_index = -1
                  and checkpoint > (select first_checkpoint from watermark where pipeline = 'facts')
                """, """
                update network set snapshot_checkpoint = null
                where snapshot_checkpoint > (select first_checkpoint from watermark where pipeline = 'facts')
                """, """
                delete from suspect
                """, """
                update backfill set refold = false, folded_to = null, updated_at = now()
                """);
        for (String sql : statements) {
            try (PreparedStatement statement = db.prepareStatement(sql)) {
                statement.executeUpdate();
            }
        }
    }
}
