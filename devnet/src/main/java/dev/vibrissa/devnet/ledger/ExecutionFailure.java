package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ExecutionError;
import dev.vibrissa.protocol.sui.SuiAddress;

/** Ends the execution of a transaction, which then fails on the chain. Never leaves the ledger. */
final class ExecutionFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final int INSUFFICIENT_GAS = 0;
    static final int INSUFFICIENT_COIN_BALANCE = 7;
    static final int COIN_BALANCE_OVERFLOW = 8;
    static final int MOVE_PRIMITIVE_RUNTIME_ERROR = 11;
    static final int FUNCTION_NOT_FOUND = 15;
    private static final int COMMAND_ARGUMENT_ERROR = 19;
    private static final int UNUSED_VALUE_WITHOUT_DROP = 21;
    static final int INVALID_TRANSFER_OBJECT = 23;
    private static final int PACKAGE_UPGRADE_ERROR = 27;
    static final int SHARED_OBJECT_OPERATION_NOT_ALLOWED = 31;

    private final transient ExecutionError error;

    ExecutionFailure(ExecutionError error) {
        super(error.toString(), null, false, false); // an outcome, not a fault: nobody wants its stack
        this.error = error;
    }

    ExecutionError error() {
        return error;
    }

    /** A reason that the name says it all. */
    static ExecutionFailure plain(int kind) {
        return other(kind, Bytes.EMPTY);
    }

    /** Arithmetic that overflowed, at a place that is not told. */
    static ExecutionFailure arithmetic() {
        return other(MOVE_PRIMITIVE_RUNTIME_ERROR, Bytes.of(new byte[1]));
    }

    static ExecutionFailure unused(int command, int result) {
        return other(
                UNUSED_VALUE_WITHOUT_DROP,
                Bytes.of(new BcsWriter().u16(command).u16(result).toByteArray()));
    }

    /** An upgrade to code that the ticket is not for. */
    static ExecutionFailure upgradeDigest(Bytes digest) {
        return other(
                PACKAGE_UPGRADE_ERROR,
                Bytes.of(new BcsWriter().uleb(3).bytes(digest).toByteArray()));
    }

    /** An upgrade of a package that the ticket is not for, or that is none. */
    static ExecutionFailure upgradePackage(SuiAddress id) {
        var out = new BcsWriter().uleb(1);
        id.encode(out);
        return other(PACKAGE_UPGRADE_ERROR, Bytes.of(out.toByteArray()));
    }

    static ExecutionFailure argument(int argument, ArgumentFault fault, int... payload) {
        var out = new BcsWriter().u16(argument).uleb(fault.ordinal());
        for (int number : payload) {
            out.u16(number);
        }
        return other(COMMAND_ARGUMENT_ERROR, Bytes.of(out.toByteArray()));
    }

    private static ExecutionFailure other(int kind, Bytes payload) {
        return new ExecutionFailure(new ExecutionError.Other(kind, payload));
    }

    /** The chain's {@code CommandArgumentError}, in its order. */
    enum ArgumentFault {
        TYPE_MISMATCH,
        INVALID_BCS_BYTES,
        INVALID_USAGE_OF_PURE_ARGUMENT,
        INVALID_ARGUMENT_TO_PRIVATE_ENTRY_FUNCTION,
        INDEX_OUT_OF_BOUNDS,
        SECONDARY_INDEX_OUT_OF_BOUNDS,
        INVALID_RESULT_ARITY,
        INVALID_GAS_COIN_USAGE,
        INVALID_VALUE_USAGE,
        INVALID_OBJECT_BY_VALUE,
        INVALID_OBJECT_BY_MUT_REF
    }
}
