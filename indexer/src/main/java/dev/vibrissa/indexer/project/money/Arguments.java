package dev.vibrissa.indexer.project.money;

import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionKind.Programmable;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call, as far as the transaction itself gives them.
 *
 * @param offset arguments before the first of the usual ones
 */
record Arguments(Programmable program, MoveCall call, int offset) {
    private static final int BLOB_ID_BYTES = 32;

    OptionalLong u64(int index) {
        return input(index) instanceof CallArg.Pure(var bcs) && bcs.length() == Long.BYTES
                ? OptionalLong.of(bcs.reader().u64())
                : OptionalLong.empty();
    }

    OptionalLong u32(int index) {
        return input(index) instanceof CallArg.Pure(var bcs) && bcs.length() == Integer.BYTES
                ? OptionalLong.of(bcs.reader().u32())
                : OptionalLong.empty();
    }

    Optional<BlobId> blobId(int index) {
        return input(index) instanceof CallArg.Pure(var bcs) && bcs.length() == BLOB_ID_BYTES
                ? Optional.of(new BlobId(bcs.toByteArray()))
                : Optional.empty();
    }

    Optional<SuiAddress> object(int index) {
        return input(index) instanceof CallArg.ObjectArg object ? Optional.of(object.id()) : Optional.empty();
    }

    /** The command whose first result it is. */
    OptionalInt madeBy(int index) {
        return switch (argument(index)) {
            case Argument.Result(int command) -> OptionalInt.of(command);
            case Argument.NestedResult(int command, int result) when result == 0 -> OptionalInt.of(command);
            case null, default -> OptionalInt.empty();
        };
    }

    private @Nullable Argument argument(int index) {
        return index + offset < call.arguments().size() ? call.arguments().get(index + offset) : null;
    }

    private @Nullable CallArg input(int index) {
        return argument(index) instanceof Argument.Input(int input)
                        && input < program.inputs().size()
                ? program.inputs().get(input)
                : null;
    }
}
