package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import dev.vibrissa.protocol.walrus.object.StakingPool.PoolState;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import java.util.Optional;

/**
 * A staking pool while a transaction works on it: stake, its value in shares, rewards and commission.
 *
 * @see "Move: walrus::staking_pool"
 */
final class Pool {
    private static final String MODULE = "staking_pool";
    private static final int ALL_BASIS_POINTS = 10_000;

    private final SuiAddress id;
    private final PoolState state;
    private final long activationEpoch;
    private final PoolFields fields;
    private final PendingValues pendingSharesWithdraw;
    private final PendingValues preActiveWithdrawals;
    private final PendingValues pendingCommissionRate;
    private final PendingValues pendingStake;
    private final Balance rewards;
    private final Balance commission;
    private VotingParams votes;
    private StorageNodeInfo node;
    private long latestEpoch;
    private long walBalance;
    private long numShares;
    private int commissionRate;
    private MoveTable exchangeRates;
    private MoveTable extraFields;
    private Authorized commissionReceiver;
    private Authorized governanceAuthorized;

    Pool(StakingPool pool, PoolFields fields) {
        this.id = pool.id();
        this.state = pool.state();
        this.activationEpoch = pool.activationEpoch();
        this.fields = fields;
        this.pendingSharesWithdraw = new PendingValues(pool.pendingSharesWithdraw());
        this.preActiveWithdrawals = new PendingValues(pool.preActiveWithdrawals());
        this.pendingCommissionRate = new PendingValues(pool.pendingCommissionRate());
        this.pendingStake = new PendingValues(pool.pendingStake());
        this.rewards = new Balance(pool.rewardsPool());
        this.commission = new Balance(pool.commission());
        this.votes = pool.votingParams();
        this.node = pool.nodeInfo();
        this.latestEpoch = pool.latestEpoch();
        this.walBalance = pool.walBalance();
        this.numShares = pool.numShares();
        this.commissionRate = pool.commissionRate();
        this.exchangeRates = pool.exchangeRates();
        this.extraFields = pool.extraFields();
        this.commissionReceiver = pool.commissionReceiver();
        this.governanceAuthorized = pool.governanceAuthorized();
    }

    StakingPool toMove() {
        return new StakingPool(
                id,
                state,
                votes,
                node,
                activationEpoch,
                latestEpoch,
                walBalance,
                numShares,
                pendingSharesWithdraw.toMove(),
                preActiveWithdrawals.toMove(),
                pendingCommissionRate.toMove(),
                commissionRate,
                exchangeRates,
                pendingStake.toMove(),
                rewards.value(),
                commission.value(),
                commissionReceiver,
                governanceAuthorized,
                extraFields);
    }

    VotingParams votes() {
        return votes;
    }

    void vote(VotingParams votes) {
        this.votes = votes;
    }

    StorageNodeInfo node() {
        return node;
    }

    void node(StorageNodeInfo node) {
        this.node = node;
    }

    Authorized governanceAuthorized() {
        return governanceAuthorized;
    }

    void authorizeGovernance(Authorized caller, Authorized next) {
        Abort.unless(caller.equals(governanceAuthorized), MODULE, "set_governance_authorized", 15);
        governanceAuthorized = next;
    }

    void authorizeCommission(Authorized caller, Authorized next) {
        Abort.unless(caller.equals(commissionReceiver), MODULE, "set_commission_receiver", 15);
        commissionReceiver = next;
    }

    // Stake

    /** Takes stake in, which counts from {@code time.votingEpoch()} on. */
    StakedWal stake(SuiAddress stakeId, Balance principal, WalrusTime time) {
        Abort.unless(state instanceof PoolState.Active, MODULE, "stake", 6);
        Abort.unless(principal.value() != 0, MODULE, "stake", 7);
        long activation = time.votingEpoch();
        var staked = Stakes.mint(stakeId, id, principal.value(), activation);
        pendingStake.add(activation, principal.withdrawAll().value());
        return staked;
    }

    StakedWal requestWithdraw(StakedWal staked, boolean inCommittee, boolean inNextCommittee, WalrusTime time) {
        String function = "request_withdraw_stake";
        Abort.unless(staked.principal() != 0, MODULE, function, 7);
        Abort.unless(staked.nodeId().equals(id), MODULE, function, 9);
        Abort.unless(staked.state() instanceof StakedWal.State.Staked, MODULE, function, 8);
        Abort.unless(!Stakes.canWithdrawEarly(staked, inNextCommittee, time), MODULE, function, 13);
        if (staked.activationEpoch() == time.epoch() + 1) {
            long withdrawEpoch = staked.activationEpoch() + 1;
            preActiveWithdrawals.add(withdrawEpoch, staked.principal());
            return Stakes.withdrawing(staked, withdrawEpoch);
        }
        Abort.unless(staked.activationEpoch() <= time.epoch(), MODULE, function, 12);
        Abort.unless(inCommittee || inNextCommittee, MODULE, function, 13);
        long withdrawEpoch = time.epoch() + (inNextCommittee ? 2 : 1);
        long shares = Rates.toShares(rateAt(staked.activationEpoch()), staked.principal());
        Abort.unless(shares != 0, MODULE, function, 18);
        pendingSharesWithdraw.add(withdrawEpoch, shares);
        return Stakes.withdrawing(staked, withdrawEpoch);
    }

