package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.Calls;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A transaction with its place on the chain.
 *
 * @param packages what was taken for Walrus's
 */
record Deed(Place place, TransactionFacts transaction, PackageChain packages) {
    Deed(CheckpointFacts checkpoint, TransactionFacts transaction) {
        this(Place.of(checkpoint, transaction), transaction, checkpoint.packagesAfter());
    }

    long checkpoint() {
        return place.checkpoint();
    }

    Timestamp at() {
        return Timestamp.from(place.at());
    }

    int index() {
        return place.transactionIndex();
    }

    byte[] digest() {
        return place.digest();
    }

    Calls calls() {
        return Calls.of(transaction, packages);
    }

    /** What it left of the objects of a type. */
    <T> Stream<T> after(Class<T> type) {
        return transaction.objects().stream().flatMap(object -> after(object, type).stream());
    }

    /** What was left of objects, those that could be read. */
    static List<WalrusObject> states(List<ObjectFact> objects) {
        return objects.stream()
                .flatMap(object -> after(object, WalrusObject.class).stream())
                .toList();
    }

    boolean emitted(Class<? extends WalrusEvent> type) {
        return transaction.events().stream()
                .map(EventFact::event)
                .flatMap(Optional::stream)
                .anyMatch(type::isInstance);
    }

    static <T> Optional<T> before(ObjectFact object, Class<T> type) {
        return value(object.before(), type);
    }

    static <T> Optional<T> after(ObjectFact object, Class<T> type) {
        return value(object.after(), type);
    }

    private static <T> Optional<T> value(Optional<ObjectState> state, Class<T> type) {
        return state.flatMap(ObjectState::value).filter(type::isInstance).map(type::cast);
    }
}
