package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.function.UnaryOperator;

/**
 * The dynamic fields, or dynamic object fields, of one parent that have keys of one type and values of one type. Also
 * the entries of a Table, Bag, ObjectTable or ObjectBag, whose id is then the parent; their size is the owner's to count.
 */
public interface Fields<K, V> {
    /** The object id of the field with this key, there or not. */
    SuiAddress idOf(K key);

    boolean contains(K key);

    /** Aborts as the framework does if there is no such field, or its value is of another type. */
    V get(K key);

    /** Aborts if there is one already. */
    void add(K key, V value);

    /** Replaces the value of a field that exists: what {@code borrow_mut} comes to. */
    void set(K key, V value);

    /** Takes the value out. */
    V remove(K key);

    default void update(K key, UnaryOperator<V> change) {
        set(key, change.apply(get(key)));
    }
}
