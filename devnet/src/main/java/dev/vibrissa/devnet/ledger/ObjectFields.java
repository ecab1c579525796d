package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/**
 * Dynamic object fields: a dynamic field {@code Field<Wrapper<K>, ID>} names the child, which is an object that the field
 * owns.
 */
final class ObjectFields<K, V> implements Fields<K, V> {
    private final Workspace workspace;
    private final Fields<K, SuiAddress> names;
    private final MoveType<V> valueType;

    ObjectFields(Workspace workspace, SuiAddress parent, MoveType<K> keyType, MoveType<V> valueType) {
        this.workspace = workspace;
        this.valueType = valueType;
        // A wrapper has one field, its key, and so the same bytes.
        var wrapper = MoveType.struct(
                new StructTag(Framework.PACKAGE, "dynamic_object_field", "Wrapper", List.of(keyType.tag())),
                keyType.decoder(),
                keyType.encoder(),
                Ability.COPY,
                Ability.DROP,
                Ability.STORE);
        names = new ValueFields<>(workspace, parent, wrapper, MoveType.ID);
    }

    @Override
    public SuiAddress idOf(K key) {
        return names.idOf(key);
    }

    @Override
    public boolean contains(K key) {
        return names.contains(key);
    }

    @Override
    public V get(K key) {
        return value(workspace.child(names.get(key)).orElseThrow());
    }

    @Override
    public void add(K key, V value) {
        Bytes contents = valueType.encode(value);
        names.add(key, SuiAddress.decode(contents.reader()));
        workspace.write(valueType, contents, new Owner.ObjectOwner(names.idOf(key)));
    }

    @Override
    public void set(K key, V value) {
        SuiAddress id = names.get(key);
        Bytes contents = valueType.encode(value);
        if (!SuiAddress.decode(contents.reader()).equals(id)) {
            throw new IllegalStateException("the object under the key is %s and stays so".formatted(id));
        }
        workspace.rewrite(id, contents);
    }

    @Override
    public V remove(K key) {
        return value(workspace.detach(names.remove(key)));
    }

    private V value(Workspace.Draft child) {
        if (!child.type().equals(valueType.structTag())) {
            throw new IllegalStateException("the object is a %s, not a %s".formatted(child.type(), valueType.tag()));
        }
        return valueType.decode(child.contents());
    }
}
