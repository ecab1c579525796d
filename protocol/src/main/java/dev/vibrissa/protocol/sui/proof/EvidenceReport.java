package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.sui.Digest;
import java.util.List;

/**
 * What a piece of evidence proves, step by step from the signed summary down.
 *
 * @param checkpoint sequence number the summary states
 * @param steps in order; the first that does not hold ends them
 */
public record EvidenceReport(long checkpoint, Digest checkpointDigest, List<Step> steps, Conclusion conclusion) {
    /** One link of the proof. */
    public record Step(String claim, boolean holds, String detail) {}

    /** What follows from the steps. */
    public enum Conclusion {
        /** Every step holds, and a quorum of the committee we were told to trust signed the summary. */
        PROVEN("proven"),
        /** Every step holds, but nobody vouched for the summary. */
        CONSISTENT("internally consistent, committee not trusted"),
        /** A step does not hold: the evidence is worth nothing. */
        REFUTED("refuted");

        private final String text;

        Conclusion(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
