package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingInner;
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
 * @param burn FROST; 0 before contract version 3
 * @param leftover FROST that the division left, put into the account of the new epoch
 * @param rewards of the committee that ended, in its order
 */
record EpochChange(long toEpoch, long pot, long usedCapacityOfEnded, long burn, long leftover, List<Reward> rewards) {

    /** What one node got: its commission and what went to those who staked with it. */
    record Reward(SuiAddress nodeId, int shards, long commission, long toStakers) {}

    static EpochChange of(TransactionFacts transaction, long toEpoch) {
        var ring = transaction.system().map(SystemChange::ring).orElse(List.of());
        var ended = at(ring, toEpoch - 1);
        return new EpochChange(
                toEpoch,
                -ended.map(RingChange::rewards).orElse(0L),
                -ended.map(RingChange::used).orElse(0L),
                burnt(transaction),
                at(ring, toEpoch).map(RingChange::rewards).orElse(0L),
                rewards(transaction, toEpoch));
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

    static long burnt(TransactionFacts transaction) {
        for (ObjectFact object : transaction.objects()) {
            if (object.before().flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap before
                    && object.after().flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap after) {
                return before.totalSupply() - after.totalSupply();
            }
        }
        return 0;
    }

    private static List<Reward> rewards(TransactionFacts transaction, long toEpoch) {
        var pools = new HashMap<SuiAddress, ObjectFact>();
        Optional<StakingInner> staking = Optional.empty();
        for (ObjectFact object : transaction.objects()) {
            switch (object.after().flatMap(ObjectState::value).orElse(null)) {
                case StakingPool pool -> pools.put(pool.id(), object);
                case StakingInner inner when inner.epoch() == toEpoch -> staking = Optional.of(inner);
                case null, default -> {}
            }
        }
        if (staking.isEmpty()) {
            return List.of();
        }
        var rewards = new ArrayList<Reward>();
        staking.get().previousCommittee().shards().forEach((nodeId, shards) -> {
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
