package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a round again from its frame, its seed and the answers alone: which draws there were to be, and what they come to.
 */
public final class Replay {
    /**
     * What one probe brought, without what follows from it.
     *
     * @param gone the chain has seen the blob deleted or called invalid since the frame was made
     * @param shardsMoving an epoch change was under way
     */
    public record Raw(
            int member,
            Depth depth,
            int ordinal,
            Optional<Bytes> expected,
            Instant burstAt,
            List<Answer> answers,
            boolean shardsMoving,
            boolean gone) {
        public static Raw of(ProbeRecord probe) {
            return new Raw(
                    probe.draw().member(),
                    probe.draw().depth(),
                    probe.draw().ordinal(),
                    probe.expected(),
                    probe.burstAt(),
                    probe.answers(),
                    probe.circumstances().shardsMoving(),
                    probe.circumstances().gone());
        }

        private Key key() {
            return new Key(member, depth, ordinal);
        }
    }

    private record Key(int member, Depth depth, int ordinal) {}

    private Replay() {}

    /**
     * The probes of a round as they have to be.
     *
     * @param blobs of the frame, by the positions that the round draws
     * @param raw in any order; a draw without one has not been asked
     * @param controlsFailed waves in which no control target could be reached
     * @throws IllegalArgumentException if the seed does not follow from frame and checkpoint, or an answer is to a
     *     question that was not drawn
     */
    public static List<ProbeRecord> of(
            Frame frame,
            RoundRecord round,
            Bytes prover,
            Map<Long, FrameBlob> blobs,
            List<Raw> raw,
            Set<Integer> controlsFailed) {
        Bytes seed = frame.seed(round.round(), round.seedDigest()).bytes();
        if (!seed.equals(round.seed())) {
            throw new IllegalArgumentException("frame, round %d and checkpoint %s give seed %s, not %s"
                    .formatted(round.round(), round.seedDigest(), seed, round.seed()));
        }
        if (frame.seedHeight(round.round()) != round.seedHeight()
                || !frame.root().equals(round.frameRoot())
                || frame.walrusEpoch() != round.walrusEpoch()) {
            throw new IllegalArgumentException("round %d of epoch %d is not one of the frame %s"
                    .formatted(round.round(), round.walrusEpoch(), frame.root()));
        }
        var config = new EncodingConfig(frame.shards());
        Map<Key, Raw> byKey = new HashMap<>();
        raw.forEach(each -> byKey.put(each.key(), each));
        var probes = new ArrayList<ProbeRecord>();
        int number = 0;
        for (List<Draw> wave : Waves.of(frame, round, config, blobs)) {
            probes.addAll(judged(frame, round, prover, blobs, config, wave, byKey, controlsFailed.contains(number)));
            number++;
        }
        if (!byKey.isEmpty()) {
            throw new IllegalArgumentException("%d answers are to questions that were not drawn, one of them %s"
                    .formatted(byKey.size(), byKey.keySet().iterator().next()));
        }
        return probes;
    }

    private static List<ProbeRecord> judged(
            Frame frame,
            RoundRecord round,
            Bytes prover,
            Map<Long, FrameBlob> blobs,
            EncodingConfig config,
            List<Draw> wave,
            Map<Key, Raw> byKey,
            boolean controlsFailed) {
        var asked = new ArrayList<Asked>();
        Set<BlobId> gone = new HashSet<>();
        boolean moving = false;
        for (Draw draw : wave) {
            Raw raw = byKey.remove(new Key(draw.member(), draw.depth(), draw.ordinal()));
            if (raw == null) {
                continue;
            }
            FrameBlob blob = Optional.ofNullable(blobs.get(draw.position())).orElseThrow();
            moving = raw.shardsMoving();
            if (raw.gone()) {
                gone.add(blob.blobId());
            }
            asked.add(new Asked(
                    draw,
                    frame.members().get(draw.member()).nodeId(),
                    blob,
                    config.pairOf(
                            draw.shard(),
                            new dev.vibrissa.redstuff.BlobId(blob.blobId().toByteArray())),
                    raw.expected(),
                    raw.burstAt(),
                    raw.answers(),
                    List.of()));
        }
        return Wave.judge(asked, round, prover, Method.of(round.methodology()).judge(), moving, gone, controlsFailed)
                .probes();
    }
}
