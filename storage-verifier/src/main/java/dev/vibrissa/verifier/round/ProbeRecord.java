package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.Blame;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Circumstances;
import dev.vibrissa.verifier.probe.Verdict;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A probe as it stands in the log: everything that its verdict follows from, and the verdict.
 *
 * @param probeId 16 bytes
 * @param nodeId the member whose draw it is
 * @param pair index of the sliver pair that the shard holds of this blob
 * @param expected the root of the primary sliver by the blob's metadata, which the blob id commits to; empty if no
 *     metadata was needed or to be had
 * @param wave what it was judged together with; those of one member in a wave are a burst, asked at the same moment
 * @param burstAt that moment: whoever has to fetch several slivers from others at once shows it by the time since
 * @param verdict {@link Verdict#word}
 * @param counts in the score, by this vantage's word alone
 */
public record ProbeRecord(
        Bytes probeId,
        long walrusEpoch,
        long round,
        int wave,
        Draw draw,
        SuiAddress nodeId,
        FrameBlob blob,
        int pair,
        Optional<Bytes> expected,
        Instant burstAt,
        List<Answer> answers,
        Circumstances circumstances,
        String verdict,
        Optional<Blame> blame,
        boolean counts) {
    private static final byte[] DOMAIN = "vibrissa probe v1".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_BYTES = 16;

    public ProbeRecord {
        answers = List.copyOf(answers);
    }

    /** Follows from what is asked and who asks. */
    static Bytes id(Bytes prover, long epoch, long round, Draw draw) {
        byte[] question = new BcsWriter()
                .u64(epoch)
                .u64(round)
                .u32(draw.member())
                .u8(draw.depth().ordinal())
                .u32(draw.ordinal())
                .toByteArray();
        return Sha256.of(DOMAIN, prover.toByteArray(), question)
                .slice(0, ID_BYTES)
                .detached();
    }

    static ProbeRecord of(Asked asked, RoundRecord round, Bytes prover, Circumstances circumstances, Verdict verdict) {
        Draw draw = asked.draw();
        return new ProbeRecord(
                id(prover, round.walrusEpoch(), round.round(), draw),
                round.walrusEpoch(),
                round.round(),
                Waves.wave(draw, round),
                draw,
                asked.nodeId(),
                asked.blob(),
                asked.pair(),
                asked.expected(),
                asked.burstAt(),
                asked.answers(),
                circumstances,
                verdict.word(),
                verdict.blamed(),
                counts(draw, verdict));
    }

    /** A claim is a node's word: shown, and never scored. */
    static boolean counts(Draw draw, Verdict verdict) {
        return verdict.isScored() && draw.depth() != Depth.CLAIM;
    }
}
