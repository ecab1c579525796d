package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.TransactionKind.Programmable;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads what calls were made with. Only pure inputs can be read: results of other commands are nowhere on chain. */
final class Calls {
    private Calls() {}

    static Stream<MoveCall> of(Deed deed, String module, String function) {
        return deed.transaction().program().stream()
                .flatMap(program -> program.commands().stream())
                .filter(MoveCall.class::isInstance)
                .map(MoveCall.class::cast)
                .filter(call -> call.module().equals(module) && call.function().equals(function));
    }

    /** Argument {@code index}, if it is a pure input that {@code layout} reads to its end. */
    static <T> Optional<T> pure(Deed deed, MoveCall call, int index, Function<BcsReader, T> layout) {
        return deed.transaction().program().flatMap(program -> pure(program, call, index, layout));
    }

    private static <T> Optional<T> pure(Programmable program, MoveCall call, int index, Function<BcsReader, T> layout) {
        if (index < call.arguments().size()
                && call.arguments().get(index) instanceof Argument.Input(int input)
                && input < program.inputs().size()
                && program.inputs().get(input) instanceof CallArg.Pure(var bytes)) {
            try {
                var in = bytes.reader();
                T value = layout.apply(in);
                in.end();
                return Optional.of(value);
            } catch (BcsException _) { // a successful call of ours has no such argument; a stranger's may
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
