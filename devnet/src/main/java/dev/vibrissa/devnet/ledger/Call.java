package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.ExecutionFailure.ArgumentFault;
import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.devnet.ledger.move.MoveCall;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.devnet.ledger.move.Reference;
import dev.vibrissa.devnet.ledger.move.TxContext;
import dev.vibrissa.protocol.sui.Command;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.List;
import java.util.Set;

/** A call from a command, on the slots that its arguments name. */
record Call(Workspace workspace, SuiObject.Package code, Command.MoveCall command, List<Slot> arguments)
        implements MoveCall {
    @Override
    public TxContext tx() {
        return workspace;
    }

    @Override
    public SuiAddress packageId() {
        return code.id();
    }

    @Override
    public SuiAddress originalPackageId() {
        return Packages.original(code);
    }

    @Override
    public StructTag type(String module, String name) {
        return Packages.type(code, module, name);
    }

    @Override
    public List<TypeTag> typeArguments() {
        return command.typeArguments();
    }

    @Override
    public int arity() {
        return arguments.size();
    }

    @Override
    public <T> T read(int index, MoveType<T> type) {
        return argument(index).read(index, type);
    }

    @Override
    public <T> Reference<T> borrow(int index, MoveType<T> type) {
        Slot slot = argument(index);
        slot.read(index, type);
        slot.checkMutable(index);
        return new Reference<>() {
            @Override
            public T get() {
                return slot.read(index, type);
            }

            @Override
            public void set(T value) {
                slot.write(type, value);
            }
        };
    }

    @Override
    public <T> T take(int index, MoveType<T> type) {
        Slot slot = argument(index);
        T value = slot.read(index, type);
        slot.take(index, type.tag(), type.abilities(), workspace, false);
        return value;
    }

    @Override
    public MoveValue takeAny(int index) {
        Slot slot = argument(index);
        Set<Ability> any = Set.of(Ability.KEY); // no pure bytes: they have no type of their own
        return slot.take(index, slot.typeOr(TypeTag.Primitive.SIGNER), any, workspace, false);
    }

    @Override
    public MoveAbort abort(long code) {
        return new MoveAbort(command.module(), command.function(), code);
    }

    private Slot argument(int index) {
        if (index >= arguments.size()) {
            throw ExecutionFailure.argument(index, ArgumentFault.INDEX_OUT_OF_BOUNDS, index);
        }
        return arguments.get(index);
    }
}
