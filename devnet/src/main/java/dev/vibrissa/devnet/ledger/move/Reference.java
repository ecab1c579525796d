package dev.vibrissa.devnet.ledger.move;

import java.util.function.UnaryOperator;

/** A mutable reference, {@code &mut T}. */
public interface Reference<T> {
    T get();

    void set(T value);

    default void update(UnaryOperator<T> change) {
        set(change.apply(get()));
    }
}
