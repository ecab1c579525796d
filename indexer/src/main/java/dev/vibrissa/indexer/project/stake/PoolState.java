package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.VotingParams;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A staking pool as a row holds it: its numbers, with the part of the commission that is locked.
 *
 * @param commissionLocked null where the field that tells it was not seen
 */
record PoolState(
        long activationEpoch,
        long latestEpoch,
        long walBalance,
        long numShares,
        long rewardsPool,
        long commission,
        @Nullable Long commissionLocked,
        int commissionRate,
        VotingParams votes,
        SequencedMap<Long, Long> pendingStake,
        SequencedMap<Long, Long> pendingSharesWithdraw,
        SequencedMap<Long, Long> preActiveWithdrawals,
        SequencedMap<Long, Long> pendingCommissionRate) {

    static final String[] COLUMNS = {
        "node_id",
        "checkpoint",
        "tx_index",
        "tx_digest",
        "replaced_checkpoint",
        "activation_epoch",
        "latest_epoch",
        "wal_balance",
        "num_shares",
        "rewards_pool",
        "commission",
        "commission_locked",
        "commission_rate",
        "storage_price_vote",
        "write_price_vote",
        "node_capacity_vote",
        "pending_stake",
        "pending_shares_withdraw",
        "pre_active_withdrawals",
        "pending_commission_rate"
    };

    static PoolState of(StakingPool pool, @Nullable Long commissionLocked) {
        return new PoolState(
                pool.activationEpoch(),
                pool.latestEpoch(),
                pool.walBalance(),
                pool.numShares(),
                pool.rewardsPool(),
                pool.commission(),
                commissionLocked,
                pool.commissionRate(),
                pool.votingParams(),
                pool.pendingStake(),
                pool.pendingSharesWithdraw(),
                pool.preActiveWithdrawals(),
                pool.pendingCommissionRate());
    }

    PoolState withLocked(long amount) {
        return new PoolState(
                activationEpoch,
                latestEpoch,
                walBalance,
                numShares,
                rewardsPool,
                commission,
                amount,
                commissionRate,
                votes,
                pendingStake,
                pendingSharesWithdraw,
                preActiveWithdrawals,
                pendingCommissionRate);
    }

    /** Of the columns after {@code replaced_checkpoint}. */
    @Nullable
    Object[] values() {
        return new @Nullable Object[] {
            activationEpoch,
            latestEpoch,
            Columns.unsigned(walBalance),
            Columns.unsigned(numShares),
            Columns.unsigned(rewardsPool),
            Columns.unsigned(commission),
            commissionLocked == null ? null : Columns.unsigned(commissionLocked),
            commissionRate,
            Columns.unsigned(votes.storagePrice()),
            Columns.unsigned(votes.writePrice()),
            Columns.unsigned(votes.nodeCapacity()),
            pairs(pendingStake),
            pairs(pendingSharesWithdraw),
            pairs(preActiveWithdrawals),
            pairs(pendingCommissionRate)
        };
    }

    static PoolState read(ResultSet row) throws SQLException {
        return new PoolState(
                row.getLong("activation_epoch"),
                row.getLong("latest_epoch"),
                bits(row, "wal_balance"),
                bits(row, "num_shares"),
                bits(row, "rewards_pool"),
                bits(row, "commission"),
                row.getBigDecimal("commission_locked") == null ? null : (Long) bits(row, "commission_locked"),
                row.getInt("commission_rate"),
                new VotingParams(
                        bits(row, "storage_price_vote"),
                        bits(row, "write_price_vote"),
                        bits(row, "node_capacity_vote")),
                map(row, "pending_stake"),
                map(row, "pending_shares_withdraw"),
                map(row, "pre_active_withdrawals"),
                map(row, "pending_commission_rate"));
    }

    private static long bits(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigInteger().longValue();
    }

    private static BigDecimal[] pairs(SequencedMap<Long, Long> map) {
        var pairs = new BigDecimal[2 * map.size()];
        int i = 0;
        for (var entry : map.entrySet()) {
            pairs[i++] = BigDecimal.valueOf(entry.getKey());
            pairs[i++] = Columns.unsigned(entry.getValue());
        }
        return pairs;
    }

    private static SequencedMap<Long, Long> map(ResultSet row, String column) throws SQLException {
        var pairs = (BigDecimal[]) row.getArray(column).getArray();
        var map = new LinkedHashMap<Long, Long>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i].longValue(), pairs[i + 1].toBigInteger().longValue());
        }
        return map;
    }
}
