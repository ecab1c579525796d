package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.protocol.walrus.WalrusEvent;

/** The transactions at which the System's inner state is kept as a fact. */
final class EpochTurn {
    private EpochTurn() {}

    static boolean isPartOf(EventFact fact) {
        return switch (fact.event().orElse(null)) {
            case WalrusEvent.EpochChangeStart _,
                    WalrusEvent.EpochParametersSelected _,
                    WalrusEvent.EpochChangeDone _,
                    WalrusEvent.ContractUpgraded _ -> true;
            case null, default -> false;
        };
    }
}
