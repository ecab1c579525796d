package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
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
}
