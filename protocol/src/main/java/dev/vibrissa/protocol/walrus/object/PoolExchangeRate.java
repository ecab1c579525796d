package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.math.BigInteger;

/** What a share of a staking pool was worth when the pool was brought up to an epoch. */
public sealed interface PoolExchangeRate extends WalrusObject {
    /** One FROST a share. */
    record Flat() implements PoolExchangeRate {
        @Override
        public BigInteger walAmount() {
            return BigInteger.ONE;
        }

        @Override
        public BigInteger shareAmount() {
            return BigInteger.ONE;
        }
    }

    /** {@code walAmount} FROST for {@code shareAmount} shares. */
    record Variable(BigInteger walAmount, BigInteger shareAmount) implements PoolExchangeRate {}

    /** FROST for {@link #shareAmount()} shares. */
    BigInteger walAmount();

    BigInteger shareAmount();

    /** The shares that an amount of FROST is, rounded down. */
    default BigInteger toShares(BigInteger wal) {
        return wal.multiply(shareAmount()).divide(walAmount());
    }

    /** The FROST that an amount of shares is, rounded down. */
    default BigInteger toWal(BigInteger shares) {
        return shares.multiply(walAmount()).divide(shareAmount());
    }

    static PoolExchangeRate decode(BcsReader in) {
        return switch (in.variant("PoolExchangeRate", 2)) {
            case 0 -> new Flat();
            default -> new Variable(in.u128(), in.u128());
        };
    }

    @Override
    default void encode(BcsWriter out) {
        switch (this) {
            case Flat() -> out.uleb(0);
            case Variable(BigInteger walAmount, BigInteger shareAmount) -> {
                out.uleb(1);
                out.u128(walAmount);
                out.u128(shareAmount);
            }
        }
    }
}
