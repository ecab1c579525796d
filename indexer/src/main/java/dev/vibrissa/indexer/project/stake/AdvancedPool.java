package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.stake.ExchangeRates;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;

/**
 * A pool brought into an epoch by the contract's rules: to be held against what the contract made of it.
 *
 * @param walBalance FROST of stake that counts in the epoch
 * @see "walrus-chain.md §4.6"
 */
record AdvancedPool(BigInteger walBalance, BigInteger numShares) {

    /**
     * @param reward FROST that its stakers earned in the epoch before
     * @return empty where a rate that it takes is from before our history
     */
    static Optional<AdvancedPool> of(PoolState before, BigInteger reward, long epoch, ExchangeRates rates) {
        BigInteger wal = big(before.walBalance()).add(reward);
        BigInteger shares = big(before.numShares());
        PoolExchangeRate rate = wal.signum() == 0 || shares.signum() == 0
                ? new PoolExchangeRate.Flat()
                : new PoolExchangeRate.Variable(wal, shares);
        BigInteger leaving = due(before.pendingSharesWithdraw(), epoch);
        for (var early : before.preActiveWithdrawals().entrySet()) {
            if (early.getKey() <= epoch) {
                // It earned one epoch, from the rate at which it came in.
                var cameIn = rates.entry(early.getKey() - 1);
                if (cameIn.isEmpty()) {
                    return Optional.empty();
                }
                leaving = leaving.add(cameIn.get().toShares(big(early.getValue())));
            }
        }
        BigInteger left = wal.add(due(before.pendingStake(), epoch)).subtract(rate.toWal(leaving));
        return Optional.of(new AdvancedPool(left, rate.toShares(left)));
    }

    private static BigInteger due(Map<Long, Long> pending, long epoch) {
        return pending.entrySet().stream()
                .filter(entry -> entry.getKey() <= epoch)
                .map(entry -> big(entry.getValue()))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    static BigInteger big(long unsigned) {
        return new BigInteger(Long.toUnsignedString(unsigned));
    }
}
