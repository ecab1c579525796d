package dev.vibrissa.devnet.ledger.move;

import java.util.List;

/** A public function of a Move module. */
@FunctionalInterface
public interface MoveFunction {
    /**
     * Runs the function.
     *
     * @return its results in order: {@code List.of(BLOB.of(blob))}
     * @throws MoveAbort if it refuses; the transaction then fails and changes nothing but gas
     * @throws ArithmeticException where Move's arithmetic would overflow or divide by zero; the same happens
     */
    List<MoveValue> call(MoveCall call);
}
