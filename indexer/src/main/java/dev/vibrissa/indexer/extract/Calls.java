package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionKind.Programmable;
import dev.vibrissa.protocol.walrus.PackageChain;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The calls of a transaction into the packages of Walrus, with what they were made with. Objects prove what happened;
 * calls tell of what left no trace in them, such as a vote for the same value again.
 */
public final class Calls {
    private final Optional<Programmable> program;
    private final PackageChain packages;

    private Calls(Optional<Programmable> program, PackageChain packages) {
        this.program = program;
        this.packages = packages;
    }

    /** None for a transaction that failed or that people did not make. */
    public static Calls of(TransactionFacts transaction, PackageChain packages) {
        return new Calls(transaction.error().isPresent() ? Optional.empty() : transaction.program(), packages);
    }

    public List<MoveCall> to(String module, String function) {
        return program.stream()
                .flatMap(each -> each.commands().stream())
                .filter(MoveCall.class::isInstance)
                .map(MoveCall.class::cast)
                .filter(call -> call.module().equals(module)
                        && call.function().equals(function)
                        && packages.contains(call.packageId()))
                .toList();
    }

    /** A value that stands in the transaction itself; empty if another call made it, for that is nowhere on chain. */
    public <T> Optional<T> value(MoveCall call, int argument, Function<BcsReader, T> type) {
        if (input(call, argument).orElse(null) instanceof CallArg.Pure(var bytes)) {
            try {
                var in = bytes.reader();
                T value = type.apply(in);
                in.end();
                return Optional.of(value);
            } catch (BcsException e) {
                return Optional.empty(); // the call would have failed: another version of the contract takes others
            }
        }
        return Optional.empty();
    }

    /** An object that the transaction took in. */
    public Optional<SuiAddress> object(MoveCall call, int argument) {
        return input(call, argument)
                .filter(CallArg.ObjectArg.class::isInstance)
                .map(input -> ((CallArg.ObjectArg) input).id());
    }

    private Optional<CallArg> input(MoveCall call, int argument) {
        if (argument < call.arguments().size() && call.arguments().get(argument) instanceof Argument.Input(int index)) {
            return program.map(Programmable::inputs)
                    .filter(inputs -> index < inputs.size())
                    .map(inputs -> inputs.get(index));
        }
        return Optional.empty();
    }
}
