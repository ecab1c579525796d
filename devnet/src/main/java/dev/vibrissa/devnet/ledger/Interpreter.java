package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.ExecutionFailure.ArgumentFault;
import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeCap;
import dev.vibrissa.devnet.ledger.move.Framework.UpgradeReceipt;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.ExecutionError;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.SuiObject.Upgraded;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the commands of one programmable transaction on its slots. */
final class Interpreter {
    private final Workspace workspace;
    private final MoveModules modules;
    private final Slot gas;
    private final List<Slot> inputs;
    private final List<List<Slot>> results = new ArrayList<>();

    Interpreter(Workspace workspace, MoveModules modules, Slot gas, List<Slot> inputs) {
        this.workspace = workspace;
        this.modules = modules;
        this.gas = gas;
        this.inputs = inputs;
    }

    /** The command that runs, or the number of commands once all have. */
    int position() {
        return results.size();
    }

    /**
     * @throws ExecutionFailure if the transaction fails
     */
    void run(List<Command> commands) {
        for (Command command : commands) {
            results.add(run(command).stream().map(Slot::result).toList());
        }
        for (int command = 0; command < results.size(); command++) {
            for (int result = 0; result < results.get(command).size(); result++) {
                if (!results.get(command).get(result).mayStay()) {
                    throw ExecutionFailure.unused(command, result);
                }
            }
        }
    }

    private List<MoveValue> run(Command command) {
        return switch (command) {
            case Command.MoveCall call -> call(call);
            case Command.TransferObjects(List<Argument> objects, Argument recipient) -> transfer(objects, recipient);
            case Command.SplitCoins(Argument coin, List<Argument> amounts) -> split(coin, amounts);
            case Command.MergeCoins(Argument into, List<Argument> coins) -> merge(into, coins);
            case Command.MakeMoveVec(Optional<TypeTag> elementType, List<Argument> elements) ->
                vector(elementType, elements);
            case Command.Publish(List<Bytes> code, List<SuiAddress> dependencies) -> publish(code, dependencies);
            case Command.Upgrade upgrade -> upgrade(upgrade);
        };
    }

    private List<MoveValue> call(Command.MoveCall command) {
        SuiObject.Package code = Packages.find(workspace.live(), command.packageId())
                .orElseThrow(() -> ExecutionFailure.plain(ExecutionFailure.FUNCTION_NOT_FOUND));
        SuiAddress original = Packages.original(code);
        var function = modules.find(original, command.module(), command.function())
                .orElseThrow(() -> ExecutionFailure.plain(ExecutionFailure.FUNCTION_NOT_FOUND));
        var arguments = new ArrayList<Slot>();
        for (int i = 0; i < command.arguments().size(); i++) {
            arguments.add(slot(i, command.arguments().get(i)));
        }
        workspace.enter(command.packageId(), command.module());
        try {
            return function.call(new Call(workspace, code, command, arguments));
        } catch (MoveAbort abort) {
            var location = new ExecutionError.MoveLocation(
                    abort.packageId().orElse(original), abort.module(), 0, 0, Optional.of(abort.function()));
            throw new ExecutionFailure(new ExecutionError.MoveAbort(location, abort.code()));
        } catch (ArithmeticException _) {
            throw ExecutionFailure.arithmetic();
        }
    }

    private List<MoveValue> transfer(List<Argument> objects, Argument recipient) {
        SuiAddress to = slot(objects.size(), recipient).read(objects.size(), MoveType.ADDRESS);
        for (int i = 0; i < objects.size(); i++) {
            MoveValue object = takeAny(i, objects.get(i), true);
            if (!object.abilities().contains(Ability.KEY) || !object.abilities().contains(Ability.STORE)) {
                throw ExecutionFailure.plain(ExecutionFailure.INVALID_TRANSFER_OBJECT);
            }
            var type = MoveType.opaque(object.type(), object.abilities());
            workspace.write(type, object.bcs(), new Owner.AddressOwner(to));
        }
        return List.of();
    }

    private List<MoveValue> split(Argument from, List<Argument> amounts) {
        Slot slot = slot(0, from);
        MoveType<Coin> type = coinType(0, slot);
        slot.checkMutable(0);
        var parts = new ArrayList<MoveValue>();
        for (int i = 0; i < amounts.size(); i++) {
            long amount = slot(i + 1, amounts.get(i)).read(i + 1, MoveType.U64);
            Coin coin = slot.read(0, type);
            if (Long.compareUnsigned(coin.value(), amount) < 0) {
                throw ExecutionFailure.plain(ExecutionFailure.INSUFFICIENT_COIN_BALANCE);
            }
            slot.write(type, new Coin(coin.id(), coin.value() - amount));
            parts.add(type.of(new Coin(workspace.newId(), amount)));
        }
        return parts;
    }

