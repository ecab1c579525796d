package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized.ByAddress;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final SuiAddress NODE = SuiAddress.parse("0x1");
    private static final SuiAddress STAKE = SuiAddress.parse("0x2");
    private static final long WAL = 1_000_000_000;
    private static final Authorized OPERATOR = new ByAddress(MemoryPool.OPERATOR);

    private final MemoryPool fields = new MemoryPool();

    @Test
    void rewardsRaiseWhatAShareIsWorth() {
        var pool = MemoryPool.empty(NODE, 0, fields);
        var first = pool.stake(STAKE, new Balance(1000 * WAL), at(0));
        pool.advance(Balance.zero(), 1);
        var second = pool.stake(STAKE, new Balance(2000 * WAL), at(1));
        pool.advance(new Balance(1000 * WAL), 2);
        first = pool.requestWithdraw(first, true, false, at(2));
        pool.advance(new Balance(1000 * WAL), 3);

        assertThat(fields.rate(2)).contains(rate(2000 * WAL, 1000 * WAL));
        assertThat(fields.rate(3)).contains(rate(5000 * WAL, 2000 * WAL));
        assertThat(pool.withdraw(first, true, false, at(3)).value()).isEqualTo(2500 * WAL);

        second = pool.requestWithdraw(second, true, false, at(3));
        pool.advance(Balance.zero(), 4);
        assertThat(pool.withdraw(second, true, false, at(4)).value()).isEqualTo(2500 * WAL);
        assertThat(pool.toMove().walBalance()).isZero();
        assertThat(pool.toMove().rewardsPool()).isZero();
    }

    @Test
    void theOperatorTakesItsCommissionFirst() {
        var pool = MemoryPool.empty(NODE, 1000, fields);
        pool.stake(STAKE, new Balance(1000 * WAL), at(0));
        pool.advance(Balance.zero(), 1);
        pool.advance(new Balance(10_000 * WAL), 2);
        assertThat(pool.toMove().commission()).isEqualTo(1000 * WAL);
        assertThat(pool.toMove().walBalance()).isEqualTo(10_000 * WAL);
        assertThat(pool.earned(1000 * WAL, 1, 2)).isEqualTo(9000 * WAL);
    }

    @Test
    void commissionIsLockedUntilTheVoteEnds() {
        var pool = MemoryPool.empty(NODE, 1000, fields);
        pool.stake(STAKE, new Balance(1000 * WAL), at(0));
        pool.advance(Balance.zero(), 1);
        pool.advance(new Balance(10 * WAL), 2);
        assertThat(pool.collectCommission(OPERATOR).value()).isZero();
        pool.addCommission(new Balance(3), false);
        assertThat(pool.collectCommission(OPERATOR).value()).isEqualTo(3);
        pool.unblockCommission();
        assertThat(pool.collectCommission(OPERATOR).value()).isEqualTo(WAL);
        assertThatThrownBy(() -> pool.collectCommission(new ByAddress(NODE)))
                .hasMessageContaining("staking_pool::collect_commission 15");
    }

    @Test
    void slashingTakesLockedCommissionToo() {
        var pool = MemoryPool.empty(NODE, 1000, fields);
        pool.addCommission(new Balance(5), true);
        assertThat(pool.seizeCommission().value()).isEqualTo(5);
        assertThat(fields.blockedCommission()).isEmpty();
        assertThat(pool.toMove().extraFields().size()).isZero();
    }

    @Test
    void aNewCommissionHoldsTwoEpochsLater() {
        var pool = MemoryPool.empty(NODE, 1000, fields);
        pool.advance(Balance.zero(), 1);
        pool.announceCommission(2000, 1);
        pool.advance(Balance.zero(), 2);
        assertThat(pool.toMove().commissionRate()).isEqualTo(1000);
        pool.advance(Balance.zero(), 3);
        assertThat(pool.toMove().commissionRate()).isEqualTo(2000);
        assertThat(pool.toMove().pendingCommissionRate()).isEmpty();
    }

    @Test
    void aPoolThatMissesThatEpochKeepsItsCommission() {
        var pool = MemoryPool.empty(NODE, 1000, fields);
        pool.announceCommission(2000, 1);
        pool.advance(Balance.zero(), 2);
        pool.advance(Balance.zero(), 4);
        assertThat(pool.toMove().commissionRate()).isEqualTo(1000);
        assertThat(pool.toMove().pendingCommissionRate()).containsEntry(3L, 2000L);
    }

    @Test
    void stakeAfterTheVoteCountsOneEpochLater() {
        var pool = MemoryPool.empty(NODE, 0, fields);
        assertThat(pool.stake(STAKE, new Balance(WAL), new WalrusTime(7, false)).activationEpoch())
                .isEqualTo(8);
        assertThat(pool.stake(STAKE, new Balance(WAL), new WalrusTime(7, true)).activationEpoch())
                .isEqualTo(9);
        assertThat(pool.stakeIn(8)).isEqualTo(WAL);
        assertThat(pool.stakeIn(9)).isEqualTo(2 * WAL);
    }

    @Test
    void stakeThatNeverCountedLeavesAtOnce() {
        var pool = MemoryPool.empty(NODE, 0, fields);
        var staked = pool.stake(STAKE, new Balance(WAL), at(3));
        assertThatThrownBy(() -> pool.requestWithdraw(staked, true, false, at(3)))
                .isInstanceOf(MoveAbort.class)
                .hasMessageContaining("staking_pool::request_withdraw_stake 13");
        assertThat(pool.withdraw(staked, true, false, at(3)).value()).isEqualTo(WAL);
        assertThat(pool.stakeIn(4)).isZero();
    }

    @Test
    void stakeOfASelectedNodeEarnsOneEpochBeforeItLeaves() {
        var pool = MemoryPool.empty(NODE, 0, fields);
        pool.stake(STAKE, new Balance(3 * WAL), at(0));
        pool.advance(Balance.zero(), 1);
        var staked = pool.stake(STAKE, new Balance(WAL), at(1));
        var withdrawing = pool.requestWithdraw(staked, true, true, new WalrusTime(1, true));
        assertThat(withdrawing.state()).isEqualTo(new StakedWal.State.Withdrawing(3));
        pool.advance(Balance.zero(), 2);
        assertThatThrownBy(() -> pool.withdraw(withdrawing, true, true, at(2)))
                .hasMessageContaining("staking_pool::withdraw_stake 11");
        pool.advance(new Balance(4 * WAL), 3);
        assertThat(pool.withdraw(withdrawing, true, true, at(3)).value()).isEqualTo(2 * WAL);
        assertThat(pool.toMove().walBalance()).isEqualTo(6 * WAL);
    }

    @Test
    void lessThanOneWalIsNoStake() {
        var pool = MemoryPool.empty(NODE, 0, fields);
        assertThatThrownBy(() -> pool.stake(STAKE, new Balance(WAL - 1), at(0)))
                .hasMessageContaining("staked_wal::mint 7");
    }

    private static WalrusTime at(long epoch) {
        return new WalrusTime(epoch, false);
    }

    private static PoolExchangeRate rate(long wal, long shares) {
        return new PoolExchangeRate.Variable(BigInteger.valueOf(wal), BigInteger.valueOf(shares));
    }
}
