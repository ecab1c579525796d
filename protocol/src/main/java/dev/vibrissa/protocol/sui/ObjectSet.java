package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Part.Decoded;
import dev.vibrissa.protocol.sui.Part.Undecoded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Versions of objects, by id and version. Not every version that a transaction touched needs to be here. */
public final class ObjectSet {
    /**
     * One version of one object.
     *
     * @param object undecoded where what follows the data (an owner, say) is of a kind we do not know
     */
    public record RawObject(SuiAddress id, long version, Part<SuiObject> object) {
        public Bytes bcs() {
            return object.bcs();
        }
    }

    private static final Comparator<RawObject> ORDER =
            Comparator.comparing(RawObject::id).thenComparing(RawObject::version, Long::compareUnsigned);

    private final List<RawObject> objects;
    private final List<Undecoded<SuiObject>> undecoded;

    private ObjectSet(List<RawObject> objects, List<Undecoded<SuiObject>> undecoded) {
        this.objects = objects;
        this.undecoded = undecoded;
    }

    /** Of a checkpoint that is known without its objects. */
    public static ObjectSet none() {
        return new ObjectSet(List.of(), List.of());
    }

    /** Reads objects in any order. */
    static ObjectSet of(List<Bytes> blobs) {
        var objects = new ArrayList<RawObject>(blobs.size());
        var undecoded = new ArrayList<Undecoded<SuiObject>>();
        for (Bytes blob : blobs) {
            read(blob, objects, undecoded);
        }
        return new ObjectSet(sortedOnce(objects), List.copyOf(undecoded));
    }

    private static void read(Bytes bcs, List<RawObject> objects, List<Undecoded<SuiObject>> undecoded) {
        SuiObject.Data data;
        var in = bcs.reader();
        try {
            data = SuiObject.Data.decode(in);
        } catch (BcsException e) {
            undecoded.add(new Undecoded<>(bcs, String.valueOf(e.getMessage())));
            return;
        }
        Part<SuiObject> part;
        try {
            var object = SuiObject.decode(data, in);
            in.end();
            part = new Decoded<>(object, bcs);
        } catch (BcsException e) {
            var unknown = new Undecoded<SuiObject>(bcs, String.valueOf(e.getMessage()));
            undecoded.add(unknown);
            part = unknown;
        }
        objects.add(new RawObject(data.id(), data.version(), part));
    }

    /** Sorted, the last one where an id and version comes again: digests decide later whether it may be believed. */
    private static List<RawObject> sortedOnce(List<RawObject> objects) {
        objects.sort(ORDER); // stable
        var once = new ArrayList<RawObject>(objects.size());
        for (RawObject object : objects) {
            if (!once.isEmpty() && ORDER.compare(once.getLast(), object) == 0) {
                once.removeLast();
            }
            once.add(object);
        }
        return List.copyOf(once);
    }

    /** All objects whose id we could read, by id and version. */
    public List<RawObject> all() {
        return objects;
    }

    /** Objects that could not be decoded, those without a readable id included. */
    public List<Undecoded<SuiObject>> undecoded() {
        return undecoded;
    }

    public Optional<RawObject> find(SuiAddress id, long version) {
        int low = 0;
        int high = objects.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            RawObject object = objects.get(middle);
            int order = object.id.compareTo(id);
            if (order == 0) {
                order = Long.compareUnsigned(object.version, version);
            }
            if (order == 0) {
                return Optional.of(object);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    /** The object as it was before the change; empty if it was not there, or is not in this set. */
    public Optional<RawObject> before(ChangedObject change) {
        return switch (change.in()) {
            case InputState.Absent() -> Optional.empty();
            case InputState.Exists(long version, Digest _, Owner _) -> find(change.id(), version);
            case InputState.ExistsV1(long version) -> find(change.id(), version);
        };
    }

    /** The object as the change left it; empty if it is gone or wrapped, or is not in this set. */
    public Optional<RawObject> after(TransactionEffects effects, ChangedObject change) {
        return switch (change.out()) {
            case OutputState.Absent() -> Optional.empty();
            case OutputState.Written _ -> find(change.id(), effects.lamportVersion());
            case OutputState.PackageWritten(long version, Digest _) -> find(change.id(), version);
            case OutputState.AccumulatorWritten _ -> Optional.empty();
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectSet set && objects.equals(set.objects) && undecoded.equals(set.undecoded);
    }

    @Override
    public int hashCode() {
        return objects.hashCode();
    }

    @Override
    public String toString() {
        return "%d objects, %d undecoded".formatted(objects.size(), undecoded.size());
    }
}
