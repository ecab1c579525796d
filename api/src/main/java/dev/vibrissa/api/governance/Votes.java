package dev.vibrissa.api.governance;

import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The votes of some rounds. */
final class Votes {
    private final Map<Round, List<Vote>> byRound = new HashMap<>();

    /** A round of votes on a matter: the key of {@code proposal}. */
    record Round(ByteBuffer subject, long checkpoint, int txIndex) {
        static Round of(Row row) throws SQLException {
            return new Round(
                    ByteBuffer.wrap(row.bytes("subject")),
                    row.number("begun_checkpoint"),
                    row.integer("begun_tx_index"));
        }
    }

    /**
     * One vote, as the version of the proposal after it shows.
     *
     * @param weight shards of the voter; null if neither the proposal nor a committee that we know tells
     * @param totalWeight of the round after this vote
     * @param quorumReached the round had a quorum after it; null where the number of shards is not known
     */
    @Schema(name = "GovernanceVote")
    record Vote(
            Step step,
            SuiAddress nodeId,
            @Nullable String name,

            @Schema(description = "Shards of the voter.", examples = "286") @Nullable
            Integer weight,

            @Schema(description = "Of the round after this vote.", examples = "286")
            int totalWeight,

            @Schema(description = "The round has a quorum.") boolean quorumReached) {}

    private Votes() {}

    /**
     * The votes up to a checkpoint of rounds that began in a range of checkpoints.
     *
     * @param kind as {@code proposal.kind} has it
     */
    static Votes of(Snapshot db, String kind, long firstBegin, long lastBegin, long until) {
        var votes = new Votes();
        // Several votes in one transaction share a version of the proposal: the weights of later ones are taken off.
        db.list(
                """
                select v.subject, v.round_checkpoint as begun_checkpoint, v.round_tx_index as begun_tx_index, v.node_id,
                  v.checkpoint as vote_checkpoint, v.tx_index as vote_tx_index, v.tx_digest as vote_tx, v.sender as vote_sender,
                  v.voted_at as vote_at, sn.name, coalesce(v.weight, m.weight) as weight,
                  v.total_weight - coalesce(sum(coalesce(v.weight, m.weight)) over (
                    partition by v.subject, v.round_checkpoint, v.round_tx_index, v.tx_digest
                    order by v.position desc rows between unbounded preceding and 1 preceding), 0) as total_weight,
                  coalesce(e.n_shards, n.n_shards) as n_shards
                from proposal_vote v
                join proposal p on p.kind = v.kind and p.subject = v.subject and p.checkpoint = v.round_checkpoint
                  and p.tx_index = v.round_tx_index
                cross join network n
                left join epoch e on e.epoch = p.epoch
                left join committee_member m on m.epoch = p.epoch and m.node_id = v.node_id
                """ + NodeName.of("v.node_id") + """
                where v.kind = ? and v.round_checkpoint between ? and ? and v.checkpoint <= ?
                order by v.subject, v.round_checkpoint, v.round_tx_index, v.position
                """,
                row -> votes.byRound
                        .computeIfAbsent(Round.of(row), _ -> new ArrayList<>())
                        .add(vote(row, until)),
                until,
                kind,
                firstBegin,
                lastBegin,
                until);
        return votes;
    }

    /** The votes of a page of rounds, in the order of their beginnings. */
    static <T> Votes of(Snapshot db, String kind, List<T> rounds, Function<T, Long> begin, long until) {
        return rounds.isEmpty()
                ? new Votes()
                : of(db, kind, begin.apply(rounds.getFirst()), begin.apply(rounds.getLast()), until);
    }

    private static Vote vote(Row row, long until) throws SQLException {
        var step = Step.of(row, "vote", until);
        int total = row.integer("total_weight");
        return new Vote(
                Objects.requireNonNull(step),
                row.address("node_id"),
                row.textOrNull("name"),
                row.integerOrNull("weight"),
                total,
                new ShardQuorum(row.integer("n_shards")).isQuorum(total));
    }

    List<Vote> of(Round round) {
        return List.copyOf(byRound.getOrDefault(round, List.of()));
    }

    static int weight(List<Vote> votes) {
        return votes.isEmpty() ? 0 : votes.getLast().totalWeight();
    }

    /** The vote that completed the quorum. */
    static @Nullable Step quorum(List<Vote> votes) {
        return votes.stream()
                .filter(Vote::quorumReached)
                .map(Vote::step)
                .findFirst()
                .orElse(null);
    }
}
