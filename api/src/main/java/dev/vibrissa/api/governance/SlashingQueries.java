package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ReportQueries.Checkpoints;
import dev.vibrissa.api.governance.SlashingView.Ended;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rounds of votes on slashing. */
final class SlashingQueries {
    /** Its question mark is the checkpoint. */
    private static final String SELECT = """
            select p.subject, p.checkpoint as begun_checkpoint, p.tx_index as begun_tx_index, p.tx_digest as begun_tx,
              p.begun_at, bt.sender as begun_sender, p.observed, p.epoch, p.ended_how, p.ended_checkpoint, p.ended_tx_index,
              p.ended_tx, p.ended_at, et.sender as ended_sender, p.burned, p.supply_after, sn.name,
              coalesce(e.n_shards, n.n_shards) as n_shards
            from proposal p
            cross join network n
            left join epoch e on e.epoch = p.epoch
            left join transaction bt on bt.digest = p.tx_digest
            left join transaction et on et.digest = p.ended_tx
            """ + NodeName.of("p.subject");

    private SlashingQueries() {}

    /** A view with the key of its place in the list. */
    record Listed(SlashingView view, Votes.Round key) {}

    private record Found(Votes.Round key, Bare bare) {}

    /** What a row says before votes are known. */
    @FunctionalInterface
    private interface Bare {
        SlashingView with(List<Votes.Vote> votes);
    }

    static List<Listed> list(Snapshot db, Moment moment, PageRequest page) {
        return read(
                db,
                moment,
                SELECT + """
                        where p.kind = 'slashing' and p.checkpoint <= ? and (p.checkpoint, p.tx_index, p.subject) > (?, ?, ?)
                        order by p.checkpoint, p.tx_index, p.subject
                        limit ?
                        """,
                moment.checkpoint(),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterBytes(2),
                page.fetch());
    }

    /** All of which something happened in a range of checkpoints. */
    static List<SlashingView> within(Snapshot db, Moment moment, Checkpoints range) {
        return read(db, moment, SELECT + """
                                cross join (select ?::bigint as first, ?::bigint as last) r
                                where p.kind = 'slashing' and (
                                  p.checkpoint between r.first and r.last or p.ended_checkpoint between r.first and r.last
                                  or exists (select from proposal_vote v
                                    where v.kind = p.kind and v.subject = p.subject and v.round_checkpoint = p.checkpoint
                                      and v.round_tx_index = p.tx_index and v.checkpoint between r.first and r.last))
                                order by p.checkpoint, p.tx_index, p.subject
                                """, moment.checkpoint(), range.first(), range.last()).stream()
                .map(Listed::view)
                .toList();
    }

    private static List<Listed> read(Snapshot db, Moment moment, String sql, Object... arguments) {
        var epochEnd = EpochClock.read(db, moment).flatMap(clock -> Optional.ofNullable(clock.epochEnds()));
        var found = db.list(sql, row -> new Found(Votes.Round.of(row), view(row, moment, epochEnd)), arguments);
        var votes = Votes.of(db, "slashing", found, each -> each.key().checkpoint(), moment.checkpoint());
        return found.stream()
                .map(each -> new Listed(each.bare().with(votes.of(each.key())), each.key()))
                .toList();
    }

    private static Bare view(Row row, Moment moment, Optional<Instant> epochEnd) throws SQLException {
        long until = moment.checkpoint();
        var candidate = row.address("subject");
        String name = row.textOrNull("name");
        var begun = Objects.requireNonNull(Step.of(row, "begun", until));
        boolean observed = row.bool("observed");
        long epoch = row.number("epoch");
        int quorum = new ShardQuorum(row.integer("n_shards")).quorum();
        var endedStep = Step.of(row, "ended", until);
        var ended = endedStep == null
                ? null
                : new Ended(
                        row.text("ended_how"), endedStep, row.amountOrNull("burned"), row.amountOrNull("supply_after"));
        boolean live = ended == null && epoch >= moment.epoch();
        var end = live ? epochEnd.orElse(null) : null;
        return votes -> {
            int weight = Votes.weight(votes);
            return new SlashingView(
                    candidate,
                    name,
                    state(ended, live, weight >= quorum),
                    begun,
                    observed,
                    epoch,
                    weight,
                    quorum,
                    Math.max(0, quorum - weight),
                    Votes.quorum(votes),
                    end,
                    end == null ? null : (Long) millisLeft(moment, end),
                    votes,
                    ended);
        };
    }

    private static long millisLeft(Moment moment, Instant end) {
        return Math.max(0, Duration.between(moment.asOf().timestamp(), end).toMillis());
    }

    private static String state(@Nullable Ended ended, boolean live, boolean quorum) {
        return ended != null ? ended.how() : !live ? "lapsed" : quorum ? "quorum" : "voting";
    }
}
