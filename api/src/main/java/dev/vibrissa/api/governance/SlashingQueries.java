package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.SlashingView.Ended;
import dev.vibrissa.api.page.PageRequest;
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
        var epochEnd = EpochClock.earliestEnd(db, moment);
        var found = db.list(
                """
                select p.subject, p.checkpoint as begun_checkpoint, p.tx_index as begun_tx_index, p.tx_digest as begun_tx,
                  p.begun_at, bt.sender as begun_sender, p.observed, p.epoch, p.ended_how, p.ended_checkpoint, p.ended_tx_index,
                  p.ended_tx, p.ended_at, et.sender as ended_sender, p.burned, p.supply_after, sn.name,
                  coalesce(e.n_shards, n.n_shards) as n_shards
                from proposal p
                cross join network n
                left join epoch e on e.epoch = p.epoch
                left join storage_node sn on sn.node_id = p.subject
                left join transaction bt on bt.digest = p.tx_digest
                left join transaction et on et.digest = p.ended_tx
                where p.kind = 'slashing' and p.checkpoint <= ? and (p.checkpoint, p.tx_index, p.subject) > (?, ?, ?)
                order by p.checkpoint, p.tx_index, p.subject
                limit ?
                """,
                row -> new Found(Votes.Round.of(row), view(row, moment, epochEnd)),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterBytes(2),
                page.fetch());
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
