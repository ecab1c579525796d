package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a transaction does. Users send {@link Programmable}; all other kinds are the system's own, of which we keep
 * what an indexer can use and the rest as bytes.
 */
public sealed interface TransactionKind {
    /** Commands over inputs. */
    record Programmable(List<CallArg> inputs, List<Command> commands) implements TransactionKind {}

    /** Commands that the system runs, for example to settle address balances. */
    record ProgrammableSystem(List<CallArg> inputs, List<Command> commands) implements TransactionKind {}

    /** The old way into a new epoch. */
    record ChangeEpoch(EpochChange change) implements TransactionKind {}

    record Genesis(List<SuiObject.Genesis> objects) implements TransactionKind {}

    /**
     * Sets the clock when consensus commits.
     *
     * @param version 1 to 4
     * @param subDagIndex from version 3 on, where one round has several commits
     * @param rest what a version has beyond: digests and assigned versions of shared objects
     */
    record ConsensusCommitPrologue(
            int version, long epoch, long round, OptionalLong subDagIndex, Instant timestamp, Bytes rest)
            implements TransactionKind {}

    /**
     * New keys of OpenID providers, for zkLogin.
     *
     * @param keys the list as it is written
     * @param initialVersion initial shared version of the state object
     */
    record AuthenticatorStateUpdate(long epoch, long round, Bytes keys, long initialVersion)
            implements TransactionKind {}

    /** The last transaction of an epoch. */
    record EndOfEpoch(List<EndOfEpochStep> steps) implements TransactionKind {}

    record RandomnessStateUpdate(long epoch, long round, Bytes randomBytes, long initialVersion)
            implements TransactionKind {}

    /**
     * Takes the chain into an epoch. Amounts in MIST.
     *
     * @param systemPackages framework packages that are upgraded along, as they are written
     */
    record EpochChange(
            long epoch,
            long protocolVersion,
            long storageCharge,
            long computationCharge,
            long storageRebate,
            long nonRefundableStorageFee,
            Instant start,
            Bytes systemPackages) {
        static EpochChange decode(BcsReader in) {
            return new EpochChange(
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    Instant.ofEpochMilli(in.u64()),
                    SystemTransactions.systemPackages(in));
        }

        void encode(BcsWriter out) {
            out.u64(epoch)
                    .u64(protocolVersion)
                    .u64(storageCharge)
                    .u64(computationCharge)
                    .u64(storageRebate)
                    .u64(nonRefundableStorageFee)
                    .u64(start.toEpochMilli())
                    .raw(systemPackages);
        }
    }

    /**
     * One thing done at the end of an epoch.
     *
     * @param variant index in the chain's enum, 0 to 13
     * @param change present in variant 0, the change of the epoch
     * @param payload of any other variant, as it is written
     */
    record EndOfEpochStep(int variant, Optional<EpochChange> change, Bytes payload) {
        static EndOfEpochStep decode(BcsReader in) {
            int variant = in.variant("EndOfEpochTransactionKind", 14);
            return variant == 0
                    ? new EndOfEpochStep(0, Optional.of(EpochChange.decode(in)), Bytes.EMPTY)
                    : new EndOfEpochStep(variant, Optional.empty(), SystemTransactions.endOfEpochPayload(variant, in));
        }

        void encode(BcsWriter out) {
            out.uleb(variant);
            change.ifPresent(each -> each.encode(out));
            out.raw(payload);
        }
    }

    static TransactionKind decode(BcsReader in) {
        return switch (in.variant("TransactionKind", 11)) {
            case 0 -> new Programmable(in.list(CallArg::decode), in.list(Command::decode));
            case 1 -> new ChangeEpoch(EpochChange.decode(in));
            case 2 -> new Genesis(in.list(40, SuiObject.Genesis::decode));
            case 3 -> SystemTransactions.prologue(1, in);
            case 4 -> new AuthenticatorStateUpdate(in.u64(), in.u64(), SystemTransactions.providerKeys(in), in.u64());
            case 5 -> new EndOfEpoch(in.list(EndOfEpochStep::decode));
            case 6 -> new RandomnessStateUpdate(in.u64(), in.u64(), in.bytesView(), in.u64());
            case 7 -> SystemTransactions.prologue(2, in);
            case 8 -> SystemTransactions.prologue(3, in);
            case 9 -> SystemTransactions.prologue(4, in);
            default -> new ProgrammableSystem(in.list(CallArg::decode), in.list(Command::decode));
        };
    }

    default void encode(BcsWriter out) {
        switch (this) {
            case Programmable(List<CallArg> inputs, List<Command> commands) ->
                encodeProgram(inputs, commands, out.uleb(0));
            case ChangeEpoch(EpochChange change) -> change.encode(out.uleb(1));
            case Genesis(List<SuiObject.Genesis> objects) ->
                out.uleb(2).list(objects, (each, object) -> object.encode(each));
            case ConsensusCommitPrologue prologue -> SystemTransactions.encode(prologue, out);
            case AuthenticatorStateUpdate(long epoch, long round, Bytes keys, long initialVersion) ->
                out.uleb(4).u64(epoch).u64(round).raw(keys).u64(initialVersion);
            case EndOfEpoch(List<EndOfEpochStep> steps) -> out.uleb(5).list(steps, (each, step) -> step.encode(each));
            case RandomnessStateUpdate(long epoch, long round, Bytes randomBytes, long initialVersion) ->
                out.uleb(6).u64(epoch).u64(round).bytes(randomBytes).u64(initialVersion);
            case ProgrammableSystem(List<CallArg> inputs, List<Command> commands) ->
                encodeProgram(inputs, commands, out.uleb(10));
        }
    }

    private static void encodeProgram(List<CallArg> inputs, List<Command> commands, BcsWriter out) {
        out.list(inputs, (each, input) -> input.encode(each)).list(commands, (each, command) -> command.encode(each));
    }
}
