package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import dev.vibrissa.protocol.walrus.object.BlsCommittee.Member;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.Committee;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochParams;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState.EpochChangeDone;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState.EpochChangeSync;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState.NextParamsSelected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToLongFunction;

/**
 * Epochs, committees and the stake behind them, while a transaction works on them.
 *
 * @see "Move: walrus::staking_inner"
 */
final class StakingState {
    static final String MODULE = "staking_inner";

    private final int nShards;
    private final long epochDuration;
    private final long firstEpochStart;
    private final SuiAddress activeSet;
    private final SuiAddress nextEpochPublicKeys;
    private final StakingFields fields;
    private MoveTable pools;
    private long epoch;
    private Optional<Committee> nextCommittee;
    private Committee committee;
    private Committee previousCommittee;
    private Optional<EpochParams> nextEpochParams;
    private EpochState epochState;

    /** Prices that hold from now on, in FROST. */
    record Prices(long storage, long write) {}

    StakingState(StakingInner inner, StakingFields fields) {
        this.nShards = inner.nShards();
        this.epochDuration = inner.epochDuration();
        this.firstEpochStart = inner.firstEpochStart();
        this.activeSet = inner.activeSet();
        this.nextEpochPublicKeys = inner.nextEpochPublicKeys();
        this.fields = fields;
        this.pools = inner.pools();
        this.epoch = inner.epoch();
        this.nextCommittee = inner.nextCommittee();
        this.committee = inner.committee();
        this.previousCommittee = inner.previousCommittee();
        this.nextEpochParams = inner.nextEpochParams();
        this.epochState = inner.epochState();
    }

    StakingInner toMove() {
        return new StakingInner(
                nShards,
                epochDuration,
                firstEpochStart,
                pools,
                epoch,
                activeSet,
                nextCommittee,
                committee,
                previousCommittee,
                nextEpochParams,
                epochState,
                nextEpochPublicKeys);
    }

    long epoch() {
        return epoch;
    }

    WalrusTime time() {
        return new WalrusTime(epoch, nextCommittee.isPresent());
    }

    MoveTable pools() {
        return pools;
    }

    /** Counts one pool more, which was added to the table. */
    void poolAdded() {
        pools = new MoveTable(pools.id(), pools.size() + 1);
    }

    Pool pool(SuiAddress nodeId) {
        return fields.pool(nodeId);
    }

    Committee previousCommittee() {
        return previousCommittee;
    }

    boolean isQuorum(int weight) {
        return Quorum.reached(weight, nShards);
    }

    /** The shards of a member of the current committee: its weight in votes. */
    int weight(SuiAddress nodeId) {
        var shards = committee.shards().get(nodeId);
        Abort.unless(shards != null, MODULE, "get_current_node_weight", 4);
        return shards == null ? 0 : shards.size();
    }

    // Stake

    StakedWal stake(SuiAddress stakeId, Balance principal, SuiAddress nodeId) {
        var staked = pool(nodeId).stake(stakeId, principal, time());
        updateActiveSet(nodeId);
        return staked;
    }

    StakedWal requestWithdraw(StakedWal staked) {
        SuiAddress node = staked.nodeId();
        var withdrawing = pool(node).requestWithdraw(staked, inCommittee(node), inNextCommittee(node), time());
        updateActiveSet(node);
        return withdrawing;
    }

    Balance withdraw(StakedWal staked) {
        SuiAddress node = staked.nodeId();
        Balance paid = pool(node).withdraw(staked, inCommittee(node), inNextCommittee(node), time());
        updateActiveSet(node);
        return paid;
    }

    /** Tells the active set what stake the node will have at the next vote. */
    void updateActiveSet(SuiAddress nodeId) {
        boolean selected = epochState instanceof NextParamsSelected;
        fields.activeSet(Candidates.with(
                fields.activeSet(), nodeId, pool(nodeId).stakeIn(new WalrusTime(epoch, selected).votingEpoch())));
    }

    private boolean inCommittee(SuiAddress nodeId) {
        return committee.shards().containsKey(nodeId);
    }

    private boolean inNextCommittee(SuiAddress nodeId) {
        return nextCommittee.filter(next -> next.shards().containsKey(nodeId)).isPresent();
    }

    /** @param blocked unless the vote of this epoch is over */
    void addCommission(SuiAddress nodeId, Balance commission) {
        pool(nodeId).addCommission(commission, !(epochState instanceof NextParamsSelected));
    }

    // Votes and epochs

    /** What the current committee's votes come to now. */
    Prices prices() {
        return committee.shards().isEmpty()
                ? new Prices(U64.MAX, U64.MAX)
                : new Prices(
                        Quorum.lowestAccepted(votes(pool -> pool.votes().storagePrice()), nShards),
                        Quorum.lowestAccepted(votes(pool -> pool.votes().writePrice()), nShards));
    }

    private List<Quorum.Vote> votes(ToLongFunction<Pool> value) {
        return committee.shards().entrySet().stream()
                .map(member -> new Quorum.Vote(
                        value.applyAsLong(pool(member.getKey())),
                        member.getValue().size()))
                .toList();
    }

