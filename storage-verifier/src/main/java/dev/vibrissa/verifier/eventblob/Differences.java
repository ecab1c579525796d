package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.status.EventId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What an event blob and our rows differ in: all counted, the first ones kept. */
public final class Differences {
    /** More in one file tell nothing new. */
    static final int MOST_KEPT = 1_000;

    /** How they differ. */
    public enum What {
        /** The file has an event that we have not. */
        MISSING,
        /** We have it with other contents. */
        ALTERED,
        /** We have an event that the file has not. */
        SURPLUS,
        /** We have it elsewhere: at another checkpoint, or in another order. */
        MOVED
    }

    /**
     * One difference.
     *
     * @param index of the element in the file; empty where the file has no such event
     * @param theirs name and contents, hex, in the file
     * @param ours the same in our rows, or where they are
     */
    public record Difference(
            What what,
            long checkpoint,
            OptionalLong index,
            EventId event,
            Optional<String> theirs,
            Optional<String> ours) {}

    private final List<Difference> kept = new ArrayList<>();
    private final Map<What, Long> counts = new EnumMap<>(What.class);

    void add(Difference difference) {
        counts.merge(difference.what(), 1L, Long::sum);
        if (kept.size() < MOST_KEPT) {
            kept.add(difference);
        }
    }

    public long count(What what) {
        return counts.getOrDefault(what, 0L);
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /** The first ones, in the order of the chain. */
    public List<Difference> kept() {
        return List.copyOf(kept);
    }
}
