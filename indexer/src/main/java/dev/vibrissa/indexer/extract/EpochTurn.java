package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.PackageEvent;
import java.util.List;

/** The transactions at which the System's inner state is kept as a fact. */
final class EpochTurn {
    private EpochTurn() {}

    static boolean isAmong(List<EventFact> facts) {
        for (EventFact fact : facts) {
            if (isPartOf(fact)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPartOf(EventFact fact) {
        return switch (fact.event().orElse(null)) {
            case EpochEvent.EpochChangeStart _,
                    EpochEvent.EpochParametersSelected _,
                    EpochEvent.EpochChangeDone _,
                    PackageEvent.ContractUpgraded _ -> true;
            case null, default -> false;
        };
    }
}
