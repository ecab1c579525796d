package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The events of a transaction that no call has been found for yet, in their order. */
final class PendingEvents {
    private final List<EventFact> all;
    private final List<EventFact> events;
    private final PackageChain packages;
    private final Set<SuiAddress> subsidies;

    /** @param subsidies packages of the first subsidies contract */
    PendingEvents(TransactionFacts transaction, PackageChain packages, Set<SuiAddress> subsidies) {
        this.all = transaction.events();
        this.events = new ArrayList<>(all);
        this.packages = packages;
        this.subsidies = subsidies;
    }

    /** Takes the next event of a type that a call into Walrus emitted. */
    <T extends WalrusEvent> Optional<T> next(Class<T> type) {
        return next(type, _ -> true);
    }

    <T extends WalrusEvent> Optional<T> next(Class<T> type, Predicate<T> condition) {
        for (EventFact fact : events) {
            Optional<T> event =
                    fact.event().filter(type::isInstance).map(type::cast).filter(condition);
            if (event.isPresent() && isEmittedByUs(fact)) {
                events.remove(fact);
                return event;
            }
        }
        return Optional.empty();
    }

    /** Takes what another contract emitted, up to where a call of ours changes prices. */
    List<WalrusEvent> of(String emitter) {
        var found = new ArrayList<WalrusEvent>();
        for (EventFact fact : List.copyOf(events)) {
            if (fact.emitter().equals(emitter)) {
                events.remove(fact);
                fact.event().ifPresent(found::add);
            } else if (fact.event().orElse(null) instanceof PricesUpdated) {
                break;
            }
        }
        return found;
    }

    /** Takes all that are left. */
    List<WalrusEvent> rest() {
        var rest = events.stream().flatMap(fact -> fact.event().stream()).toList();
        events.clear();
        return rest;
    }

    /** An event blob is registered and certified at once. */
    boolean isCertifiedAtOnce(BlobRegistered registered) {
        return all.stream()
                .anyMatch(fact -> fact.event().orElse(null) instanceof BlobCertified certified
                        && !certified.isExtension()
                        && certified.objectId().equals(registered.objectId()));
    }

    /** Emitted below a call into Walrus, or into the subsidies that forward to it. */
    private boolean isEmittedByUs(EventFact fact) {
        int separator = fact.emitter().indexOf("::");
        var emitter = SuiAddress.parse(fact.emitter().substring(0, separator));
        return packages.contains(emitter) || fact.emitter().endsWith("::subsidies") && subsidies.contains(emitter);
    }
}
