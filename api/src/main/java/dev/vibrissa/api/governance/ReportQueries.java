package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ReportView.Epoch;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.walrus.governance.Concentration;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Reads what happened in a range of epochs. */
final class ReportQueries {
    /** An epoch is a few dozen transactions of governance; a report is for people. */
    static final int MOST_EPOCHS = 100;

    private ReportQueries() {}

    /** The first and last checkpoint of the range. */
    record Checkpoints(long first, long last) {
        /** As arguments of a statement that asks so many times, and some more. */
        Object[] times(int count, Object... more) {
            return Stream.concat(
                            Collections.nCopies(count, List.of(first, last)).stream()
                                    .flatMap(List::stream),
                            Stream.of(more))
                    .toArray();
        }
    }

    /**
     * @throws ProblemException 400 for a range that is empty or too long; 404 if it is not indexed
     */
    static ReportView read(Snapshot db, Moment moment, long from, long to) {
        if (from > to || to - from >= MOST_EPOCHS) {
            throw ProblemException.badInput(
                    "from", "from %d to %d is no range of 1 to %d epochs".formatted(from, to, MOST_EPOCHS));
        }
        if (to > moment.epoch()) {
            throw ProblemException.notIndexed("Walrus epoch %d is not indexed: at checkpoint %d, epoch %d runs"
                    .formatted(to, moment.checkpoint(), moment.epoch()));
        }
        var range = checkpoints(db, moment, from, to);
        return new ReportView(
                moment.asOf(),
                from,
                to,
                epochs(db, moment, from, to),
                UpgradeQueries.within(db, moment, range),
                SlashingQueries.within(db, moment, range),
                Participation.read(db, moment, range, from, to),
                Timeline.read(db, moment, range));
    }

    private static Checkpoints checkpoints(Snapshot db, Moment moment, long from, long to) {
        return db.one(
                """
                select coalesce((select coalesce(start_checkpoint, running_since) from epoch where epoch = ?), 0) as first,
                  coalesce((select start_checkpoint - 1 from epoch where epoch = ? and start_checkpoint <= ?), ?) as last
                """,
                row -> new Checkpoints(row.number("first"), row.number("last")),
                from,
                to + 1,
                moment.checkpoint(),
                moment.checkpoint());
    }

    private static List<Epoch> epochs(Snapshot db, Moment moment, long from, long to) {
        return db.list("""
                select e.epoch, e.start_checkpoint, e.started_at, e.n_shards, e.storage_price, e.write_price, e.total_capacity,
                  e.used_capacity, c.pot, c.burn, c.distributed, c.leftover,
                  (select coalesce(array_agg(m.weight order by m.position), '{}') from committee_member m
                   where m.epoch = e.epoch) as weights
                from epoch e
                left join epoch_change c on c.to_epoch = e.epoch + 1 and c.checkpoint <= ?
                where e.epoch between ? and ? and e.running_since <= ?
                order by e.epoch
                """, ReportQueries::epoch, moment.checkpoint(), from, to, moment.checkpoint());
    }

    private static Epoch epoch(Row row) throws SQLException {
        var shares = Concentration.of(
                row.integers("weights").stream().map(Integer::longValue).toList());
        Integer nShards = row.integerOrNull("n_shards");
        var shards = nShards == null ? null : new ShardQuorum(nShards);
        return new Epoch(
                row.number("epoch"),
                row.numberOrNull("start_checkpoint"),
                row.instantOrNull("started_at"),
                nShards,
                shards == null ? null : (Integer) shards.quorum(),
                shards == null ? null : (Integer) shards.oneHonest(),
                shares.holders(),
                shards == null ? null : shares.nakamoto(shards.oneHonest()).orElse(null),
                shards == null ? null : shares.nakamoto(shards.quorum()).orElse(null),
                row.amountOrNull("storage_price"),
                row.amountOrNull("write_price"),
                row.amountOrNull("total_capacity"),
                row.amountOrNull("used_capacity"),
                row.amountOrNull("pot"),
                row.amountOrNull("burn"),
                row.amountOrNull("distributed"));
    }
}
