package dev.vibrissa.protocol.walrus.status;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The status of a blob as a storage node answers it, once it has handled the events up to some point.
 *
 * @see "walrus, crates/walrus-storage-node-client/src/api.rs, BlobStatus"
 */
public sealed interface BlobStatus {
    /**
     * Some object that nobody can delete is alive.
     *
     * @param endEpoch exclusive; the greatest among the certified permanent objects, or, if there are none, among the
     *     permanent ones
     * @param isCertified whether a permanent object is certified. A blob may be certified by a deletable object only:
     *     then this is false and {@code initialCertifiedEpoch} present
     * @param statusEvent the first event that brought about {@code endEpoch}; unknown if it lies before our history
     */
    record Permanent(
            long endEpoch,
            boolean isCertified,
            Optional<EventId> statusEvent,
            DeletableCounts deletableCounts,
            Optional<Long> initialCertifiedEpoch)
            implements BlobStatus {}

    /** Only objects that can vanish early are alive: deletable ones and those in pools. */
    record Deletable(Optional<Long> initialCertifiedEpoch, DeletableCounts deletableCounts) implements BlobStatus {}

    /** The blob is inconsistent, for ever. */
    record Invalid(EventId event) implements BlobStatus {}

    /** Nothing is stored. A node cannot tell why; we can. */
    record Nonexistent(Why why) implements BlobStatus {}

    /** What removed the last object. */
    enum Why {
        NEVER,
        EXPIRED,
        DELETED
    }

    /** How many live objects are deletable or lie in a pool, and how many of those are certified. */
    record DeletableCounts(int total, int certified) {
        SequencedMap<String, @Nullable Object> toJson() {
            var json = new LinkedHashMap<String, @Nullable Object>();
            json.put("count_deletable_total", total);
            json.put("count_deletable_certified", certified);
            return json;
        }
    }

    /**
     * The {@code data} of a storage node's {@code /v1/blobs/{id}/status}: the text {@code nonexistent} or nested maps,
     * keys in the node's order. Nodes write the two counts in snake_case and everything else in camelCase.
     */
    default Object toJson() {
        return switch (this) {
            case Permanent(var endEpoch, var isCertified, var statusEvent, var counts, var initialCertifiedEpoch) -> {
                var json = new LinkedHashMap<String, @Nullable Object>();
                json.put("endEpoch", endEpoch);
                json.put("isCertified", isCertified);
                json.put("statusEvent", statusEvent.map(EventId::toJson).orElse(null));
                json.put("deletableCounts", counts.toJson());
                json.put("initialCertifiedEpoch", initialCertifiedEpoch.orElse(null));
                yield variant("permanent", json);
            }
            case Deletable(var initialCertifiedEpoch, var counts) -> {
                var json = new LinkedHashMap<String, @Nullable Object>();
                json.put("initialCertifiedEpoch", initialCertifiedEpoch.orElse(null));
                json.put("deletableCounts", counts.toJson());
                yield variant("deletable", json);
            }
            case Invalid(var event) -> {
                var json = new LinkedHashMap<String, @Nullable Object>();
                json.put("event", event.toJson());
                yield variant("invalid", json);
            }
            case Nonexistent _ -> "nonexistent";
        };
    }

    private static SequencedMap<String, @Nullable Object> variant(String name, Object value) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put(name, value);
        return json;
    }
}
