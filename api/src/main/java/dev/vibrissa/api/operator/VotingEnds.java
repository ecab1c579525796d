package dev.vibrissa.api.operator;

import dev.vibrissa.api.epoch.ShardRanges;
import dev.vibrissa.api.operator.OperatorViews.Candidate;
import dev.vibrissa.api.operator.OperatorViews.ShardHolder;
import dev.vibrissa.api.operator.OperatorViews.VotingEndView;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.util.Optional;

/** Reads who stood for a committee and who was chosen. */
final class VotingEnds {
    private VotingEnds() {}

    static Optional<VotingEndView> find(Snapshot db, Moment moment, long nextEpoch) {
        var candidates = db.list(
                "select node_id, stake from candidate where next_epoch = ? order by position",
                row -> new Candidate(row.address("node_id"), row.amount("stake")),
                nextEpoch);
        var committee = db.list(
                """
                select m.node_id, m.weight, array_agg(a.shard order by a.shard) as shards
                from committee_member m join shard_assignment a using (epoch, node_id)
                where m.epoch = ? group by m.position, m.node_id, m.weight order by m.position
                """,
                row -> new ShardHolder(
                        row.address("node_id"), row.integer("weight"), ShardRanges.text(row.integers("shards"))),
                nextEpoch);
        return db.first(
                "select * from voting_end where next_epoch = ? and checkpoint <= ?",
                row -> new VotingEndView(
                        moment.asOf(),
                        nextEpoch,
                        row.number("checkpoint"),
                        row.digest("tx_digest"),
                        row.amountOrNull("capacity"),
                        candidates,
                        committee),
                nextEpoch,
                moment.checkpoint());
    }
}
