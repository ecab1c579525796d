package dev.vibrissa.verifier.score;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;

/**
 * What a node's probes of one kind came to in one hour.
 *
 * @param prover whose log it is from; those of several must not be added up, for they asked the same
 * @param hour its beginning
 * @param depth of the probes, by name
 * @param verdict {@link dev.vibrissa.verifier.probe.Verdict#word}, followed by {@value #BY_QUORUM} of what several vantages
 *     found: that probe is in another row, too, by the verdict of the vantage alone
 * @param blame by name; empty: all is well
 * @param counts in the score
 * @param maintained asked inside a declared maintenance
 * @param weight sum of what each probe stands for, see {@link dev.vibrissa.verifier.sample.Draw.Chance#weight}
 * @param weightSquares sum of the squares of those, which is more than a long may hold
 * @param latency probes by {@linkplain Latency bucket}; of what was not served, none
 * @param latencyPerMib the same for milliseconds by MiB, of bodies that are large enough
 */
public record NodeHour(
        Bytes prover,
        SuiAddress nodeId,
        Instant hour,
        long walrusEpoch,
        String depth,
        String verdict,
        String blame,
        boolean counts,
        boolean maintained,
        long probes,
        long weight,
        double weightSquares,
        long bytes,
        List<Long> latency,
        List<Long> latencyPerMib) {
    public static final String BY_QUORUM = "-by-quorum";

    public NodeHour {
        latency = List.copyOf(latency);
        latencyPerMib = List.copyOf(latencyPerMib);
    }

    boolean isServed() {
        return blame.isEmpty();
    }
}
