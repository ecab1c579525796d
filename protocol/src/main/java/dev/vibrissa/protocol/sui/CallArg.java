package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;

/** An input of a programmable transaction. */
public sealed interface CallArg {
    /** A value by its BCS bytes; only the function that takes it knows the type. */
    record Pure(Bytes bcs) implements CallArg {}

    /** An input that is an object. */
    sealed interface ObjectArg extends CallArg {
        SuiAddress id();
    }

    /** An object of an address, or an immutable one, at one version. */
    record Owned(ObjectRef ref) implements ObjectArg {
        @Override
        public SuiAddress id() {
            return ref.id();
        }
    }

    /**
     * A shared object, at the version that consensus assigns.
     *
     * @param mutability 0 read only, 1 mutable, 2 written without excluding others (settlement transactions)
     */
    record Shared(SuiAddress id, long initialVersion, int mutability) implements ObjectArg {}

    /** An object that was sent to another object. */
    record Receiving(ObjectRef ref) implements ObjectArg {
        @Override
        public SuiAddress id() {
            return ref.id();
        }
    }

    /**
     * Money taken from an address balance.
     *
     * @param maxAmount most that may be taken, in the coin's smallest unit
     * @param coinType type of the coin, the parameter of {@code Balance}
     */
    record FundsWithdrawal(long maxAmount, TypeTag coinType, FundsSource from) implements CallArg {}

    /** Whose address balance pays. */
    sealed interface FundsSource {
        record Sender() implements FundsSource {}

        record Sponsor() implements FundsSource {}

        record Allowance(SuiAddress funder, SuiAddress allowance) implements FundsSource {}

        static FundsSource decode(BcsReader in) {
            return switch (in.variant("FundsSource", 3)) {
                case 0 -> new Sender();
                case 1 -> new Sponsor();
                default -> new Allowance(SuiAddress.decode(in), SuiAddress.decode(in));
            };
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case Sender() -> out.uleb(0);
                case Sponsor() -> out.uleb(1);
                case Allowance(SuiAddress funder, SuiAddress allowance) -> {
                    funder.encode(out.uleb(2));
                    allowance.encode(out);
                }
            }
        }
    }

    static CallArg decode(BcsReader in) {
        return switch (in.variant("CallArg", 3)) {
            case 0 -> new Pure(in.bytesView());
            case 1 ->
                switch (in.variant("ObjectArg", 3)) {
                    case 0 -> new Owned(ObjectRef.decode(in));
                    case 1 -> new Shared(SuiAddress.decode(in), in.u64(), in.variant("mutability", 3));
                    default -> new Receiving(ObjectRef.decode(in));
                };
            default -> {
                in.variant("Reservation", 1);
                long maxAmount = in.u64();
                in.variant("WithdrawalType", 1);
                yield new FundsWithdrawal(maxAmount, TypeTag.decode(in), FundsSource.decode(in));
            }
        };
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case Pure(Bytes bcs) -> out.uleb(0).bytes(bcs);
            case Owned(ObjectRef ref) -> ref.encode(out.uleb(1).uleb(0));
            case Shared(SuiAddress id, long initialVersion, int mutability) -> {
                id.encode(out.uleb(1).uleb(1));
                out.u64(initialVersion).u8(mutability);
            }
            case Receiving(ObjectRef ref) -> ref.encode(out.uleb(1).uleb(2));
            case FundsWithdrawal(long maxAmount, TypeTag coinType, FundsSource from) -> {
                coinType.encode(out.uleb(2).uleb(0).u64(maxAmount).uleb(0));
                from.encode(out);
            }
        }
    }
}
