package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.Calls;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What operators do, and what epochs bring them: the differences of pools, and calls that leave none. */
final class OperatorActs {
    /** Epochs between the announcement of a commission and its first epoch. */
    private static final int NOTICE_EPOCHS = 2;

    private final TableRows votes =
            new TableRows("operator_vote", "node_id", "checkpoint", "tx_index", "what", "value", "tx_digest");
    private final TableRows changes = new TableRows(
            "commission_change",
            "node_id",
            "checkpoint",
            "tx_index",
            "effective_epoch",
            "rate",
            "rate_before",
            "tx_digest");
    private final TableRows collections = new TableRows(
            "commission_collection", "node_id", "checkpoint", "tx_index", "how", "amount", "locked", "tx_digest");
    private final TableRows rewards = new TableRows(
            "pool_reward", "node_id", "epoch", "checkpoint", "tx_digest", "stake", "commission", "to_stakers");

    /** What is voted for, and the call that does it. */
    private enum Vote {
        STORAGE_PRICE("storagePrice", "set_storage_price_vote"),
        WRITE_PRICE("writePrice", "set_write_price_vote"),
        NODE_CAPACITY("nodeCapacity", "set_node_capacity_vote");

        private final String column;
        private final String function;

        Vote(String column, String function) {
            this.column = column;
            this.function = function;
        }

        private long of(VotingParams params) {
            return switch (this) {
                case STORAGE_PRICE -> params.storagePrice();
                case WRITE_PRICE -> params.writePrice();
                case NODE_CAPACITY -> params.nodeCapacity();
            };
        }
    }

    private record Voted(SuiAddress node, Vote vote) {}

    /**
     * A transaction with what it did to pools.
     *
     * @param slashed nodes whose slashing it executed
     */
    record Acts(Place at, List<Pools.Turn> turns, Set<SuiAddress> slashed, boolean epochTurns) {}

    void follow(Acts acts, Calls calls, Pools pools, Caps caps) {
        earned(acts);
        announced(acts, calls, pools, caps);
        collectedNothing(acts, calls, pools);
    }

    private void earned(Acts acts) {
        for (Pools.Turn turn : acts.turns()) {
            var before = turn.before();
            if (before == null) {
                continue;
            }
            if (acts.epochTurns() && turn.after().latestEpoch() > before.latestEpoch()) {
                rewarded(acts.at(), turn.nodeId(), before, turn.after());
            } else if (turn.after().commission() < before.commission()) {
                collected(
                        acts.at(),
                        turn.nodeId(),
                        acts.slashed().contains(turn.nodeId()) ? "slashed" : "collected",
                        before.commission() - turn.after().commission(),
                        turn.after().commissionLocked());
            }
        }
    }

    /** Votes and announcements: those that changed a pool, and those for what it said already. */
    private void announced(Acts acts, Calls calls, Pools pools, Caps caps) {
        var voted = new HashSet<Voted>();
        var announced = new HashSet<SuiAddress>();
        for (Pools.Turn turn : acts.turns()) {
            var before = turn.before();
            if (before == null) {
                continue;
            }
            for (Vote vote : Vote.values()) {
                if (vote.of(before.votes()) != vote.of(turn.after().votes())) {
                    voted.add(new Voted(turn.nodeId(), vote));
                    voted(acts.at(), turn.nodeId(), vote, vote.of(turn.after().votes()));
                }
            }
            turn.after().pendingCommissionRate().forEach((epoch, rate) -> {
                if (!rate.equals(before.pendingCommissionRate().get(epoch))) {
                    announced.add(turn.nodeId());
                    announced(acts.at(), turn.nodeId(), epoch, rate, before);
                }
            });
        }
        for (Vote vote : Vote.values()) {
            for (var call : calls.to("staking", vote.function)) {
                calls.object(call, 1)
                        .flatMap(caps::node)
                        .filter(node -> voted.add(new Voted(node, vote)))
                        .flatMap(pools::state)
                        .ifPresent(pool -> voted(
                                acts.at(),
                                pool.nodeId(),
                                vote,
                                vote.of(pool.state().votes())));
            }
        }
        for (var call : calls.to("staking", "set_next_commission")) {
            calls.object(call, 1)
                    .flatMap(caps::node)
                    .filter(announced::add)
                    .flatMap(pools::state)
                    .ifPresent(pool -> {
                        long epoch = pools.epoch() + NOTICE_EPOCHS;
                        Long rate = pool.state().pendingCommissionRate().get(epoch);
                        if (rate != null) {
                            announced(acts.at(), pool.nodeId(), epoch, rate, pool.state());
                        }
                    });
        }
    }

    /** Collections that found nothing to collect leave the pool as it was. */
    private void collectedNothing(Acts acts, Calls calls, Pools pools) {
        var collected = new HashSet<SuiAddress>();
        for (Pools.Turn turn : acts.turns()) {
            if (turn.before() != null
                    && turn.after().commission() < turn.before().commission()) {
                collected.add(turn.nodeId());
            }
        }
        for (var call : calls.to("staking", "collect_commission")) {
            calls.value(call, 1, SuiAddress::decode)
                    .filter(collected::add)
                    .flatMap(pools::state)
                    .ifPresent(pool -> collected(
                            acts.at(),
                            pool.nodeId(),
                            "collected",
                            0,
                            pool.state().commissionLocked()));
        }
    }

    private void voted(Place at, SuiAddress node, Vote vote, long value) {
        votes.add(node, at.checkpoint(), at.transactionIndex(), vote.column, Columns.unsigned(value), at.transaction());
    }

    private void announced(Place at, SuiAddress node, long epoch, long rate, PoolState before) {
        changes.add(
                node,
                at.checkpoint(),
                at.transactionIndex(),
                epoch,
                (int) rate,
                before.commissionRate(),
                at.transaction());
    }

    private void collected(Place at, SuiAddress node, String how, long amount, @Nullable Long locked) {
        collections.add(
                node,
                at.checkpoint(),
                at.transactionIndex(),
                how,
                Columns.unsigned(amount),
                locked == null ? null : Columns.unsigned(locked),
                at.transaction());
    }

    private void rewarded(Place at, SuiAddress node, PoolState before, PoolState after) {
        rewards.add(
                node,
                after.latestEpoch() - 1,
                at.checkpoint(),
                at.transaction(),
                Columns.unsigned(before.walBalance()),
                Columns.unsigned(after.commission() - before.commission()),
                Columns.unsigned(after.rewardsPool() - before.rewardsPool()));
    }

    void write(Connection db) throws SQLException {
        votes.write(db);
        changes.write(db);
        collections.write(db);
        rewards.write(db);
    }
}
