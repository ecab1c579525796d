package dev.vibrissa.verifier.score;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;

/**
 * What a node's probes of one kind came to in one hour.
 *
 * @param hour its beginning
 * @param depth of the probes, by name
 * @param verdict {@link dev.vibrissa.verifier.probe.Verdict#word}
 * @param blame by name; empty: all is well
 * @param counts in the score
 * @param latency probes by {@linkplain Latency bucket}; of what was not served, none
 * @param latencyPerMib the same for milliseconds by MiB, of bodies that are large enough
 */
public record NodeHour(
        SuiAddress nodeId,
        Instant hour,
        long walrusEpoch,
        String depth,
        String verdict,
        String blame,
        boolean counts,
        long probes,
        long bytes,
        List<Long> latency,
        List<Long> latencyPerMib) {
    public NodeHour {
        latency = List.copyOf(latency);
        latencyPerMib = List.copyOf(latencyPerMib);
    }

    boolean isServed() {
        return blame.isEmpty();
    }
}