    private List<MoveValue> merge(Argument into, List<Argument> coins) {
        Slot slot = slot(0, into);
        MoveType<Coin> type = coinType(0, slot);
        slot.checkMutable(0);
        for (int i = 0; i < coins.size(); i++) {
            Slot source = slot(i + 1, coins.get(i));
            Coin part = source.read(i + 1, type);
            source.take(i + 1, type.tag(), type.abilities(), workspace, false);
            workspace.delete(part.id());
            Coin coin = slot.read(0, type);
            long sum = coin.value() + part.value();
            if (Long.compareUnsigned(sum, coin.value()) < 0) {
                throw ExecutionFailure.plain(ExecutionFailure.COIN_BALANCE_OVERFLOW);
            }
            slot.write(type, new Coin(coin.id(), sum));
        }
        return List.of();
    }

    private static MoveType<Coin> coinType(int argument, Slot slot) {
        TypeTag tag = slot.typeOr(TypeTag.Primitive.U64);
        if (tag instanceof TypeTag.Struct(StructTag struct) && Framework.isCoin(tag)) {
            return Framework.coin(struct.typeParams().getFirst());
        }
        throw ExecutionFailure.argument(argument, ArgumentFault.TYPE_MISMATCH);
    }

    private List<MoveValue> vector(Optional<TypeTag> elementType, List<Argument> elements) {
        TypeTag type = elementType.orElseGet(() -> slot(0, elements.getFirst()).typeOr(TypeTag.Primitive.U8));
        var out = new BcsWriter().uleb(elements.size());
        var abilities = EnumSet.of(Ability.COPY, Ability.DROP, Ability.STORE);
        for (int i = 0; i < elements.size(); i++) {
            Slot slot = slot(i, elements.get(i));
            MoveValue element = slot.take(i, type, slot.abilities(), workspace, false);
            out.raw(element.bcs());
            abilities.retainAll(element.abilities());
        }
        return List.of(new MoveValue(new TypeTag.Vector(type), abilities, Bytes.of(out.toByteArray())));
    }

    private List<MoveValue> publish(List<Bytes> code, List<SuiAddress> dependencies) {
        SuiAddress id = workspace.nextId();
        workspace.packages().add(Packages.first(id, modules(code), linkage(dependencies)));
        return List.of(Framework.UPGRADE_CAP.of(new UpgradeCap(workspace.newId(), id, 1, 0)));
    }

    private List<MoveValue> upgrade(Command.Upgrade command) {
        Slot slot = slot(0, command.ticket());
        var ticket = slot.read(0, Framework.UPGRADE_TICKET);
        slot.take(0, Framework.UPGRADE_TICKET.tag(), Framework.UPGRADE_TICKET.abilities(), workspace, false);
        SuiObject.Package before = Packages.find(workspace.live(), command.packageId())
                .filter(code -> code.id().equals(ticket.packageId()))
                .orElseThrow(() -> ExecutionFailure.upgradePackage(command.packageId()));
        Bytes digest = Packages.digest(command.modules(), command.dependencies());
        if (!digest.equals(ticket.digest())) {
            throw ExecutionFailure.upgradeDigest(digest);
        }
        SuiAddress id = workspace.nextId();
        workspace
                .packages()
                .add(Packages.next(id, before, modules(command.modules()), linkage(command.dependencies())));
        return List.of(Framework.UPGRADE_RECEIPT.of(new UpgradeReceipt(ticket.cap(), id)));
    }

    private static List<ModuleCode> modules(List<Bytes> code) {
        return code.stream().map(ModuleCode::decode).toList();
    }

    private Map<SuiAddress, Upgraded> linkage(List<SuiAddress> dependencies) {
        var linkage = new HashMap<SuiAddress, Upgraded>();
        for (SuiAddress id : dependencies) {
            Packages.find(workspace.live(), id)
                    .ifPresent(code -> linkage.put(Packages.original(code), new Upgraded(id, code.version())));
        }
        return linkage;
    }

    private MoveValue takeAny(int index, Argument argument, boolean transfer) {
        Slot slot = slot(index, argument);
        return slot.take(index, slot.typeOr(TypeTag.Primitive.SIGNER), slot.abilities(), workspace, transfer);
    }

    private Slot slot(int index, Argument argument) {
        return switch (argument) {
            case Argument.GasCoin() -> gas;
            case Argument.Input(int input) when input < inputs.size() -> inputs.get(input);
            case Argument.Input(int input) ->
                throw ExecutionFailure.argument(index, ArgumentFault.INDEX_OUT_OF_BOUNDS, input);
            case Argument.Result(int command)
            when command < results.size() -> {
                if (results.get(command).size() != 1) {
                    throw ExecutionFailure.argument(index, ArgumentFault.INVALID_RESULT_ARITY, command);
                }
                yield results.get(command).getFirst();
            }
            case Argument.Result(int command) ->
                throw ExecutionFailure.argument(index, ArgumentFault.INDEX_OUT_OF_BOUNDS, command);
            case Argument.NestedResult(int command, int result)
            when command < results.size() && result < results.get(command).size() ->
                results.get(command).get(result);
            case Argument.NestedResult(int command, int result) ->
                throw ExecutionFailure.argument(index, ArgumentFault.SECONDARY_INDEX_OUT_OF_BOUNDS, command, result);
        };
    }
}
