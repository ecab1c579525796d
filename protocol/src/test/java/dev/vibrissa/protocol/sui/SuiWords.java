package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.sui.TransactionKind.Programmable;
import dev.vibrissa.protocol.sui.TransactionKind.ProgrammableSystem;
import java.util.List;

/** Transactions in the words that expectations use. */
final class SuiWords {
    private SuiWords() {}

    static String kind(TransactionKind kind) {
        return switch (kind) {
            case Programmable _ -> "ProgrammableTransaction";
            case ProgrammableSystem _ -> "ProgrammableSystemTransaction";
            case TransactionKind.ChangeEpoch _ -> "ChangeEpoch";
            case TransactionKind.Genesis _ -> "Genesis";
            case TransactionKind.ConsensusCommitPrologue prologue ->
                "ConsensusCommitPrologue" + (prologue.version() == 1 ? "" : "V" + prologue.version());
            case TransactionKind.AuthenticatorStateUpdate _ -> "AuthenticatorStateUpdate";
            case TransactionKind.EndOfEpoch _ -> "EndOfEpochTransaction";
            case TransactionKind.RandomnessStateUpdate _ -> "RandomnessStateUpdate";
        };
    }

    static List<String> moveCalls(TransactionKind kind) {
        return program(kind).commands().stream()
                .filter(Command.MoveCall.class::isInstance)
                .map(Command.MoveCall.class::cast)
                .map(call -> "%s::%s::%s".formatted(call.packageId(), call.module(), call.function()))
                .toList();
    }

    static int inputs(TransactionKind kind) {
        return program(kind).inputs().size();
    }

    static int commands(TransactionKind kind) {
        return program(kind).commands().size();
    }

    private static Programmable program(TransactionKind kind) {
        return switch (kind) {
            case Programmable program -> program;
            case ProgrammableSystem(List<CallArg> inputs, List<Command> commands) -> new Programmable(inputs, commands);
            default -> new Programmable(List.of(), List.of());
        };
    }
}