    /** Fixes the next committee and its capacity. */
    void endVoting(long nowMillis) {
        if (!(epochState instanceof EpochChangeDone(long doneAt))) {
            throw wrongState("voting_end");
        }
        long earliest = epoch == 0 ? firstEpochStart : doneAt + epochDuration / 2;
        Abort.unless(nowMillis >= earliest, MODULE, "voting_end", 0);
        previousCommittee.shards().keySet().stream()
                .filter(fields::hasPool)
                .forEach(node -> pool(node).unblockCommission());
        selectCommittee();
        epochState = new NextParamsSelected(doneAt);
    }

    private void selectCommittee() {
        Abort.unless(nextCommittee.isEmpty(), MODULE, "select_committee_and_calculate_votes", 5);
        Committee next = computeNextCommittee();
        var keys = new LinkedHashMap<SuiAddress, KeyBytes>();
        var capacities = new ArrayList<Quorum.Vote>();
        next.shards().forEach((node, shards) -> {
            var pool = pool(node);
            keys.put(node, NodeInfos.nextKey(pool.node()));
            capacities.add(new Quorum.Vote(networkCapacity(pool, shards.size()), shards.size()));
        });
        fields.nextKeys(keys);
        nextCommittee = Optional.of(next);
        // Prices are not chosen here any more: they follow each vote.
        nextEpochParams = Optional.of(new EpochParams(Quorum.highestOffered(capacities, nShards), U64.MAX, U64.MAX));
    }

    /** The capacity of a network of such nodes, as far as it fits. */
    private long networkCapacity(Pool pool, int weight) {
        long own = pool.votes().nodeCapacity();
        return Math.unsignedMultiplyHigh(own, nShards) >= weight ? U64.MAX : U64.multiplyDivide(own, nShards, weight);
    }

    private Committee computeNextCommittee() {
        List<ActiveSet.Entry> candidates = fields.activeSet().nodes();
        List<Integer> shards = Apportionment.of(
                candidates.stream().map(ActiveSet.Entry::stakedAmount).toList(), nShards);
        SequencedMap<SuiAddress, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            if (shards.get(i) > 0) {
                counts.put(candidates.get(i).nodeId(), shards.get(i));
            }
        }
        return committee.shards().isEmpty() ? ShardAssignment.initial(counts) : ShardAssignment.next(committee, counts);
    }

    /** The next committee with its keys, which are then forgotten. */
    BlsCommittee takeNextBlsCommittee() {
        Abort.unless(nextCommittee.isPresent(), MODULE, "next_bls_committee", 6);
        SequencedMap<SuiAddress, KeyBytes> keys = fields.nextKeys();
        fields.nextKeys(new LinkedHashMap<>());
        var key = keys.sequencedValues().iterator();
        List<Member> members = nextCommittee.orElseThrow().shards().entrySet().stream()
                .map(member -> new Member(key.next(), member.getValue().size(), member.getKey()))
                .toList();
        return NodeCommittee.of(epoch + 1, members);
    }

    long nextCapacity() {
        return nextEpochParams.orElseThrow().totalCapacitySize();
    }

    /** @param rewards of the committee that leaves */
    void advance(long nowMillis, Map<SuiAddress, Balance> rewards) {
        if (!(epochState instanceof NextParamsSelected(long doneAt))) {
            throw wrongState("initiate_epoch_change");
        }
        long earliest = epoch == 0 ? firstEpochStart : doneAt + epochDuration;
        Abort.unless(nowMillis >= earliest, MODULE, "initiate_epoch_change", 0);
        epoch++;
        previousCommittee = committee;
        committee = nextCommittee.orElseThrow();
        nextCommittee = Optional.empty();
        epochState = new EpochChangeSync(0);
        rewards.forEach(this::advancePool);
        committee.shards().keySet().stream()
                .filter(node -> !previousCommittee.shards().containsKey(node))
                .forEach(node -> advancePool(node, Balance.zero()));
    }

    private void advancePool(SuiAddress nodeId, Balance reward) {
        pool(nodeId).advance(reward, epoch);
        updateActiveSet(nodeId);
    }

    /** What {@code epoch_sync_done} comes to: the shards that were received, and whether they complete the quorum. */
    record Synced(List<Integer> shards, boolean quorum) {}

    Synced syncDone(SuiAddress nodeId, long nowMillis) {
        var shards = committee.shards().getOrDefault(nodeId, List.of());
        Abort.unless(!shards.isEmpty(), MODULE, "epoch_sync_done", 4);
        if (!(epochState instanceof EpochChangeSync(int synced))) {
            return new Synced(shards, false);
        }
        boolean quorum = isQuorum(synced + shards.size());
        epochState = quorum ? new EpochChangeDone(nowMillis) : new EpochChangeSync(synced + shards.size());
        return new Synced(shards, quorum);
    }

    private static MoveAbort wrongState(String function) {
        return new MoveAbort(MODULE, function, 0);
    }
}
