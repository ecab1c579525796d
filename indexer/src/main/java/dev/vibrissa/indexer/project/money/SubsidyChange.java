package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a transaction did to the subsidies contract.
 *
 * @param before empty where the contract was created, or is seen first
 * @param fixed what each node got into its commission, if the fixed part of an epoch was paid
 * @param fixedIsLocked whether nodes cannot collect it before the end of voting; contracts before version 3 lock nothing
 * @param called the transaction itself asks for subsidies to be paid out
 */
record SubsidyChange(
        Optional<WalrusSubsidiesInner> before,
        WalrusSubsidiesInner after,
        TreeMap<SuiAddress, Long> fixed,
        boolean fixedIsLocked,
        boolean called) {
    private static final String LOCKED = "Field<staking_pool::NewEpochCommissionBlockedForCollection, u64>";

    static Optional<SubsidyChange> of(TransactionFacts transaction) {
        for (ObjectFact object : transaction.objects()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof WalrusSubsidiesInner after) {
                var before = object.before()
                        .flatMap(ObjectState::value)
                        .filter(WalrusSubsidiesInner.class::isInstance)
                        .map(WalrusSubsidiesInner.class::cast);
                boolean paysFixed = before.isPresent() && before.get().latestEpoch() != after.latestEpoch();
                return Optional.of(new SubsidyChange(
                        before,
                        after,
                        paysFixed ? fixed(transaction) : new TreeMap<>(),
                        transaction.objects().stream()
                                .anyMatch(each -> each.type().equals(LOCKED)
                                        && each.change().exists()),
                        transaction.calls("walrus_subsidies::process_subsidies")));
            }
        }
        return Optional.empty();
    }

    private static TreeMap<SuiAddress, Long> fixed(TransactionFacts transaction) {
        var fixed = new TreeMap<SuiAddress, Long>();
        for (ObjectFact object : transaction.objects()) {
            if (object.before().flatMap(ObjectState::value).orElse(null) instanceof StakingPool before
                    && object.after().flatMap(ObjectState::value).orElse(null) instanceof StakingPool after
                    && after.commission() != before.commission()) {
                fixed.put(object.id(), after.commission() - before.commission());
            }
        }
        return fixed;
    }

    /** Whether subsidies were paid out: that sets the contract's clock, but for a second time in a millisecond. */
    boolean processed() {
        return before.filter(was -> called || was.lastSubsidizedTs() != after.lastSubsidizedTs())
                .isPresent();
    }

    boolean paysFixed() {
        return before.filter(was -> was.latestEpoch() != after.latestEpoch()).isPresent();
    }

    long fixedTotal() {
        return fixed.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * WAL that was put into the pool, given what was paid out of it.
     *
     * @param usage FROST that went into the accounts of epochs
     */
    long funded(long usage) {
        return after.subsidyPool()
                - before.map(WalrusSubsidiesInner::subsidyPool).orElse(0L)
                + usage
                + fixedTotal();
    }
}
