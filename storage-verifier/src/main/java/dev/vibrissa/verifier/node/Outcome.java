package dev.vibrissa.verifier.node;

import java.util.function.Function;

/** What came of asking a node one question. */
public sealed interface Outcome<T> {
    Traffic traffic();

    /** The node answered, and everything about the answer that can be checked was found true. */
    record Answered<T>(T value, Traffic traffic) implements Outcome<T> {}

    /** There is no answer, or none that holds. */
    record Failed<T>(Failure failure, Traffic traffic) implements Outcome<T> {
        /** Whose fault it may be. */
        public Blame blame() {
            return failure.blame(traffic.pinned());
        }
    }

    /** The same outcome about what {@code next} makes of the answer. */
    default <R> Outcome<R> then(Function<T, Judgement<R>> next) {
        return switch (this) {
            case Failed<T>(Failure failure, Traffic traffic) -> new Failed<>(failure, traffic);
            case Answered<T>(T value, Traffic traffic) ->
                switch (next.apply(value)) {
                    case Judgement.Held<R>(R held) -> new Answered<>(held, traffic);
                    case Judgement.Failing<R>(Failure failure) -> new Failed<>(failure, traffic);
                };
        };
    }

    /** What checking an answer gave. */
    sealed interface Judgement<T> {
        record Held<T>(T value) implements Judgement<T> {}

        record Failing<T>(Failure failure) implements Judgement<T> {}
    }
}
