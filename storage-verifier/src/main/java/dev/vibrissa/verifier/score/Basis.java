package dev.vibrissa.verifier.score;

import java.time.Instant;
import java.util.Map;

/**
 * What a score rests on, so that the same score can be made again from the logs.
 *
 * @param at when it was made: the end of the last 30 days
 * @param entries how many of each log are in it, by the prover's key in hex
 */
public record Basis(Instant at, Map<String, Long> entries) {
    public Basis {
        entries = Map.copyOf(entries);
    }

    /** Whether there is nothing in {@code other} that is not in this. */
    public boolean covers(Basis other) {
        return other.entries.entrySet().stream()
                .allMatch(each -> entries.getOrDefault(each.getKey(), 0L) >= each.getValue());
    }

    public long size() {
        return entries.values().stream().mapToLong(Long::longValue).sum();
    }
}
