package dev.vibrissa.api.governance;

import dev.vibrissa.api.governance.ParametersView.Parameter;
import dev.vibrissa.api.governance.ParametersView.ParameterVote;
import dev.vibrissa.api.governance.ParametersView.ProtocolVersion;
import dev.vibrissa.api.governance.ParametersView.ScheduledCommission;
import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.governance.ParameterVotes;
import dev.vibrissa.protocol.walrus.governance.ParameterVotes.Vote;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads prices and capacity, and the votes behind them. */
final class ParameterQueries {
    private ParameterQueries() {}

    private record InForce(
            @Nullable String storagePrice,
            @Nullable String writePrice,
            @Nullable String totalCapacity,
            @Nullable String usedCapacity) {}

    /** A member's vote in numbers. */
    private record Ballot(
            SuiAddress nodeId,
            @Nullable String name,
            int weight,
            BigInteger storagePrice,
            BigInteger writePrice,
            BigInteger nodeCapacity,
            BigInteger networkCapacity,
            int commissionRate,
            List<ScheduledCommission> scheduledCommission,
            long checkpoint,
            @Nullable Digest tx) {}

    static ParametersView read(Snapshot db, Moment moment) {
        int nShards = db.one(
                "select coalesce((select n_shards from epoch where epoch = ?), n.n_shards) as n_shards from network n",
                row -> row.integer("n_shards"),
                moment.epoch());
        var shards = new ShardQuorum(nShards);
        var ballots = ballots(db, moment, nShards);
        var inForce = inForce(db, moment);
        return new ParametersView(
                moment.asOf(),
                nShards,
                shards.quorum(),
                shards.oneHonest(),
                new Parameter(
                        inForce.storagePrice(),
                        text(ParameterVotes.price(votes(ballots, nShards, Ballot::storagePrice), shards))),
                new Parameter(
                        inForce.writePrice(),
                        text(ParameterVotes.price(votes(ballots, nShards, Ballot::writePrice), shards))),
                new Parameter(
                        inForce.totalCapacity(),
                        text(ParameterVotes.capacity(votes(ballots, nShards, Ballot::networkCapacity), shards))),
                inForce.usedCapacity(),
                EpochClock.read(db, moment).orElse(null),
                ballots.stream().map(ballot -> view(ballot, inForce)).toList(),
                protocol(db, moment).orElse(null),
                GovernanceQueries.contract(db, moment).orElse(null));
    }

    /** Empty unless all votes are known: the rest could turn them. */
    private static List<Vote> votes(List<Ballot> ballots, int nShards, Function<Ballot, BigInteger> value) {
        int known = ballots.stream().mapToInt(Ballot::weight).sum();
        return known < nShards
                ? List.of()
                : ballots.stream()
                        .map(ballot -> new Vote(value.apply(ballot), ballot.weight()))
                        .toList();
    }

    private static @Nullable String text(Optional<BigInteger> value) {
        return value.map(BigInteger::toString).orElse(null);
    }

    private static ParameterVote view(Ballot ballot, InForce inForce) {
        return new ParameterVote(
                ballot.nodeId(),
                ballot.name(),
                ballot.weight(),
                ballot.storagePrice().toString(),
                ballot.writePrice().toString(),
                ballot.nodeCapacity().toString(),
                ballot.networkCapacity().toString(),
                distance(ballot.storagePrice(), inForce.storagePrice()),
                distance(ballot.writePrice(), inForce.writePrice()),
                distance(ballot.networkCapacity(), inForce.totalCapacity()),
                ballot.commissionRate(),
                ballot.scheduledCommission(),
                ballot.checkpoint(),
                ballot.tx());
    }

    private static @Nullable String distance(BigInteger vote, @Nullable String inForce) {
        return inForce == null ? null : vote.subtract(new BigInteger(inForce)).toString();
    }

    /** The System's inner state changes with nearly every payment; before the first one only the epoch's start tells. */
    private static InForce inForce(Snapshot db, Moment moment) {
        return db.first(
                        """
                        select * from (
                          (select storage_price, write_price, total_capacity, used_capacity, 0 as rank
                           from system_change where checkpoint <= ? order by checkpoint desc, tx_index desc limit 1)
                          union all
                          (select storage_price, write_price, total_capacity, used_capacity, 1
                           from epoch where running_since <= ? order by epoch desc limit 1)) known
                        order by rank limit 1
                        """,
                        row -> new InForce(
                                row.amountOrNull("storage_price"),
                                row.amountOrNull("write_price"),
                                row.amountOrNull("total_capacity"),
                                row.amountOrNull("used_capacity")),
                        moment.checkpoint(),
                        moment.checkpoint())
                .orElse(new InForce(null, null, null, null));
    }

    /** Of each member of the running committee, the last version of its pool. */
    private static List<Ballot> ballots(Snapshot db, Moment moment, int nShards) {
        return db.list(
                """
                select m.node_id, m.weight, sn.name, o.object_bcs, o.checkpoint, t.digest
                from committee_member m
                """ + NodeName.of("m.node_id") + """
                cross join lateral (
                  select * from object_change o
                  where o.object_id = m.node_id and o.checkpoint <= ? and o.object_bcs is not null
                  order by o.version desc limit 1) o
                left join transaction t on t.checkpoint = o.checkpoint and t.tx_index = o.tx_index
                where m.epoch = ?
                order by m.position
                """,
                row -> ballot(row, nShards),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.epoch());
    }

    private static Ballot ballot(Row row, int nShards) throws SQLException {
        var pool = ObjectChanges.contents(row.bytes("object_bcs"), StakingPool::decode)
                .orElseThrow();
        var votes = pool.votingParams();
        int weight = row.integer("weight");
        var capacity = unsigned(votes.nodeCapacity());
        return new Ballot(
                row.address("node_id"),
                row.textOrNull("name"),
                weight,
                unsigned(votes.storagePrice()),
                unsigned(votes.writePrice()),
                capacity,
                ParameterVotes.networkCapacity(capacity, weight, nShards),
                pool.commissionRate(),
                pool.pendingCommissionRate().entrySet().stream()
                        .map(scheduled ->
                                new ScheduledCommission(scheduled.getKey(), Math.toIntExact(scheduled.getValue())))
                        .toList(),
                row.number("checkpoint"),
                row.digestOrNull("digest"));
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static Optional<ProtocolVersion> protocol(Snapshot db, Moment moment) {
        return db.first(
                """
                select p.version, p.start_epoch, p.checkpoint as update_checkpoint, p.tx_index as update_tx_index,
                  p.tx_digest as update_tx, p.updated_at as update_at, t.sender as update_sender
                from protocol_version p left join transaction t on t.digest = p.tx_digest
                where p.checkpoint <= ?
                order by p.checkpoint desc, p.tx_index desc, p.walrus_ordinal desc
                limit 1
                """,
                row -> new ProtocolVersion(
                        row.amount("version"),
                        row.number("start_epoch"),
                        Objects.requireNonNull(Step.of(row, "update", moment.checkpoint()))),
                moment.checkpoint());
    }
}
