package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochParams;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * What became of the account of an epoch when it ended.
 *
 * @param pot FROST in the account
 * @param usedCapacityOfEnded encoded bytes that were reserved in it
 * @param burn FROST; 0 before contract version 3, which does not tell prices either
 * @param ruledBurn what the rules of the version in force burn
 * @param votedCapacity encoded bytes that the votes came to, unsigned; empty where the Staking object did not show
 * @param leftover FROST that the division left, put into the account of the new epoch
 * @param rewards of the committee that ended, in its order
 */
public record EpochChange(
        long toEpoch,
        long pot,
        long usedCapacityOfEnded,
        long burn,
        long ruledBurn,
        long leftover,
        Optional<Long> votedCapacity,
        List<Reward> rewards) {
    private static final int BURN_PERCENT = 3;

    /** What one node got: its commission and what went to those who staked with it. */
    public record Reward(SuiAddress nodeId, int shards, long commission, long toStakers) {}

    /** What a transaction in which an epoch turns did. */
    public static EpochChange of(TransactionFacts transaction, long toEpoch) {
        var ring = transaction.system().map(SystemChange::ring).orElse(List.of());
        var ended = at(ring, toEpoch - 1);
        long pot = -ended.map(RingChange::rewards).orElse(0L);
        var staking = staking(transaction, toEpoch);
        return new EpochChange(
                toEpoch,
                pot,
                -ended.map(RingChange::used).orElse(0L),
                Math.min(burnt(transaction), percent(pot)), // more than that somebody else burnt
                burns(transaction) ? percent(pot) : 0,
                at(ring, toEpoch).map(RingChange::rewards).orElse(0L),
                staking.flatMap(StakingInner::nextEpochParams).map(EpochParams::totalCapacitySize),
                staking.map(inner -> rewards(transaction, inner)).orElse(List.of()));
    }

    private static long percent(long pot) {
        return pot / 100 * BURN_PERCENT + pot % 100 * BURN_PERCENT / 100;
    }

    /** Whether the rules of contract version 3 or later are in force: their change of an epoch tells prices. */
    private static boolean burns(TransactionFacts transaction) {
        return transaction.events().stream().anyMatch(event -> event.event().orElse(null) instanceof PricesUpdated);
    }

    private static Optional<StakingInner> staking(TransactionFacts transaction, long toEpoch) {
        return transaction.objects().stream()
                .flatMap(object -> object.after().flatMap(ObjectState::value).stream())
                .filter(StakingInner.class::isInstance)
                .map(StakingInner.class::cast)
                .filter(inner -> inner.epoch() == toEpoch)
                .findFirst();
    }

    long distributed() {
        return rewards.stream()
                .mapToLong(each -> each.commission() + each.toStakers())
                .sum();
    }

    private static Optional<RingChange> at(List<RingChange> ring, long epoch) {
        return ring.stream()
                .filter(change -> change.firstEpoch() <= epoch && epoch < change.endEpochExclusive())
                .findFirst();
    }

    private static long burnt(TransactionFacts transaction) {
        for (ObjectFact object : transaction.objects()) {
            if (object.before().flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap before
                    && object.after().flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap after) {
                return before.totalSupply() - after.totalSupply();
            }
        }
        return 0;
    }

    private static List<Reward> rewards(TransactionFacts transaction, StakingInner staking) {
        var pools = new HashMap<SuiAddress, ObjectFact>();
        for (ObjectFact object : transaction.objects()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof StakingPool pool) {
                pools.put(pool.id(), object);
            }
        }
        var rewards = new ArrayList<Reward>();
        staking.previousCommittee().shards().forEach((nodeId, shards) -> {
            var pool = Optional.ofNullable(pools.get(nodeId));
            var before = pool.flatMap(ObjectFact::before).flatMap(ObjectState::value);
            var after = pool.flatMap(ObjectFact::after).flatMap(ObjectState::value);
            boolean changed = before.orElse(null) instanceof StakingPool && after.orElse(null) instanceof StakingPool;
            rewards.add(new Reward(
                    nodeId,
                    shards.size(),
                    changed ? ((StakingPool) after.get()).commission() - ((StakingPool) before.get()).commission() : 0,
                    changed
                            ? ((StakingPool) after.get()).rewardsPool() - ((StakingPool) before.get()).rewardsPool()
                            : 0));
        });
        return List.copyOf(rewards);
    }
}
