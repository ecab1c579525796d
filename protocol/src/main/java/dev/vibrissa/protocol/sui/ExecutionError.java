package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;
import java.util.Optional;

/** Why a transaction failed. */
public sealed interface ExecutionError {
    /** Variant of the chain's {@code ExecutionFailureStatus}. */
    int kind();

    /**
     * Move code aborted. Printed as {@code abort blob::certify_with_certified_msg 5}.
     *
     * @param code unsigned; which constant of the module it is, only the source tells
     */
    record MoveAbort(MoveLocation location, long code) implements ExecutionError {
        @Override
        public int kind() {
            return MOVE_ABORT;
        }

        @Override
        public String toString() {
            return "abort " + location + " " + Long.toUnsignedString(code);
        }
    }

    /**
     * Any other reason.
     *
     * @param payload what the variant carries, as it is written
     */
    record Other(int kind, Bytes payload) implements ExecutionError {
        /** The chain's name of the reason. */
        public String name() {
            return NAMES.get(kind);
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /**
     * A place in Move code.
     *
     * @param function index of the function in the module's bytecode
     * @param instruction offset in the function
     */
    record MoveLocation(
            SuiAddress packageId, String module, int function, int instruction, Optional<String> functionName) {
        static MoveLocation decode(BcsReader in) {
            return new MoveLocation(
                    SuiAddress.decode(in), in.string(), in.u16(), in.u16(), in.option(BcsReader::string));
        }

        void encode(BcsWriter out) {
            packageId.encode(out);
            out.string(module).u16(function).u16(instruction).option(functionName, BcsWriter::string);
        }

        @Override
        public String toString() {
            return module + "::" + functionName.orElseGet(() -> "#" + function);
        }
    }

    /** The variant {@link MoveAbort}. */
    int MOVE_ABORT = 12;

    /** Names of all variants, by index. */
    List<String> NAMES = List.of(
            "InsufficientGas",
            "InvalidGasObject",
            "InvariantViolation",
            "FeatureNotYetSupported",
            "MoveObjectTooBig",
            "MovePackageTooBig",
            "CircularObjectOwnership",
            "InsufficientCoinBalance",
            "CoinBalanceOverflow",
            "PublishErrorNonZeroAddress",
            "SuiMoveVerificationError",
            "MovePrimitiveRuntimeError",
            "MoveAbort",
            "VMVerificationOrDeserializationError",
            "VMInvariantViolation",
            "FunctionNotFound",
            "ArityMismatch",
            "TypeArityMismatch",
            "NonEntryFunctionInvoked",
            "CommandArgumentError",
            "TypeArgumentError",
            "UnusedValueWithoutDrop",
            "InvalidPublicFunctionReturnType",
            "InvalidTransferObject",
            "EffectsTooLarge",
            "PublishUpgradeMissingDependency",
            "PublishUpgradeDependencyDowngrade",
            "PackageUpgradeError",
            "WrittenObjectsTooLarge",
            "CertificateDenied",
            "SuiMoveVerificationTimedout",
            "SharedObjectOperationNotAllowed",
            "InputObjectDeleted",
            "ExecutionCancelledDueToSharedObjectCongestion",
            "AddressDeniedForCoin",
            "CoinTypeGlobalPause",
            "ExecutionCancelledDueToRandomnessUnavailable",
            "MoveVectorElemTooBig",
            "MoveRawValueTooBig",
            "InvalidLinkage",
            "InsufficientFundsForWithdraw",
            "NonExclusiveWriteInputObjectModified");

    static ExecutionError decode(BcsReader in) {
        int kind = in.variant("ExecutionFailureStatus", NAMES.size());
        if (kind == MOVE_ABORT) {
            return new MoveAbort(MoveLocation.decode(in), in.u64());
        }
        int start = in.position();
        skipPayload(kind, in);
        return new Other(kind, in.viewSince(start));
    }

    private static void skipPayload(int kind, BcsReader in) {
        switch (kind) {
            case 4, 5, 24, 28, 37, 38 -> in.skip(16); // a size and its limit
            case 6, 41 -> in.skip(SuiAddress.SIZE);
            case 11 -> in.option(MoveLocation::decode);
            case 19 -> {
                in.u16();
                skipCommandArgumentError(in);
            }
            case 20 -> in.skip(3); // which type argument, what is wrong with it
            case 21 -> in.skip(4);
            case 22 -> in.skip(2);
            case 27 -> skipPackageUpgradeError(in);
            case 33 -> in.list(SuiAddress.SIZE, SuiAddress::decode);
            case 34 -> {
                in.skip(SuiAddress.SIZE);
                in.string();
            }
            case 35 -> in.string();
            default -> {} // the name says it all
        }
    }

    private static void skipCommandArgumentError(BcsReader in) {
        switch (in.variant("CommandArgumentError", 20)) {
            case 4, 6 -> in.skip(2);
            case 5 -> in.skip(4);
            default -> {}
        }
    }

    private static void skipPackageUpgradeError(BcsReader in) {
        switch (in.variant("PackageUpgradeError", 6)) {
            case 0, 1 -> in.skip(SuiAddress.SIZE);
            case 3 -> in.skipBytes();
            case 4 -> in.skip(1);
            case 5 -> in.skip(2 * SuiAddress.SIZE);
            default -> {}
        }
    }

    default void encode(BcsWriter out) {
        out.uleb(kind());
        switch (this) {
            case MoveAbort(MoveLocation location, long code) -> {
                location.encode(out);
                out.u64(code);
            }
            case Other(int _, Bytes payload) -> out.raw(payload);
        }
    }
}
