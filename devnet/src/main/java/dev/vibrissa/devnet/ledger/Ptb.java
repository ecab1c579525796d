package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A programmable transaction in the making: inputs and commands in order. What a command gives is an argument for later
 * ones; {@link #nth} takes one of several results.
 */
public final class Ptb {
    private final Function<SuiAddress, Optional<StoredObject>> objects;
    private final List<CallArg> inputs = new ArrayList<>();
    private final Map<SuiAddress, Integer> objectInputs = new LinkedHashMap<>();
    private final List<Command> commands = new ArrayList<>();

    Ptb(Function<SuiAddress, Optional<StoredObject>> objects) {
        this.objects = objects;
    }

    /** The coin that pays for gas; what is not needed for that can be split off. */
    public Argument gas() {
        return new Argument.GasCoin();
    }

    public <T> Argument pure(MoveType<T> type, T value) {
        return input(new CallArg.Pure(type.encode(value)));
    }

    public Argument u64(long value) {
        return pure(MoveType.U64, value);
    }

    public Argument u32(long value) {
        return pure(MoveType.U32, value);
    }

    public Argument u16(int value) {
        return pure(MoveType.U16, value);
    }

    public Argument u8(int value) {
        return pure(MoveType.U8, value);
    }

    public Argument bool(boolean value) {
        return pure(MoveType.BOOL, value);
    }

    public Argument address(SuiAddress value) {
        return pure(MoveType.ADDRESS, value);
    }

    /** {@code vector<u8>}. */
    public Argument bytes(byte[] value) {
        return pure(MoveType.BYTES, Bytes.of(value));
    }

    public Argument string(String value) {
        return pure(MoveType.STRING, value);
    }

    /**
     * An object in its current version; if it is shared, to be changed.
     *
     * @throws RejectedTransactionException if there is none
     */
    public Argument object(SuiAddress id) {
        return object(id, true);
    }

    /** A shared object that is only read. */
    public Argument read(SuiAddress id) {
        return object(id, false);
    }

    public Argument clock() {
        return read(Framework.CLOCK_ID);
    }

    private Argument object(SuiAddress id, boolean mutable) {
        StoredObject object = objects.apply(id)
                .orElseThrow(() -> new RejectedTransactionException("there is no object %s".formatted(id)));
        CallArg wanted = switch (object.object().owner()) {
            case Owner.Shared(long initialVersion) -> new CallArg.Shared(id, initialVersion, mutable ? 1 : 0);
            case Owner.AddressOwner _, Owner.Immutable _ -> new CallArg.Owned(object.ref());
            case Owner.ObjectOwner _, Owner.ConsensusAddress _ ->
                throw new RejectedTransactionException("object %s belongs to %s and cannot be named"
                        .formatted(id, object.object().owner()));
        };
        Integer index = objectInputs.get(id);
        if (index == null) {
            objectInputs.put(id, inputs.size());
            return input(wanted);
        }
        if (mutable) {
            inputs.set(index, wanted); // read before, changed now: one input for both
        }
        return new Argument.Input(index);
    }

    private Argument input(CallArg input) {
        inputs.add(input);
        return new Argument.Input(inputs.size() - 1);
    }

    /** Calls a function without type arguments. */
    public Argument.Result call(SuiAddress packageId, String module, String function, Argument... arguments) {
        return call(packageId, module, function, List.of(), arguments);
    }

    public Argument.Result call(
            SuiAddress packageId, String module, String function, List<TypeTag> typeArguments, Argument... arguments) {
        return add(new Command.MoveCall(packageId, module, function, typeArguments, List.of(arguments)));
    }

    /** Splits coins off, the results being as many as the amounts. */
    public Argument.Result split(Argument coin, long... amounts) {
        var arguments = new ArrayList<Argument>();
        for (long amount : amounts) {
            arguments.add(u64(amount));
        }
        return add(new Command.SplitCoins(coin, List.copyOf(arguments)));
    }

    public void merge(Argument into, Argument... coins) {
        add(new Command.MergeCoins(into, List.of(coins)));
    }

    public void transfer(SuiAddress recipient, Argument... objects) {
        add(new Command.TransferObjects(List.of(objects), address(recipient)));
    }

    public Argument.Result vector(TypeTag elementType, Argument... elements) {
        return add(new Command.MakeMoveVec(Optional.of(elementType), List.of(elements)));
    }

    /** Gives the {@code UpgradeCap}. */
    public Argument.Result publish(List<ModuleCode> modules, List<SuiAddress> dependencies) {
        return add(new Command.Publish(code(modules), dependencies));
    }

    /** Takes an {@code UpgradeTicket} and gives an {@code UpgradeReceipt}. */
    public Argument.Result upgrade(
            SuiAddress packageId, Argument ticket, List<ModuleCode> modules, List<SuiAddress> dependencies) {
        return add(new Command.Upgrade(code(modules), dependencies, packageId, ticket));
    }

    /** The digest that an {@code UpgradeTicket} for this code has to have. */
    public static Bytes upgradeDigest(List<ModuleCode> modules, List<SuiAddress> dependencies) {
        return Packages.digest(code(modules), dependencies);
    }

    private static List<Bytes> code(List<ModuleCode> modules) {
        return modules.stream().map(ModuleCode::toBytes).toList();
    }

    /** One of several results of a command, counted from 0. */
    public static Argument nth(Argument.Result command, int result) {
        return new Argument.NestedResult(command.command(), result);
    }

    private Argument.Result add(Command command) {
        commands.add(command);
        return new Argument.Result(commands.size() - 1);
    }

    Set<SuiAddress> named() {
        return objectInputs.keySet();
    }

    TransactionKind.Programmable finish() {
        return new TransactionKind.Programmable(List.copyOf(inputs), List.copyOf(commands));
    }
}