    /** Pays out principal and rewards. */
    Balance withdraw(StakedWal staked, boolean inCommittee, boolean inNextCommittee, WalrusTime time) {
        String function = "withdraw_stake";
        long principal = staked.principal();
        long activation = staked.activationEpoch();
        Abort.unless(principal != 0, MODULE, function, 7);
        Abort.unless(staked.nodeId().equals(id), MODULE, function, 9);
        if (Stakes.canWithdrawEarly(staked, inNextCommittee, time)) {
            pendingStake.reduce(activation, principal);
            return new Balance(principal);
        }
        long earned = switch (staked.state()) {
            case StakedWal.State.Staked _ -> {
                Abort.unless(!inCommittee && !inNextCommittee, MODULE, function, 10);
                yield leave(principal, activation, time.epoch());
            }
            case StakedWal.State.Withdrawing(long withdrawEpoch) -> {
                Abort.unless(withdrawEpoch <= time.epoch(), MODULE, function, 11);
                Abort.unless(activation <= time.epoch(), MODULE, function, 12);
                yield earned(principal, activation, withdrawEpoch);
            }
        };
        Balance paid = rewards.split(U64.min(earned, rewards.value()));
        paid.join(new Balance(principal));
        return paid;
    }

    /** Takes stake out of a pool that is in no committee, and tells what it earned. */
    private long leave(long principal, long activation, long epoch) {
        if (activation > epoch) {
            pendingStake.reduce(activation, principal);
            return 0;
        }
        pendingSharesWithdraw.add(epoch, Rates.toShares(rateAt(activation), principal));
        return earned(principal, activation, epoch);
    }

    /** What a stake earned from its activation to an epoch, before it is held against the rewards there are. */
    long earned(long principal, long activation, long until) {
        long value = Rates.toWal(rateAt(until), Rates.toShares(rateAt(activation), principal));
        return Long.compareUnsigned(value, principal) >= 0 ? value - principal : 0;
    }

    private PoolExchangeRate rateAt(long epoch) {
        for (long each = epoch; each >= activationEpoch; each--) {
            var rate = fields.rate(each);
            if (rate.isPresent()) {
                return rate.get();
            }
        }
        return new PoolExchangeRate.Flat();
    }

    /** The stake that counts in an epoch to come, as far as is known now. */
    long stakeIn(long epoch) {
        long shares = pendingSharesWithdraw.dueBy(epoch);
        for (var entry : preActiveWithdrawals.toMove().entrySet()) {
            if (entry.getKey() <= epoch) {
                shares = U64.add(shares, Rates.toShares(rateAt(entry.getKey() - 1), entry.getValue()));
            }
        }
        long leaving = Rates.toWal(Rates.of(walBalance, numShares), shares);
        return U64.subtract(U64.add(walBalance, pendingStake.dueBy(epoch)), leaving);
    }

    // Epochs

    /** Brings the pool into a new epoch with what it earned in the one that ended. */
    void advance(Balance reward, long epoch) {
        Abort.unless(epoch > latestEpoch, MODULE, "advance_epoch", 0);
        Abort.unless(reward.value() == 0 || walBalance != 0, MODULE, "advance_epoch", 2);
        addCommission(reward.split(U64.multiplyDivide(reward.value(), commissionRate, ALL_BASIS_POINTS)), true);
        // Only the exact epoch counts: a pool that was not advanced then keeps its old rate.
        pendingCommissionRate.at(epoch).ifPresent(rate -> {
            commissionRate = rate.intValue();
            pendingCommissionRate.flush(epoch);
        });
        walBalance = U64.add(walBalance, reward.value());
        rewards.join(reward);
        latestEpoch = epoch;
        node = NodeInfos.rotated(node);
        settle(epoch);
    }

    /** Writes the new rate; then what waited for this epoch comes in and goes out at it. */
    private void settle(long epoch) {
        PoolExchangeRate rate = Rates.of(walBalance, numShares);
        fields.addRate(epoch, rate);
        exchangeRates = new MoveTable(exchangeRates.id(), exchangeRates.size() + 1);
        walBalance = U64.add(walBalance, pendingStake.flush(epoch));
        long leaving = 0;
        for (var entry : preActiveWithdrawals.take(epoch).entrySet()) {
            leaving = U64.add(leaving, Rates.toShares(rateAt(entry.getKey() - 1), entry.getValue()));
        }
        leaving = Rates.toWal(rate, U64.add(leaving, pendingSharesWithdraw.flush(epoch)));
        Abort.unless(Long.compareUnsigned(walBalance, leaving) >= 0, MODULE, "process_pending_stake", 1);
        walBalance -= leaving;
        numShares = Rates.toShares(rate, walBalance);
    }

    // Commission

    /** Announces the commission of the epoch after the next. */
    void announceCommission(int basisPoints, long epoch) {
        Abort.unless(basisPoints <= ALL_BASIS_POINTS, MODULE, "set_next_commission", 14);
        pendingCommissionRate.replace(epoch + 2, basisPoints);
    }

    /** @param block whether it can be collected only after the vote of the running epoch */
    void addCommission(Balance more, boolean block) {
        if (block) {
            block(Optional.of(U64.add(fields.blockedCommission().orElse(0L), more.value())));
        }
        commission.join(more);
    }

    void unblockCommission() {
        if (fields.blockedCommission().isPresent()) {
            block(Optional.empty());
        }
    }

    Balance collectCommission(Authorized caller) {
        Abort.unless(caller.equals(commissionReceiver), MODULE, "collect_commission", 15);
        long blocked = fields.blockedCommission().orElse(0L);
        return Long.compareUnsigned(commission.value(), blocked) <= 0
                ? Balance.zero()
                : commission.split(commission.value() - blocked);
    }

    /** Takes all commission, blocked or not: slashing. */
    Balance seizeCommission() {
        unblockCommission();
        return commission.withdrawAll();
    }

    private void block(Optional<Long> amount) {
        long entries = amount.isPresent() ? 1 : 0; // the bag holds nothing else
        fields.blockedCommission(amount);
        extraFields = new MoveTable(extraFields.id(), entries);
    }
}
