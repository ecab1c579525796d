package dev.vibrissa.devnet.contract;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Amounts that take effect in a later epoch, by epoch, in order of insertion. */
final class PendingValues {
    private final SequencedMap<Long, Long> values;

    PendingValues(SequencedMap<Long, Long> values) {
        this.values = new LinkedHashMap<>(values);
    }

    static PendingValues empty() {
        return new PendingValues(new LinkedHashMap<>());
    }

    SequencedMap<Long, Long> toMove() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    void add(long epoch, long value) {
        values.merge(epoch, value, U64::add);
    }

    void replace(long epoch, long value) {
        values.put(epoch, value);
    }

    void reduce(long epoch, long value) {
        Abort.unless(values.containsKey(epoch), "pending_values", "reduce", 0);
        long present = at(epoch).orElseThrow();
        Abort.unless(Long.compareUnsigned(present, value) >= 0, "pending_values", "reduce", 1);
        values.put(epoch, present - value);
    }

    Optional<Long> at(long epoch) {
        return Optional.ofNullable(values.get(epoch));
    }

    /** All that is due by {@code epoch}. */
    long dueBy(long epoch) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey() <= epoch)
                .mapToLong(entry -> entry.getValue())
                .reduce(0, U64::add);
    }

    /** Takes out what is due by {@code epoch}. */
    SequencedMap<Long, Long> take(long epoch) {
        var due = new LinkedHashMap<Long, Long>();
        for (long each : new ArrayList<>(values.keySet())) {
            if (each <= epoch) {
                due.put(each, values.remove(each));
            }
        }
        return due;
    }

    /** Takes out what is due by {@code epoch}, as a sum. */
    long flush(long epoch) {
        return take(epoch).values().stream().reduce(0L, U64::add);
    }
}
