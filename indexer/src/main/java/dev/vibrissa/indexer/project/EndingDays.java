package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Writes down, where a day of the chain's clock begins, who has most of what ends when. The day before has to be stored until
 * then, so that the rows are the same whatever the batches are.
 */
final class EndingDays {
    /** As many as anybody can ask for. */
    private static final int HOLDERS = 50;

    /** End epochs that are not over are fewer: nothing can be paid for more than 53 ahead. */
    private static final int END_EPOCHS = 64;

    private static final String LARGEST = """
            insert into ending_largest (checkpoint, end_epoch, owner_kind, owner)
            select ?, each.end_epoch, each.owner_kind, each.owner
            from (select end_epoch from ending order by end_epoch desc limit %d) e
            cross join lateral (
              select o.end_epoch, o.owner_kind, o.owner from ending_of_owner o
              where o.end_epoch = e.end_epoch
              order by o.bytes desc, o.owner_kind, o.owner limit %d) each
            """.formatted(END_EPOCHS, HOLDERS);

    private final Connection db;
    private @Nullable LocalDate day;

    private EndingDays(Connection db, @Nullable LocalDate day) {
        this.db = db;
        this.day = day;
    }

    static EndingDays load(Connection db) throws SQLException {
        try (PreparedStatement select =
                        db.prepareStatement("select day from ending_day order by checkpoint desc limit 1");
                ResultSet row = select.executeQuery()) {
            return new EndingDays(db, row.next() ? row.getObject(1, LocalDate.class) : null);
        }
    }

    /** Whether a checkpoint that is next begins a day. */
    boolean isBegunBy(CheckpointFacts next) {
        return day == null || dayOf(next).isAfter(day);
    }

    /** All before {@code next} is stored. */
    void begin(CheckpointFacts next) throws SQLException {
        day = dayOf(next);
        Rows.update(db, "insert into ending_day (checkpoint, day) values (?, ?)", next.sequenceNumber(), day);
        Rows.update(db, LARGEST, next.sequenceNumber());
    }

    private static LocalDate dayOf(CheckpointFacts checkpoint) {
        return LocalDate.ofInstant(checkpoint.timestamp(), ZoneOffset.UTC);
    }
}
