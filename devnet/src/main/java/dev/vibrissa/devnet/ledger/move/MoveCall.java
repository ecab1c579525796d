package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import java.time.Instant;
import java.util.List;

/**
 * One call of a function with its arguments, counted from 0. How an argument is taken (by value, by reference) is what
 * the function's signature would say in Move; one that does not fit fails the transaction as on the chain.
 */
public interface MoveCall {
    TxContext tx();

    /** The package version that was called. */
    SuiAddress packageId();

    /** The first version of that package. */
    SuiAddress originalPackageId();

    /** A type of the package that was called, under the package version that introduced it. */
    StructTag type(String module, String name);

    List<TypeTag> typeArguments();

    /** The number of arguments. */
    int arity();

    /** By immutable reference, {@code &T}; also the way to read a copy of a plain value. */
    <T> T read(int index, MoveType<T> type);

    /** By mutable reference, {@code &mut T}. */
    <T> Reference<T> borrow(int index, MoveType<T> type);

    /** By value: the argument is then gone, except where its type has copy. */
    <T> T take(int index, MoveType<T> type);

    /** By value, whatever its type. */
    MoveValue takeAny(int index);

    /** An abort in the function called. */
    MoveAbort abort(long code);

    default boolean bool(int index) {
        return take(index, MoveType.BOOL);
    }

    default int u8(int index) {
        return take(index, MoveType.U8);
    }

    default int u16(int index) {
        return take(index, MoveType.U16);
    }

    default long u32(int index) {
        return take(index, MoveType.U32);
    }

    default long u64(int index) {
        return take(index, MoveType.U64);
    }

    default SuiAddress address(int index) {
        return take(index, MoveType.ADDRESS);
    }

    /** Of a {@code 0x2::object::ID}. */
    default SuiAddress id(int index) {
        return take(index, MoveType.ID);
    }

    default byte[] bytes(int index) {
        return take(index, MoveType.BYTES).toByteArray();
    }

    default String string(int index) {
        return take(index, MoveType.STRING);
    }

    /** The time of an argument that is {@code &Clock}. */
    default Instant clock(int index) {
        return Instant.ofEpochMilli(read(index, Framework.CLOCK).timestampMillis());
    }
}
