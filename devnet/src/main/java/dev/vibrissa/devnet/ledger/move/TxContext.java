package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * The transaction that runs, and all that a Move module can do to the chain.
 *
 * <p>Objects are values, as in Move: to unpack one is to hold its record, to wrap it is to put that record into another,
 * to delete it is to {@link #delete} its id. An object by value that is neither handed on, nor inside something that
 * is, nor deleted is a fault of the contract and stops the transaction with {@link IllegalStateException}.
 */
public interface TxContext {
    SuiAddress sender();

    Digest digest();

    /** Sui's epoch, not Walrus's. */
    long epoch();

    /** {@code object::new}: an id for a new object, table or bag. */
    SuiAddress newId();

    /** {@code object::delete}: the end of an id, of an object or of what has an id inside one. */
    void delete(SuiAddress id);

    <T> void transfer(MoveType<T> type, T object, SuiAddress recipient);

    /** Makes it everybody's; it must be new. */
    <T> void share(MoveType<T> type, T object);

    <T> void freeze(MoveType<T> type, T object);

    <K, V> Fields<K, V> fields(SuiAddress parent, MoveType<K> key, MoveType<V> value);

    /** Values are objects of their own, found under their own ids. */
    <K, V> Fields<K, V> objectFields(SuiAddress parent, MoveType<K> key, MoveType<V> value);

    /** Emits an event in the name of the top-level call. */
    void emit(StructTag type, Bytes contents);

    default <T> void emit(MoveType<T> type, T event) {
        emit(type.structTag(), type.encode(event));
    }
}
