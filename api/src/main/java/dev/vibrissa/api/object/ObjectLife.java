package dev.vibrissa.api.object;

import dev.vibrissa.api.object.BlobObject.Attributes;
import dev.vibrissa.api.object.BlobObject.Ownership;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.Metadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Folds the changes around one blob object into who held it and what was written on it.
 *
 * <p>Transaction by transaction: registration says that it came to be, its own change who holds it, and a SharedBlob
 * or dynamic field around it, written in the same transaction, where it went when it was wrapped.
 */
final class ObjectLife {
    private final SuiAddress id;
    private final List<Ownership> owners = new ArrayList<>();
    private final List<Attributes> attributes = new ArrayList<>();

    ObjectLife(SuiAddress id) {
        this.id = id;
    }

    List<Ownership> owners() {
        return List.copyOf(owners);
    }

    List<Attributes> attributes() {
        return List.copyOf(attributes);
    }

    @Nullable
    Map<String, String> attributesNow() {
        return attributes.isEmpty() ? null : attributes.getLast().attributes();
    }

    /** What the events say of the object: facts that its changes alone would not tell. */
    record Told(
            @Nullable SuiAddress storagePoolId,
            boolean eventBlob,
            @Nullable Registration registration,
            Optional<Digest> deletedBy) {}

    record Registration(long checkpoint, int txIndex, Digest tx, Instant timestamp) {}

    /**
     * @param changes in chain order, of the object, its fields and SharedBlobs around it
     */
    void fold(Told told, List<Change> changes) {
        var registration = told.registration();
        boolean registered = registration == null;
        for (int from = 0, to; from < changes.size(); from = to) {
            to = from + 1;
            while (to < changes.size() && sameTransaction(changes.get(from), changes.get(to))) {
                to++;
            }
            var first = changes.get(from);
            if (registration != null && !registered && !precedes(first, registration)) {
                register(told, registration);
                registered = true;
            }
            transaction(told, changes.subList(from, to));
        }
        if (registration != null && !registered) {
            register(told, registration);
        }
    }

    private static boolean sameTransaction(Change one, Change other) {
        return one.checkpoint() == other.checkpoint() && one.txIndex() == other.txIndex();
    }

    private static boolean precedes(Change change, Registration registration) {
        return change.checkpoint() < registration.checkpoint()
                || change.checkpoint() == registration.checkpoint() && change.txIndex() < registration.txIndex();
    }

    /** Until an object change of the same transaction says otherwise, an own object was destroyed within it. */
    private void register(Told told, Registration at) {
        var holder = told.storagePoolId() != null
                ? Holder.pool(told.storagePoolId())
                : Holder.gone(told.eventBlob() ? "event-blob" : "burned");
        owners.add(new Ownership(at.checkpoint(), at.tx(), at.timestamp(), holder));
    }

    private void transaction(Told told, List<Change> changes) {
        for (Change change : changes) {
            if (change.objectId().equals(id)) {
                held(change, holder(told, change));
            }
        }
        for (Change change : changes) {
            if (change.type().equals("shared_blob::SharedBlob") && change.exists()) {
                held(change, Holder.sharedBlob(change.objectId()));
            } else if (change.type().equals(ObjectChanges.BLOB_FIELD) && change.exists()) {
                held(change, Holder.of(change.ownerKind(), change.owner()));
            } else if (change.type().equals(ObjectChanges.METADATA)) {
                written(change);
            }
        }
    }

    private static Holder holder(Told told, Change change) {
        return switch (change.change()) {
            case "deleted" ->
                Holder.gone(told.deletedBy().filter(change.tx()::equals).isPresent() ? "deleted" : "burned");
            case "wrapped", "fleeting" -> Holder.wrapped();
            default ->
                told.storagePoolId() != null
                        ? Holder.pool(told.storagePoolId())
                        : Holder.of(change.ownerKind(), change.owner());
        };
    }

    /** A later word of the same transaction replaces an earlier one; saying the same again is no change. */
    private void held(Change change, Holder holder) {
        if (!owners.isEmpty() && owners.getLast().tx().equals(change.tx())) {
            owners.removeLast();
        }
        if (owners.isEmpty() || !owners.getLast().owner().equals(holder)) {
            owners.add(new Ownership(change.checkpoint(), change.tx(), change.timestamp(), holder));
        }
    }

    private void written(Change change) {
        Map<String, String> now = change.read(in ->
                        Field.decode(in, BcsReader::bytes, Metadata::decode).value())
                .map(metadata -> (Map<String, String>) metadata.metadata())
                .orElse(null);
        if (!attributes.isEmpty() && attributes.getLast().tx().equals(change.tx())) {
            attributes.removeLast();
        }
        var before = attributesNow();
        if (now == null ? before != null : !now.equals(before)) {
            attributes.add(new Attributes(change.checkpoint(), change.tx(), change.timestamp(), now));
        }
    }
}
