package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The newest version of each object that exists, by id and by owner. Not safe for use by several threads. */
final class LiveObjects {
    private final Map<SuiAddress, StoredObject> objects = new HashMap<>();
    private final Map<Owner, Set<SuiAddress>> owned = new HashMap<>();

    Optional<StoredObject> find(SuiAddress id) {
        return Optional.ofNullable(objects.get(id));
    }

    /** By id. */
    List<StoredObject> ownedBy(Owner owner) {
        return owned.getOrDefault(owner, Set.of()).stream()
                .map(id -> Objects.requireNonNull(objects.get(id)))
                .toList();
    }

    Collection<StoredObject> all() {
        return Collections.unmodifiableCollection(objects.values());
    }

    void put(StoredObject object) {
        StoredObject before = objects.put(object.id(), object);
        if (before != null) {
            disown(before);
        }
        owned.computeIfAbsent(object.object().owner(), _ -> new TreeSet<>()).add(object.id());
    }

    /** Takes out what was deleted or wrapped; does nothing if it is not there. */
    void remove(SuiAddress id) {
        StoredObject before = objects.remove(id);
        if (before != null) {
            disown(before);
        }
    }

    private void disown(StoredObject object) {
        owned.computeIfPresent(object.object().owner(), (_, ids) -> {
            ids.remove(object.id());
            return ids.isEmpty() ? null : ids;
        });
    }
}
