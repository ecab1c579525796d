package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Said;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether our own network was out in a wave. Operators fail one by one; if more than a third of those asked within the
 * same minute cannot be heard at all, the likelier cause is on our side, and silence in that wave says nothing of
 * anybody. Wrong bytes and refusals, which nodes sign with their key, keep their weight.
 */
public final class MassFailure {
    /** Fewer than this many members say nothing about us. */
    static final int LEAST_MEMBERS = 4;

    private MassFailure() {}

    /** @param probes the answers of each probe of the wave */
    public static boolean isOurs(Collection<List<Answer>> probes) {
        Map<SuiAddress, Answer> last = last(probes);
        long silent =
                last.values().stream().filter(each -> isSilence(each.said())).count();
        return last.size() >= LEAST_MEMBERS && silent * 3 > last.size();
    }

    /** What each node said last: who was heard before our network went out tells nothing of what came after. */
    static Map<SuiAddress, Answer> last(Collection<List<Answer>> probes) {
        Map<SuiAddress, Answer> last = new HashMap<>();
        probes.stream()
                .flatMap(List::stream)
                .forEach(each -> last.merge(
                        each.nodeId(), each, (one, other) -> other.askedAt().isBefore(one.askedAt()) ? one : other));
        return last;
    }

    static boolean isSilence(Said said) {
        return switch (said) {
            case SILENT, OTHER_IDENTITY, UNASKED -> true;
            case PROVEN,
                    NOT_FOUND,
                    MISSING_SLIVERS,
                    BLOCKED,
                    OTHER_VIEW,
                    BUSY,
                    REFUSED,
                    FALSE,
                    IMPOSSIBLE,
                    NEIGHBOUR_EPOCH,
                    UNUSABLE_RECORD -> false;
        };
    }
}
