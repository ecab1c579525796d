package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.verifier.probe.Circumstances;
import dev.vibrissa.verifier.probe.Judge;
import java.util.List;
import java.util.Set;

/**
 * What came back of a wave, judged as a whole: a pure function of the answers and of what the chain says.
 *
 * @param ownOutage the mass-failure rule found that our own network was out
 */
record Wave(boolean ownOutage, List<ProbeRecord> probes) {
    /**
     * @param shardsMoving by the chain, an epoch change was under way when the wave ended
     * @param gone blobs that the chain has seen deleted or called invalid since the frame was made
     * @param controlsFailed none of the control targets could be reached
     */
    static Wave judge(
            List<Asked> asked,
            RoundRecord round,
            Bytes prover,
            Judge judge,
            boolean shardsMoving,
            Set<BlobId> gone,
            boolean controlsFailed) {
        boolean ownOutage = controlsFailed
                || MassFailure.isOurs(asked.stream().map(Asked::answers).toList());
        return new Wave(
                ownOutage,
                asked.stream()
                        .map(each -> {
                            var circumstances = new Circumstances(
                                    shardsMoving, gone.contains(each.blob().blobId()), ownOutage);
                            return ProbeRecord.of(
                                    each,
                                    round,
                                    prover,
                                    circumstances,
                                    judge.judge(each.nodeId(), each.answers(), circumstances));
                        })
                        .toList());
    }
}
