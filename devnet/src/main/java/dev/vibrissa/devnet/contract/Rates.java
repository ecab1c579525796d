package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate.Flat;
import dev.vibrissa.protocol.walrus.object.PoolExchangeRate.Variable;
import java.math.BigInteger;

/** Shares of a staking pool for WAL, and WAL for shares. */
final class Rates {
    private Rates() {}

    /** The rate of a pool; one to one while it lacks either side. */
    static PoolExchangeRate of(long wal, long shares) {
        Abort.unless(Long.compareUnsigned(shares, wal) <= 0, "pool_exchange_rate", "new", 0);
        return wal == 0 || shares == 0 ? new Flat() : new Variable(U64.big(wal), U64.big(shares));
    }

    static long toShares(PoolExchangeRate rate, long wal) {
        return switch (rate) {
            case Flat() -> wal;
            case Variable(BigInteger walAmount, BigInteger shareAmount) -> convert(wal, shareAmount, walAmount);
        };
    }

    static long toWal(PoolExchangeRate rate, long shares) {
        return switch (rate) {
            case Flat() -> shares;
            case Variable(BigInteger walAmount, BigInteger shareAmount) -> convert(shares, walAmount, shareAmount);
        };
    }

    private static long convert(long amount, BigInteger into, BigInteger from) {
        return U64.multiplyDivide(amount, into.longValue(), from.longValue()); // both began as 64 bits
    }
}
