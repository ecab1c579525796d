package dev.vibrissa.protocol.walrus.stake;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import java.math.BigInteger;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The exchange rates of one pool, by the epoch that it was brought up to. In an epoch that it sat out, the rate before
 * holds; before the first, a share is one FROST.
 *
 * @see "Move: walrus::staking_pool::exchange_rate_at_epoch, calculate_rewards"
 */
public final class ExchangeRates {
    private final NavigableMap<Long, PoolExchangeRate> byEpoch;

    /** @param byEpoch the entries that were written */
    public ExchangeRates(NavigableMap<Long, PoolExchangeRate> byEpoch) {
        this.byEpoch = new TreeMap<>(byEpoch);
    }

    /** The entry written in an epoch, if one was. */
    public Optional<PoolExchangeRate> entry(long epoch) {
        return Optional.ofNullable(byEpoch.get(epoch));
    }

    /** The rate in force in an epoch. */
    public PoolExchangeRate at(long epoch) {
        var entry = byEpoch.floorEntry(epoch);
        return entry == null ? new PoolExchangeRate.Flat() : entry.getValue();
    }

    /**
     * What a stake is worth in an epoch: principal and rewards, principal alone before it is active.
     *
     * @param principal FROST
     * @param activationEpoch the first that earns
     * @param epoch of a position to be withdrawn its withdraw epoch, if that is earlier
     * @return FROST, not held against what the pool has to pay rewards with
     */
    public BigInteger value(BigInteger principal, long activationEpoch, long epoch) {
        if (epoch < activationEpoch) {
            return principal;
        }
        BigInteger shares = at(activationEpoch).toShares(principal);
        return principal.max(at(epoch).toWal(shares));
    }

    /** What stakers earned in an epoch; empty unless the pool was brought up to it and to the next. */
    public Optional<Yield> yield(long epoch) {
        return entry(epoch).flatMap(begin -> entry(epoch + 1).map(end -> Yield.between(begin, end)));
    }
}
