package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.function.Function;

/** What came of asking a node one question. */
public sealed interface Outcome<T> {
    Traffic traffic();

    /**
     * What the node sent, as far as it was judged; empty if nothing came to be judged. It keeps all of its bytes alive.
     */
    Bytes body();

    /** The node answered, and everything about the answer that can be checked was found true. */
    record Answered<T>(T value, Traffic traffic, Bytes body) implements Outcome<T> {}

    /** There is no answer, or none that holds. */
    record Failed<T>(Failure failure, Traffic traffic, Bytes body) implements Outcome<T> {
        /** Whose fault it may be. */
        public Blame blame() {
            return failure.blame(traffic.pinned());
        }
    }

    /** What checking an answer gave. */
    sealed interface Judgement<T> {
        record Held<T>(T value) implements Judgement<T> {}

        record Failing<T>(Failure failure) implements Judgement<T> {}

        static <T> Judgement<T> disproven(Disproof disproof) {
            return new Failing<>(new Failure.Disproven(disproof));
        }

        /** Goes on checking what has held so far. */
        default <R> Judgement<R> then(Function<T, Judgement<R>> next) {
            return switch (this) {
                case Held<T>(T value) -> next.apply(value);
                case Failing<T>(Failure failure) -> new Failing<>(failure);
            };
        }
    }
}
