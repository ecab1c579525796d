package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A draw that was asked, and everything that came back; not judged yet.
 *
 * @param burstAt when the questions of the member's burst were let go together
 * @param falseBodies of answers that did not hold, for a second judge
 */
public record Asked(
        Draw draw,
        SuiAddress nodeId,
        FrameBlob blob,
        int pair,
        Optional<Bytes> expected,
        Instant burstAt,
        List<Answer> answers,
        List<Bytes> falseBodies) {
    public Asked {
        answers = List.copyOf(answers);
        falseBodies = List.copyOf(falseBodies);
    }

    /** One that was to be asked, and was not, for its epoch is over. */
    static Asked not(Draw draw, StorageNode node, FrameBlob blob, EncodingConfig config, Instant now) {
        return new Asked(
                draw,
                node.id(),
                blob,
                config.pairOf(
                        draw.shard(),
                        new dev.vibrissa.redstuff.BlobId(blob.blobId().toByteArray())),
                Optional.empty(),
                now,
                List.of(Prober.unasked(node, now, "the epoch was over")),
                List.of());
    }
}
