package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.node.Blame;
import java.util.List;
import java.util.Optional;

/**
 * What vantages at several places make of a draw that all of them asked: a pure function. One that was served shows that
 * the node could be reached, so that silence elsewhere is the network's. Silence seen by a quorum is the node's. Anything
 * less stays open.
 */
public final class Quorum {
    /** Two places that fail together by chance are rare; one that fails is not. */
    static final int LEAST = 2;

    private Quorum() {}

    /**
     * What one vantage says of a draw.
     *
     * @param prover its key
     * @param entry hash of the line in its log
     * @param verdict {@link dev.vibrissa.verifier.probe.Verdict#word}
     */
    public record Word(Bytes prover, Bytes probeId, Bytes entry, String verdict, Optional<Blame> blame) {
        private boolean isServed() {
            return blame.isEmpty();
        }

        /** No answer, or one of somebody else: what a broken path looks like, too. */
        private boolean isSilence() {
            return blame.equals(Optional.of(Blame.NODE_OR_NETWORK))
                    && (verdict.equals("unreachable") || verdict.equals("wrong-identity"));
        }
    }

    /** How many have to agree: two of three, and always two thirds. */
    static int needed(int admitted) {
        return Math.max(LEAST, Math.ceilDiv(2 * admitted, 3));
    }

    /**
     * @param admitted vantages that could speak
     * @param words of different ones of them
     * @return {@link Blame#NODE}, {@link Blame#NETWORK}, or nothing: then each vantage's own word is all there is
     */
    static Optional<Blame> finding(int admitted, List<Word> words) {
        long silent = words.stream().filter(Word::isSilence).count();
        if (silent == 0) {
            return Optional.empty();
        }
        if (words.stream().anyMatch(Word::isServed)) {
            return Optional.of(Blame.NETWORK);
        }
        return silent >= needed(admitted) ? Optional.of(Blame.NODE) : Optional.empty();
    }
}
