package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.Subsidies;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.WalrusSubsidiesInner;
import java.util.List;
import java.util.Optional;

/**
 * WAL is neither made nor lost: what addresses, accounts of epochs, funds, stakes, pools and subsidies have more or less
 * adds up to what was minted or burnt. What is missing went into an object of somebody else's contract, or came out of it.
 */
final class WalConservation {
    private WalConservation() {}

    /**
     * FROST that nothing known has although it was minted or taken from something known; 0 where all is known.
     *
     * @param changes of addresses, by this transaction
     */
    static long residual(TransactionFacts transaction, List<WalChange> changes) {
        long known = changes.stream().mapToLong(WalChange::amount).sum();
        if (transaction.system().isPresent()) {
            for (RingChange each : transaction.system().get().ring()) {
                known += each.rewards() * (each.endEpochExclusive() - each.firstEpoch());
            }
        }
        long minted = 0;
        for (ObjectFact object : transaction.objects()) {
            switch (object.change()) {
                // Wrapped, it is as it was, but out of sight.
                case WRAPPED, UNWRAPPED, OBSERVED, FLEETING -> {}
                case CREATED, MUTATED, DELETED -> {
                    known += held(object.after()) - held(object.before());
                    minted += supply(object.after()) - supply(object.before());
                }
            }
        }
        return minted - known;
    }

    private static long held(Optional<ObjectState> state) {
        return switch (state.flatMap(ObjectState::value).orElse(null)) {
            case SharedBlob shared -> shared.funds();
            case StakedWal staked -> staked.principal();
            case StakingPool pool -> pool.rewardsPool() + pool.commission();
            case WalrusSubsidiesInner subsidies -> subsidies.subsidyPool();
            case Subsidies subsidies -> subsidies.subsidyPool();
            case null, default -> 0;
        };
    }

    private static long supply(Optional<ObjectState> state) {
        return state.flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap cap ? cap.totalSupply() : 0;
    }
}
