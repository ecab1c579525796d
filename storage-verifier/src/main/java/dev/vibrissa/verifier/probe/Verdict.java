package dev.vibrissa.verifier.probe;

import dev.vibrissa.verifier.node.Blame;
import java.time.Duration;
import java.util.Optional;

/** What a probe found, and whose doing it is. A probe says "served", never "stored". */
public sealed interface Verdict {
    /** Proven, in the time that a reader would wait. */
    record Served(Duration latency) implements Verdict {}

    /** Proven, but later than the method allows for so many bytes. Served all the same, and shown. */
    record Slow(Duration latency, Duration allowed) implements Verdict {}

    /** The node itself said, again and again, that it does not have what is its to keep. */
    record Missing(Said said, int attempts, Blame blame) implements Verdict {}

    /** The node sent something else as if it were what was asked for. */
    record Corrupt(String what, Blame blame) implements Verdict {}

    /** Somebody without the node's key answers at its address. */
    record WrongIdentity(String what) implements Verdict {}

    /** No answer after every attempt, or none but that there will be none now. */
    record Unreachable(Said said, int attempts, Blame blame) implements Verdict {}

    /** The operator refuses this blob, as operators may. */
    record RefusedByPolicy() implements Verdict {}

    /** The shard was on its way between two members, or the node in another epoch than we. */
    record EpochSkew(String what) implements Verdict {}

    /** Nothing can be said of the node. */
    record Inconclusive(String cause, Blame blame) implements Verdict {}

    /** Whose doing it is; empty: all is well. */
    default Optional<Blame> blamed() {
        return switch (this) {
            case Served _, Slow _ -> Optional.empty();
            case Missing missing -> Optional.of(missing.blame());
            case Corrupt corrupt -> Optional.of(corrupt.blame());
            case WrongIdentity _ -> Optional.of(Blame.NODE_OR_NETWORK);
            case Unreachable unreachable -> Optional.of(unreachable.blame());
            case RefusedByPolicy _ -> Optional.of(Blame.POLICY);
            case EpochSkew _ -> Optional.of(Blame.CHAIN);
            case Inconclusive inconclusive -> Optional.of(inconclusive.blame());
        };
    }

    /** Its name in the log, in answers and in the method. */
    default String word() {
        return switch (this) {
            case Served _ -> "served";
            case Slow _ -> "slow";
            case Missing _ -> "missing";
            case Corrupt _ -> "corrupt";
            case WrongIdentity _ -> "wrong-identity";
            case Unreachable _ -> "unreachable";
            case RefusedByPolicy _ -> "refused-by-policy";
            case EpochSkew _ -> "epoch-skew";
            case Inconclusive _ -> "inconclusive";
        };
    }

    /** Whether a score counts it, by one vantage's word alone. */
    default boolean isScored() {
        return switch (this) {
            case Served _, Slow _ -> true;
            case Missing _, Corrupt _, WrongIdentity _, Unreachable _, RefusedByPolicy _, EpochSkew _, Inconclusive _ ->
                blamed().equals(Optional.of(Blame.NODE));
        };
    }
}
