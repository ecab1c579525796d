package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.walrus.object.PoolExchangeRate;
import java.util.Optional;

/** What a staking pool keeps in dynamic fields: on the ledger, or in memory where only the arithmetic matters. */
interface PoolFields {
    /** The rate that was written when the pool advanced into exactly this epoch. */
    Optional<PoolExchangeRate> rate(long epoch);

    void addRate(long epoch, PoolExchangeRate rate);

    /** Commission that cannot be collected yet, in FROST. */
    Optional<Long> blockedCommission();

    /** Sets or, if empty, removes it. */
    void blockedCommission(Optional<Long> amount);
}
