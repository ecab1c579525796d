package dev.vibrissa.devnet.rpc;

import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.EventFilter;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.TransactionFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** What lists and subscriptions find in a checkpoint. No filter matches everything. */
final class Listings {
    private Listings() {}

    /** The checkpoint itself, if some transaction matches. */
    static Function<StoredCheckpoint, List<Scan.Item<Checkpoint>>> checkpoints(
            Optional<TransactionFilter> filter, ReadMask mask) {
        Predicate<StoredCheckpoint> matches = filter.map(Filters::transactions)
                .<Predicate<StoredCheckpoint>>map(
                        some -> checkpoint -> checkpoint.transactions().stream().anyMatch(some))
                .orElse(_ -> true);
        return checkpoint -> matches.test(checkpoint)
                ? List.of(new Scan.Item<>(
                        new Position(checkpoint.sequenceNumber(), 0, 0), () -> CheckpointMessages.of(checkpoint, mask)))
                : List.of();
    }

    static Function<StoredCheckpoint, List<Scan.Item<ExecutedTransaction>>> transactions(
            Optional<TransactionFilter> filter, ReadMask mask) {
        var matches = filter.map(Filters::transactions).orElse(_ -> true);
        return checkpoint -> checkpoint.transactions().stream()
                .filter(matches)
                .map(transaction -> new Scan.Item<>(
                        new Position(
                                checkpoint.sequenceNumber(),
                                transaction.executed().index(),
                                0),
                        () -> TransactionMessages.alone(transaction, mask)))
                .toList();
    }

    static Function<StoredCheckpoint, List<Scan.Item<dev.vibrissa.rpc.v2.Event>>> events(
            Optional<EventFilter> filter, ReadMask mask) {
        BiPredicate<StoredCheckpoint.Transaction, Event> matches =
                filter.map(Filters::events).orElse((_, _) -> true);
        return checkpoint -> {
            var found = new ArrayList<Scan.Item<dev.vibrissa.rpc.v2.Event>>();
            for (var transaction : checkpoint.transactions()) {
                var events = transaction.events();
                for (int i = 0; i < events.size(); i++) {
                    if (matches.test(transaction, events.get(i))) {
                        int index = i;
                        found.add(new Scan.Item<>(
                                new Position(
                                        checkpoint.sequenceNumber(),
                                        transaction.executed().index(),
                                        index),
                                () -> EventMessages.of(transaction, index, mask)));
                    }
                }
            }
            return found;
        };
    }
}
