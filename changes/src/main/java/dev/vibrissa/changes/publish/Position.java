package dev.vibrissa.changes.publish;

import com.google.protobuf.Timestamp;
import dev.vibrissa.changes.Told;
import dev.vibrissa.changes.v1.Place;
import dev.vibrissa.changes.v1.Published;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Up to where changes are published.
 *
 * @param toldAt of the change with that id; null if there is none
 * @param checkpoint and {@code ordinal} of the last one that the chain says; -1 if there is none
 */
record Position(long id, @Nullable Instant toldAt, long checkpoint, int ordinal) {
    static final Position BEGIN = new Position(0, null, -1, -1);

    static Position of(Published published) {
        var at = published.getToldAt();
        return new Position(
                published.getId(),
                Instant.ofEpochSecond(at.getSeconds(), at.getNanos()),
                published.hasCheckpoint() ? published.getCheckpoint() : -1,
                published.hasCheckpoint() ? published.getOrdinal() : -1);
    }

    Published message(String chain) {
        var message = Published.newBuilder().setId(id).setChain(chain);
        if (toldAt != null) {
            message.setToldAt(
                    Timestamp.newBuilder().setSeconds(toldAt.getEpochSecond()).setNanos(toldAt.getNano()));
        }
        if (checkpoint >= 0) {
            message.setCheckpoint(checkpoint).setOrdinal(ordinal);
        }
        return message.build();
    }

    /** Whether the topic has it although its id is new: an older state of the database was restored, and catches up. */
    boolean covers(Told told) {
        if (!told.change().hasPlace()) {
            return false;
        }
        Place place = told.change().getPlace();
        return place.getCheckpoint() < checkpoint
                || place.getCheckpoint() == checkpoint && place.getOrdinal() <= ordinal;
    }

    Position after(Told told) {
        if (!told.change().hasPlace() || covers(told)) {
            return new Position(told.id(), told.toldAt(), checkpoint, ordinal);
        }
        Place place = told.change().getPlace();
        return new Position(told.id(), told.toldAt(), place.getCheckpoint(), place.getOrdinal());
    }

    /**
     * Where to go on in the database that is there now.
     *
     * @param lost changes that were dropped unpublished
     * @param restored the database is not the one that was published from, but an older state of it
     */
    record Resumed(Position position, long lost, boolean restored) {}

    /**
     * Goes on where the topic ends. In a database that was restored, what is new since has ids that the topic has given
     * to others: it gets ids after those.
     */
    Resumed resume(Connection db) throws SQLException {
        db.setAutoCommit(false);
        try {
            Resumed resumed = resumeWithin(db);
            db.commit();
            return resumed;
        } finally {
            db.rollback();
            db.setAutoCommit(true);
        }
    }

    private Resumed resumeWithin(Connection db) throws SQLException {
        if (toldAt == null) {
            return new Resumed(this, 0, false);
        }
        // From here on nobody appends until the commit.
        try (PreparedStatement hold = db.prepareStatement("""
                insert into change_keeping as k (last_id) values (0)
                on conflict (only_row) do update set last_id = k.last_id
                returning last_id, dropped_to, (select told_at from change where id = ?)
                """)) {
            hold.setLong(1, id);
            try (ResultSet row = hold.executeQuery()) {
                row.next();
                long last = row.getLong(1);
                long droppedTo = row.getLong(2);
                OffsetDateTime here = row.getObject(3, OffsetDateTime.class);
                if (here != null && here.toInstant().equals(toldAt)) {
                    return new Resumed(this, 0, false);
                }
                if (here == null && id <= droppedTo) {
                    return new Resumed(new Position(droppedTo, toldAt, checkpoint, ordinal), droppedTo - id, false);
                }
                return new Resumed(new Position(moveOn(db, Math.max(last, id)), toldAt, checkpoint, ordinal), 0, true);
            }
        }
    }

    /** Gives new ids to what was told since, and is not in the topic: after {@code base}, which is returned. */
    private long moveOn(Connection db, long base) throws SQLException {
        int moved;
        try (PreparedStatement update = db.prepareStatement("""
                update change c set id = ? + n.n
                from (select id, row_number() over (order by id) as n from change
                      where told_at > ? and (checkpoint is null or (checkpoint, ordinal) > (?, ?))) n
                where c.id = n.id
                """)) {
            update.setLong(1, base);
            update.setObject(2, Objects.requireNonNull(toldAt).atOffset(ZoneOffset.UTC));
            update.setLong(3, checkpoint);
            update.setInt(4, ordinal);
            moved = update.executeUpdate();
        }
        try (PreparedStatement update = db.prepareStatement("update change_keeping set last_id = ?")) {
            update.setLong(1, base + moved);
            update.executeUpdate();
        }
        return base;
    }
}
