package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.ExecutionFailure.ArgumentFault;
import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place that commands take values from: an input, the gas coin, or one result of a command. Knows what may be done with
 * its value, and whether it is still there.
 */
final class Slot {
    /** How a value may be used. */
    private enum Access {
        /** Bytes that have a type only once they are used. */
        PURE,
        VALUE,
        MUTABLE_OBJECT,
        READ_ONLY_OBJECT,
        GAS_COIN
    }

    private final Access access;
    private final @Nullable TypeTag type;
    private final Set<Ability> abilities;
    private Bytes bcs;
    private boolean gone;

    private Slot(Access access, @Nullable TypeTag type, Set<Ability> abilities, Bytes bcs) {
        this.access = access;
        this.type = type;
        this.abilities = abilities;
        this.bcs = bcs;
    }

    static Slot pure(Bytes bcs) {
        return new Slot(Access.PURE, null, Set.of(Ability.COPY, Ability.DROP), bcs);
    }

    static Slot result(MoveValue value) {
        return new Slot(Access.VALUE, value.type(), value.abilities(), value.bcs());
    }

    static Slot object(SuiObject.Move object, boolean mutable) {
        return object(mutable ? Access.MUTABLE_OBJECT : Access.READ_ONLY_OBJECT, object, object.contents());
    }

    /** The coin that pays, without the money that is set aside for gas. */
    static Slot gasCoin(SuiObject.Move coin, Bytes contents) {
        return object(Access.GAS_COIN, coin, contents);
    }

    private static Slot object(Access access, SuiObject.Move object, Bytes contents) {
        var abilities = EnumSet.of(Ability.KEY);
        if (object.hasPublicTransfer()) {
            abilities.add(Ability.STORE);
        }
        return new Slot(access, new TypeTag.Struct(object.type()), abilities, contents);
    }

    boolean isGone() {
        return gone;
    }

    Bytes bcs() {
        return bcs;
    }

    Set<Ability> abilities() {
        return abilities;
    }

    /** Whether the transaction may end with the value still here. */
    boolean mayStay() {
        return gone || access != Access.VALUE || abilities.contains(Ability.DROP);
    }

    TypeTag typeOr(TypeTag ofPure) {
        return type == null ? ofPure : type;
    }

    <T> T read(int argument, MoveType<T> as) {
        check(argument, as.tag(), as.abilities());
        try {
            return as.decode(bcs);
        } catch (BcsException e) {
            if (access == Access.PURE) {
                throw ExecutionFailure.argument(argument, ArgumentFault.INVALID_BCS_BYTES);
            }
            throw new IllegalStateException("a %s does not decode: %s".formatted(as.tag(), e.getMessage()), e);
        }
    }

    /** Checks that the value may be changed in place. */
    void checkMutable(int argument) {
        if (access == Access.READ_ONLY_OBJECT) {
            throw ExecutionFailure.argument(argument, ArgumentFault.INVALID_OBJECT_BY_MUT_REF);
        }
    }

    <T> void write(MoveType<T> as, T value) {
        Bytes written = as.encode(value);
        if (abilities.contains(Ability.KEY)
                && !written.slice(0, SuiAddress.SIZE).equals(bcs.slice(0, SuiAddress.SIZE))) {
            throw new IllegalStateException("object %s would become object %s"
                    .formatted(SuiAddress.decode(bcs.reader()), SuiAddress.decode(written.reader())));
        }
        bcs = written;
    }

    /** The value, which is then gone unless it can be copied. */
    MoveValue take(int argument, TypeTag as, Set<Ability> asAbilities, Workspace workspace, boolean transfer) {
        check(argument, as, asAbilities);
        if (access == Access.READ_ONLY_OBJECT) {
            throw ExecutionFailure.argument(argument, ArgumentFault.INVALID_OBJECT_BY_VALUE);
        }
        if (access == Access.GAS_COIN && !transfer) {
            throw ExecutionFailure.argument(argument, ArgumentFault.INVALID_GAS_COIN_USAGE);
        }
        if (!abilities.contains(Ability.COPY)) {
            gone = true;
            if (abilities.contains(Ability.KEY)) {
                workspace.take(SuiAddress.decode(bcs.reader()));
            }
        }
        return new MoveValue(as, abilities, bcs);
    }

    private void check(int argument, TypeTag as, Set<Ability> asAbilities) {
        if (gone) {
            throw ExecutionFailure.argument(argument, ArgumentFault.INVALID_VALUE_USAGE);
        }
        if (access == Access.PURE) {
            if (asAbilities.contains(Ability.KEY) || !asAbilities.contains(Ability.DROP)) {
                throw ExecutionFailure.argument(argument, ArgumentFault.INVALID_USAGE_OF_PURE_ARGUMENT);
            }
        } else if (!as.equals(type)) {
            throw ExecutionFailure.argument(argument, ArgumentFault.TYPE_MISMATCH);
        }
    }
}
