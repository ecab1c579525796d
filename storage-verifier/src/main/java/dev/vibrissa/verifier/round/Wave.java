package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Circumstances;
import dev.vibrissa.verifier.probe.Judge;
import dev.vibrissa.verifier.sample.Draw;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * What came back of a wave: a pure function of the answers and of what the chain says. Only what an outage of our own would
 * explain is judged by the wave as a whole; everything else can be judged as soon as it is there.
 *
 * @param ownOutage the mass-failure rule found that our own network was out
 */
record Wave(boolean ownOutage, List<ProbeRecord> probes) {
    /**
     * Judges what is left of a wave when it has ended.
     *
     * @param all answers of the wave, also those that were judged before
     * @param known what the chain says of the time of each draw
     * @param controlsFailed none of the control targets could be reached
     */
    static Wave judge(
            List<Asked> asked,
            Collection<List<Answer>> all,
            RoundRecord round,
            Bytes prover,
            Judge judge,
            Function<Draw, Circumstances> known,
            boolean controlsFailed) {
        boolean ownOutage = controlsFailed || MassFailure.isOurs(all);
        return new Wave(
                ownOutage,
                asked.stream()
                        .map(each -> {
                            Circumstances circumstances = known.apply(each.draw());
                            boolean hangs = judge.hangsOnOwnNetwork(each.nodeId(), each.answers(), circumstances);
                            return record(each, round, prover, judge, circumstances.withOwnOutage(ownOutage && hangs));
                        })
                        .toList());
    }

    /** Judges those that the rest of their wave will not change. */
    static List<ProbeRecord> settled(
            List<Asked> asked, RoundRecord round, Bytes prover, Judge judge, Function<Draw, Circumstances> known) {
        return asked.stream()
                .filter(each -> !judge.hangsOnOwnNetwork(each.nodeId(), each.answers(), known.apply(each.draw())))
                .map(each -> record(each, round, prover, judge, known.apply(each.draw())))
                .toList();
    }

    private static ProbeRecord record(
            Asked asked, RoundRecord round, Bytes prover, Judge judge, Circumstances circumstances) {
        return ProbeRecord.of(
                asked, round, prover, circumstances, judge.judge(asked.nodeId(), asked.answers(), circumstances));
    }
}
