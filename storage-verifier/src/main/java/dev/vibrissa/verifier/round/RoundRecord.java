package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.verifier.sample.RoundPlan;
import java.util.List;

/**
 * A round as it stands in the log before its first question.
 *
 * @param frameRoot of the frame that is drawn from
 * @param seedHeight checkpoint
 * @param seed that follows from the digest, see {@link dev.vibrissa.verifier.sample.Seed}
 * @param waveSize draws of one member that are asked together
 * @param bytesLeft what may still be asked of each member, in the order of the committee; the plan's bound or what the
 *     day has left, whichever is less
 * @param requestsLeft the same of requests, where each draw may take as many as the method has attempts, and one for metadata
 */
public record RoundRecord(
        String methodology,
        long walrusEpoch,
        long round,
        Bytes frameRoot,
        long seedHeight,
        Digest seedDigest,
        Bytes seed,
        RoundPlan plan,
        int waveSize,
        List<Long> bytesLeft,
        List<Long> requestsLeft) {
    public RoundRecord {
        bytesLeft = List.copyOf(bytesLeft);
        requestsLeft = List.copyOf(requestsLeft);
        if (waveSize < 1) {
            throw new IllegalArgumentException("waves of %d".formatted(waveSize));
        }
    }
}
