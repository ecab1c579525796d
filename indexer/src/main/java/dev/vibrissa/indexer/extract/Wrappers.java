package dev.vibrissa.indexer.extract;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the objects that others of the same transaction went into: those that hold their bytes, or else, since they may
 * have changed on the way, their id. Written objects are read once each, however many are sought.
 */
final class Wrappers {
    private final Map<Long, List<Bytes>> soughtByHead = new HashMap<>();
    private final Map<Bytes, SuiAddress> holdingAll = new HashMap<>();
    private final Map<Bytes, SuiAddress> holdingId = new HashMap<>();

    /** @param contents of an object that was wrapped, with its id first */
    void seek(Bytes contents) {
        soughtByHead
                .computeIfAbsent(contents.reader().u64(), _ -> new ArrayList<>())
                .add(contents);
    }

    /** Looks through an object that was written. */
    void lookInto(SuiAddress object, Bytes written) {
        if (soughtByHead.isEmpty()) {
            return;
        }
        long head = 0; // the last eight bytes, as a little-endian number
        for (int i = 0; i < written.length(); i++) {
            head = head >>> Byte.SIZE | (long) written.at(i) << Long.SIZE - Byte.SIZE;
            int from = i + 1 - Long.BYTES;
            if (from >= 0) {
                for (Bytes sought : soughtByHead.getOrDefault(head, List.of())) {
                    compare(object, written, from, sought);
                }
            }
        }
    }

    private void compare(SuiAddress object, Bytes written, int from, Bytes sought) {
        Bytes id = id(sought);
        if (isAt(written, from, id)) {
            holdingId.putIfAbsent(id, object);
            if (isAt(written, from, sought)) {
                holdingAll.putIfAbsent(id, object);
            }
        }
    }

    private static boolean isAt(Bytes written, int from, Bytes other) {
        return from <= written.length() - other.length()
                && written.slice(from, other.length()).equals(other);
    }

    private static Bytes id(Bytes contents) {
        return contents.slice(0, SuiAddress.SIZE);
    }

    Optional<SuiAddress> of(Bytes contents) {
        var id = id(contents);
        return Optional.ofNullable(holdingAll.get(id)).or(() -> Optional.ofNullable(holdingId.get(id)));
    }
}
