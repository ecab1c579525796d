package dev.vibrissa.api.time;

import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the checkpoint that {@code at=} names. */
@ApplicationScoped
public class Moments {
    /** To be filled in with the checkpoint. */
    private static final String MOMENT = """
            select greatest(w.first_checkpoint, since.checkpoint) as first_checkpoint, w.last_checkpoint, n.name, n.label, t.complete_from,
              c.sequence_number, c.digest, c.checkpoint_at, c.verification, s.kind,
              exists (select from checkpoint u
                where u.verification = 'unverified' and u.sequence_number <= c.sequence_number) as unverified,
              exists (select from quarantine q
                where q.part in ('effects', 'events', 'event') and q.checkpoint <= c.sequence_number) as holes,
              (select max(e.epoch) from epoch e where e.running_since <= c.sequence_number) as epoch,
              (select max(each.updated_at)::text from (
                select updated_at from watermark union all select updated_at from backfill) each) as revision
            from watermark w
            cross join since
            cross join network n
            cross join totals t
            join checkpoint c on c.sequence_number = %s
            join source s using (source_id)
            where w.pipeline = 'facts'
            """;

    /** Every answer begins with this; without a parameter its plan is kept, whatever the session does with others. */
    private static final String NEWEST = MOMENT.formatted("w.last_checkpoint");

    private static final String OF_CHECKPOINT = MOMENT.formatted("?");

    private final Clock clock;

    Moments(Clock clock) {
        this.clock = clock;
    }

    /**
     * What is indexed: a range of checkpoints without a gap.
     *
     * @param stored facts are stored from here on; before {@code first} no answer shows them yet
     */
    record Range(
            long stored,
            long first,
            Instant firstAt,
            long last,
            Instant lastAt,
            @Nullable Long firstEpoch,
            @Nullable Long lastEpoch) {
        String inWords() {
            return "indexed are checkpoints %d to %d, times %s to %s, Walrus epochs %s%s"
                    .formatted(
                            first,
                            last,
                            firstAt,
                            lastAt,
                            firstEpoch == null ? "none yet" : firstEpoch + " to " + lastEpoch,
                            stored == first
                                    ? ""
                                    : "; history before is being filled in, down to checkpoint %d so far, and shows once"
                                                    .formatted(stored)
                                            + " all of it is there");
        }
    }

    /**
     * The state that {@code at} names.
     *
     * @throws ProblemException 404 saying what is indexed, if it is in the future or before our history; 503 if
     *     nothing is indexed yet
     */
    public Moment resolve(Snapshot db, At at) {
        return switch (at) {
            case At.Now _ -> moment(db, null, null);
            case At.Checkpoint(long n) -> {
                var range = range(db);
                if (n < range.first() || n > range.last()) {
                    throw notIndexed("checkpoint " + n, range);
                }
                yield moment(db, n, null);
            }
            case At.Time(Instant time) -> {
                var range = range(db);
                if (time.isAfter(range.lastAt())) {
                    throw notIndexed("time " + time, range);
                }
                long n = lastNotLater(db, time)
                        .filter(found -> found >= range.first())
                        .orElseThrow(() -> notIndexed("time " + time, range));
                yield moment(db, n, null);
            }
            case At.Epoch(long epoch) -> {
                var range = range(db);
                if (range.lastEpoch() == null || epoch > range.lastEpoch()) {
                    throw notIndexed("Walrus epoch " + epoch, range);
                }
                if (epoch == range.lastEpoch()) {
                    yield moment(db, null, null);
                }
                long end = lastBeforeEpoch(db, epoch + 1)
                        .filter(found -> found >= range.first())
                        .orElseThrow(() -> notIndexed("the end of Walrus epoch " + epoch, range));
                yield moment(db, end, epoch);
            }
        };
    }

    private Moment moment(Snapshot db, @Nullable Long checkpoint, @Nullable Long epoch) {
        Instant now = clock.instant();
        Snapshot.RowReader<Moment> reader = row -> moment(row, epoch, now);
        return (checkpoint == null ? db.first(NEWEST, reader) : db.first(OF_CHECKPOINT, reader, checkpoint))
                .orElseThrow(ProblemException::nothingIndexed);
    }

    private static Moment moment(Row row, @Nullable Long asked, Instant now) throws SQLException {
        long checkpoint = row.number("sequence_number");
        boolean past = checkpoint < row.number("last_checkpoint");
        Long completeFrom = row.numberOrNull("complete_from");
        // Events in quarantine are a hole in what follows: the folds must not rely on having seen everything.
        // The beginning may have been filled in already, but not yet been folded.
        boolean complete = completeFrom != null
                && completeFrom >= row.number("first_checkpoint")
                && completeFrom <= checkpoint
                && !row.bool("holes");
        Long known = row.numberOrNull("epoch");
        Instant timestamp = row.instant("checkpoint_at");
        var asOf = new AsOf(
                checkpoint,
                row.digest("digest"),
                asked != null ? asked : known == null && complete ? (Long) 0L : known,
                timestamp,
                past ? null : Math.max(0, Duration.between(timestamp, now).toMillis()),
                row.text("kind"),
                row.bool("unverified") ? "unverified" : row.text("verification"),
                complete ? "complete" : "partial",
                row.number("first_checkpoint"),
                row.text("name"),
                row.textOrNull("label"));
        return new Moment(asOf, row.text("revision"), past);
    }

    private static Range range(Snapshot db) {
        return db.first(
                        """
                        select w.first_checkpoint as stored, f.sequence_number as first, f.checkpoint_at as first_at,
                          l.sequence_number as last, l.checkpoint_at as last_at,
                          (select min(epoch) from epoch where running_since is not null) as first_epoch,
                          (select max(epoch) from epoch where running_since is not null) as last_epoch
                        from watermark w
                        cross join since
                        join checkpoint f on f.sequence_number = greatest(w.first_checkpoint, since.checkpoint)
                        join checkpoint l on l.sequence_number = w.last_checkpoint
                        where w.pipeline = 'facts'
                        """,
                        row -> new Range(
                                row.number("stored"),
                                row.number("first"),
                                row.instant("first_at"),
                                row.number("last"),
                                row.instant("last_at"),
                                row.numberOrNull("first_epoch"),
                                row.numberOrNull("last_epoch")))
                .orElseThrow(ProblemException::nothingIndexed);
    }

    private static Optional<Long> lastNotLater(Snapshot db, Instant time) {
        return db.first("""
                select sequence_number from checkpoint
                where checkpoint_at <= ?
                order by checkpoint_at desc, sequence_number desc
                limit 1
                """, row -> row.number("sequence_number"), time);
    }

    /** Empty where the epoch's start was not seen, as at the beginning of a partial history. */
    private static Optional<Long> lastBeforeEpoch(Snapshot db, long epoch) {
        return db.first(
                "select start_checkpoint - 1 as last from epoch where epoch = ? and start_checkpoint is not null",
                row -> row.number("last"),
                epoch);
    }

    private static ProblemException notIndexed(String what, Range range) {
        return ProblemException.notIndexed("%s is not indexed: %s".formatted(what, range.inWords()));
    }
}
