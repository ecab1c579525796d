package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ObjectRef;
import java.util.List;

/** What came of checking a checkpoint's parts against its summary. */
public sealed interface IntegrityCheck {
    /**
     * Everything that can be checked is as the summary says.
     *
     * @param unproven positions of transactions whose effects could not be decoded: their events are unproven
     * @param missing objects that were changed, before or after, and that the file lacks. Stores send all of them; a
     *     source that leaves some out hides state
     * @param unprovenObjects objects that no effects name, such as child objects that were only loaded
     */
    record Intact(List<Integer> unproven, List<ObjectRef> missing, int unprovenObjects, Artifacts artifacts)
            implements IntegrityCheck {}

    /** Bytes lead to another digest than the one the summary vouches for. */
    record Mismatch(String what, Digest expected, Digest actual) implements IntegrityCheck {}

    /** Parts that do not belong together, or one that must be there and is not. */
    record Contradiction(String reason) implements IntegrityCheck {}

    /** How the commitment to the objects written compares; reported only, for deletions are not settled. */
    enum Artifacts {
        /** The summary has no such commitment. */
        ABSENT,
        MATCHES,
        DIFFERS,
        /** Some effects could not be decoded. */
        UNDECIDED
    }

    default boolean isIntact() {
        return this instanceof Intact;
    }

    /** One sentence with the digests. */
    default String describe() {
        return switch (this) {
            case Intact(List<Integer> unproven, List<ObjectRef> missing, int unprovenObjects, Artifacts _) ->
                "intact; %d transactions unproven, %d objects missing, %d unproven"
                        .formatted(unproven.size(), missing.size(), unprovenObjects);
            case Mismatch(String what, Digest expected, Digest actual) ->
                "%s has digest %s where %s is due".formatted(what, actual, expected);
            case Contradiction(String reason) -> reason;
        };
    }
}
