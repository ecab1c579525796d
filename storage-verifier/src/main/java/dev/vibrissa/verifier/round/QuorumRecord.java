package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.node.Blame;
import java.time.Instant;
import java.util.List;

/**
 * What several vantages together make of a draw that this one got no answer to, as it stands in the log. The probe's own
 * entry says what this vantage saw, and stays.
 *
 * @param probeId of this log
 * @param verdict of that probe
 * @param askedAt when this vantage asked
 * @param weight of its draw
 * @param admitted vantages that could speak, this one included
 * @param words of those that asked the same draw, this one included
 * @param blame {@code NODE} or {@code NETWORK}, as {@link Quorum} finds
 */
public record QuorumRecord(
        long walrusEpoch,
        long round,
        Bytes probeId,
        SuiAddress nodeId,
        String depth,
        String verdict,
        Instant askedAt,
        long weight,
        int admitted,
        List<Quorum.Word> words,
        Blame blame) {
    public QuorumRecord {
        words = List.copyOf(words);
    }
}
