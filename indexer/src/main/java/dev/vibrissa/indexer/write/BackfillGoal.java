package dev.vibrissa.indexer.write;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How much history is wanted behind the first checkpoint: one row, for the indexer and for those who ask. */
public final class BackfillGoal {
    private BackfillGoal() {}

    /**
     * Keeps the goal. If it is new, what was indexed until now has to be read again once history is there: nobody
     * remembered the suspects in it. The same goal over again, or less, where the source ended before it, changes
     * nothing: only {@link #goesOn what the source has more by now} does.
     */
    public static void announce(Connection db, long goal) throws SQLException {
        Watermarks.hold(db); // whoever stores facts after us sees the goal
        var facts = Watermarks.facts(db);
        if (facts.isPresent() && goal >= facts.get().first()) {
            return;
        }
        boolean isPursued = facts.isPresent() && isPursued(db, goal);
        if (facts.isPresent() && !isPursued) {
            StoredRange.due(db, facts.get().first(), facts.get().last());
        }
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into backfill as b (goal) values (?)
                on conflict (only_row) do update
                  set goal = excluded.goal, source_ended = b.source_ended and ?, updated_at = now()
                """)) {
            upsert.setLong(1, goal);
            upsert.setBoolean(2, isPursued);
            upsert.executeUpdate();
        }
    }

    private static boolean isPursued(Connection db, long goal) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select exists (select from backfill b join watermark w on w.pipeline = 'facts'
                  where b.goal < w.first_checkpoint and (b.goal <= ? or not b.source_ended))
                """)) {
            select.setLong(1, goal);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** What is about to be filled in is more than the source had when it ended: nobody remembered suspects since. */
    public static void goesOn(Connection db) throws SQLException {
        try (PreparedStatement update = db.prepareStatement(
                "update backfill set source_ended = false, updated_at = now() where source_ended")) {
            if (update.executeUpdate() > 0) {
                var facts = Watermarks.facts(db).orElseThrow();
                StoredRange.due(db, facts.first(), facts.last());
            }
        }
    }

    /** The source has nothing before the first checkpoint. */
    public static void sourceEnded(Connection db) throws SQLException {
        try (PreparedStatement update =
                db.prepareStatement("update backfill set source_ended = true, updated_at = now()")) {
            update.executeUpdate();
        }
    }
}
