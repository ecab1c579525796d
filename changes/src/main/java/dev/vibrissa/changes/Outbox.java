package dev.vibrissa.changes;

import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.changes.v1.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code change}.
 *
 * <p>Appending is the last thing that a transaction does: from then on whoever else wants to append waits for its end.
 * That is the price of ids in the order of commits, without which a reader who goes on after the last id that he saw
 * would pass over one that was given out earlier and committed later.
 */
public final class Outbox {
    private static final int ROWS_AT_ONCE = 1_000;

    /** What is too old goes with what comes, twice as fast: no transaction has to drop everything at once. */
    private static final int DROPPED_AT_LEAST = 1_000;

    private Outbox() {}

    /**
     * Which ids there are.
     *
     * @param droppedTo this one and those before it are no longer kept
     * @param last the last one; 0 before the first
     */
    public record Range(long droppedTo, long last) {}

    /**
     * Tells changes, in this order, in the caller's transaction.
     *
     * @param changes without ids; of those of one checkpoint the ordinals grow
     */
    public static void append(Connection db, List<Change> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        long last = reserve(db, changes.size());
        for (int from = 0; from < changes.size(); from += ROWS_AT_ONCE) {
            insert(db, last + from, changes.subList(from, Math.min(from + ROWS_AT_ONCE, changes.size())));
        }
        drop(db, Math.max(DROPPED_AT_LEAST, 2 * changes.size()));
    }

    /** Takes the turn, and returns the id before the first that may be used. */
    private static long reserve(Connection db, int count) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into change_keeping as k (last_id) values (?)
                on conflict (only_row) do update set last_id = k.last_id + excluded.last_id
                returning last_id
                """)) {
            upsert.setLong(1, count);
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return row.getLong(1) - count;
            }
        }
    }

    private static void insert(Connection db, long before, List<Change> changes) throws SQLException {
        int n = changes.size();
        var topics = new String[n];
        var kinds = new String[n];
        var keys = new String[n];
        var checkpoints = new @Nullable Long[n];
        var ordinals = new @Nullable Integer[n];
        var bodies = new byte[n][];
        for (int i = 0; i < n; i++) {
            Change each = changes.get(i);
            Subject subject = Subject.of(each);
            topics[i] = subject.topic().word();
            kinds[i] = Told.kind(each);
            keys[i] = subject.key();
            if (each.hasPlace()) {
                Place place = each.getPlace();
                checkpoints[i] = place.getCheckpoint();
                ordinals[i] = place.getOrdinal();
            }
            bodies[i] = each.toByteArray();
        }
        try (PreparedStatement insert = db.prepareStatement("""
                insert into change (id, told_at, topic, kind, subject, checkpoint, ordinal, body)
                select ? + t.n, clock_timestamp(), t.topic, t.kind, t.subject, t.checkpoint, t.ordinal, t.body
                from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::integer[], ?::bytea[])
                  with ordinality as t (topic, kind, subject, checkpoint, ordinal, body, n)
                """)) {
            insert.setLong(1, before);
            insert.setArray(2, db.createArrayOf("text", topics));
            insert.setArray(3, db.createArrayOf("text", kinds));
            insert.setArray(4, db.createArrayOf("text", keys));
            insert.setArray(5, db.createArrayOf("bigint", checkpoints));
            insert.setArray(6, db.createArrayOf("integer", ordinals));
            insert.setArray(7, db.createArrayOf("bytea", bodies));
            insert.executeUpdate();
        }
    }

    /**
     * Drops some of what is older than is kept, the oldest first: the index on {@code told_at} ends at the first that is
     * young enough. By id, all that is young would be read on the way, at every batch.
     */
    private static void drop(Connection db, int most) throws SQLException {
        try (PreparedStatement delete = db.prepareStatement("""
                with gone as (
                  delete from change where id = any (array(
                    select c.id from change c
                    where c.told_at < (select clock_timestamp() - k.kept_for from change_keeping k)
                    order by c.told_at limit ?))
                  returning id)
                update change_keeping set dropped_to = greatest(dropped_to, (select max(id) from gone))
                where exists (select from gone)
                """)) {
            delete.setInt(1, most);
            delete.executeUpdate();
        }
    }

    /** Says how long changes are kept from now on. */
    public static void keepFor(Connection db, Duration age) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into change_keeping (kept_for) values (make_interval(secs => ?))
                on conflict (only_row) do update set kept_for = excluded.kept_for
                """)) {
            upsert.setDouble(1, age.toMillis() / 1_000.0);
            upsert.executeUpdate();
        }
    }

    public static Range range(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select dropped_to, last_id from change_keeping");
                ResultSet row = select.executeQuery()) {
            return row.next() ? new Range(row.getLong(1), row.getLong(2)) : new Range(0, 0);
        }
    }

    /** The changes after an id, in order. */
    public static List<Told> after(Connection db, long id, int most) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select id, told_at, topic, kind, subject, body from change where id > ? order by id limit ?
                """)) {
            select.setLong(1, id);
            select.setInt(2, most);
            try (ResultSet row = select.executeQuery()) {
                var told = new ArrayList<Told>();
                while (row.next()) {
                    told.add(Told.of(
                            row.getLong("id"),
                            row.getObject("told_at", OffsetDateTime.class).toInstant(),
                            row.getString("topic"),
                            row.getString("kind"),
                            row.getString("subject"),
                            row.getBytes("body")));
                }
                return told;
            }
        }
    }
}
