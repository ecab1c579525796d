package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Circumstances;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private record Key(int member, Depth depth, int ordinal) {
        static Key of(Draw draw) {
            return new Key(draw.member(), draw.depth(), draw.ordinal());
        }
    }

    private Replay() {}

    /**
     * The probes of a round as they have to be.
     *
     * @param blobs of the frame, by the positions that the round draws
     * @param raw in any order; a round may have ended after any wave, and within one nothing is left out
     * @param controlsFailed waves in which no control target could be reached
     * @throws IllegalArgumentException if the round does not follow from the frame, an answer is to a question that was not
     *     drawn, or the answer to one that was is left out
     */
    public static List<ProbeRecord> of(
            Frame frame,
            RoundRecord round,
            Bytes prover,
            Map<Long, FrameBlob> blobs,
            List<Raw> raw,
            Set<Integer> controlsFailed) {
        faultOf(frame, round).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        var config = new EncodingConfig(frame.shards());
        Map<Key, Raw> byKey = new HashMap<>();
        for (Raw each : raw) {
            if (byKey.put(each.key(), each) != null) {
                throw new IllegalArgumentException("%s is answered twice".formatted(each.key()));
            }
        }
        var probes = new ArrayList<ProbeRecord>();
        List<List<Draw>> waves = Waves.of(frame, round, config, blobs);
        checkNoneLeftOut(waves, byKey.keySet());
        int number = 0;
        for (List<Draw> wave : waves) {
            probes.addAll(judged(frame, round, prover, blobs, config, wave, byKey, controlsFailed.contains(number)));
            number++;
        }
        if (!byKey.isEmpty()) {
            throw new IllegalArgumentException("%d answers are to questions that were not drawn, one of them %s"
                    .formatted(byKey.size(), byKey.keySet().iterator().next()));
        }
        return probes;
    }

    /**
     * Why a round is none of its frame; empty if it is. All that steers it was signed before its seed was known: blobs, method,
     * plan. Only what a budget has left is the prover's to say, and never more than the plan.
     *
     * @throws IllegalArgumentException if there is no method of the frame's version
     */
    static Optional<String> faultOf(Frame frame, RoundRecord round) {
        Bytes seed = frame.seed(round.round(), round.seedDigest()).bytes();
        if (!seed.equals(round.seed())) {
            return Optional.of("frame, round %d and checkpoint %s give seed %s, not %s"
                    .formatted(round.round(), round.seedDigest(), seed, round.seed()));
        }
        if (frame.seedHeight(round.round()) != round.seedHeight()
                || !frame.root().equals(round.frameRoot())
                || frame.walrusEpoch() != round.walrusEpoch()) {
            return Optional.of("round %d of epoch %d is not one of the frame %s"
                    .formatted(round.round(), round.walrusEpoch(), frame.root()));
        }
        Method method = Method.of(frame.methodology());
        if (!frame.methodologyHash().equals(method.hash())) {
            return Optional.of("the frame has a method %s of hash %s, and the published one has %s"
                    .formatted(frame.methodology(), frame.methodologyHash(), method.hash()));
        }
        if (!round.methodology().equals(frame.methodology())
                || !round.plan().equals(frame.plan())
                || round.waveSize() != frame.waveSize()) {
            return Optional.of("round %d asks by %s %s in waves of %d, and the frame says %s %s in waves of %d"
                    .formatted(
                            round.round(),
                            round.methodology(),
                            round.plan(),
                            round.waveSize(),
                            frame.methodology(),
                            frame.plan(),
                            frame.waveSize()));
        }
        return budgetsAre(round.bytesLeft(), frame, frame.plan().bytesPerMember())
                        && budgetsAre(round.requestsLeft(), frame, method.dayRequests())
                ? Optional.empty()
                : Optional.of("round %d has other budgets than one of each of %d members within plan and method"
                        .formatted(round.round(), frame.members().size()));
    }

    private static boolean budgetsAre(List<Long> left, Frame frame, long most) {
        return left.size() == frame.members().size() && left.stream().allMatch(each -> each >= 0 && each <= most);
    }

    /** Whoever could leave out an answer could hide it. A round that ends early lacks its last waves, as wholes. */
    private static void checkNoneLeftOut(List<List<Draw>> waves, Set<Key> answered) {
        int firstUnasked = waves.size();
        for (int wave = 0; wave < waves.size(); wave++) {
            List<Draw> draws = waves.get(wave);
            long answers =
                    draws.stream().map(Key::of).filter(answered::contains).count();
            if (answers == 0 && !draws.isEmpty()) {
                firstUnasked = Math.min(firstUnasked, wave);
            } else if (answers < draws.size()) {
                throw new IllegalArgumentException(
                        "wave %d has answers to %d of its %d questions".formatted(wave, answers, draws.size()));
            } else if (!draws.isEmpty() && wave > firstUnasked) {
                throw new IllegalArgumentException(
                        "wave %d was asked, and wave %d before it was not".formatted(wave, firstUnasked));
            }
        }
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
        Map<Draw, Circumstances> known = new HashMap<>();
        for (Draw draw : wave) {
            Raw raw = byKey.remove(Key.of(draw));
            if (raw == null) {
                continue;
            }
            FrameBlob blob = Optional.ofNullable(blobs.get(draw.position())).orElseThrow();
            known.put(draw, new Circumstances(raw.shardsMoving(), raw.gone(), false));
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
        return Wave.judge(
                        asked,
                        asked.stream().map(Asked::answers).toList(),
                        round,
                        prover,
                        Method.of(round.methodology()).judge(),
                        draw -> Objects.requireNonNull(known.get(draw)),
                        controlsFailed)
                .probes();
    }
}
