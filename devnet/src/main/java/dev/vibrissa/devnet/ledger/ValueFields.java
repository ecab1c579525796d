package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveAbort;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Field;
import java.util.List;

/** Dynamic fields: each is an object {@code Field<K, V>} of id, key and value that the parent owns. */
final class ValueFields<K, V> implements Fields<K, V> {
    private static final int ALREADY_EXISTS = 0;
    private static final int DOES_NOT_EXIST = 1;
    private static final int TYPE_MISMATCH = 2;

    private final Workspace workspace;
    private final SuiAddress parent;
    private final MoveType<K> keyType;
    private final MoveType<V> valueType;
    private final StructTag fieldType;

    ValueFields(Workspace workspace, SuiAddress parent, MoveType<K> keyType, MoveType<V> valueType) {
        this.workspace = workspace;
        this.parent = parent;
        this.keyType = keyType;
        this.valueType = valueType;
        fieldType = new StructTag(Framework.PACKAGE, "dynamic_field", "Field", List.of(keyType.tag(), valueType.tag()));
    }

    @Override
    public SuiAddress idOf(K key) {
        return Workspace.fieldId(parent, keyType.encode(key), keyType.tag());
    }

    @Override
    public boolean contains(K key) {
        return workspace.child(idOf(key)).isPresent();
    }

    @Override
    public V get(K key) {
        return value(existing(idOf(key), "borrow_child_object"));
    }

    @Override
    public void add(K key, V value) {
        SuiAddress id = idOf(key);
        if (workspace.child(id).isPresent()) {
            throw abort("add_child_object", ALREADY_EXISTS);
        }
        workspace.claim(id);
        workspace
                .drafts()
                .put(
                        id,
                        new Workspace.Draft(fieldType, false, contents(id, key, value), new Owner.ObjectOwner(parent)));
    }

    @Override
    public void set(K key, V value) {
        SuiAddress id = idOf(key);
        existing(id, "borrow_child_object_mut");
        workspace.rewrite(id, contents(id, key, value));
    }

    @Override
    public V remove(K key) {
        SuiAddress id = idOf(key);
        V value = value(existing(id, "remove_child_object"));
        workspace.detach(id);
        workspace.delete(id);
        return value;
    }

    private Workspace.Draft existing(SuiAddress id, String function) {
        Workspace.Draft field = workspace.child(id).orElseThrow(() -> abort(function, DOES_NOT_EXIST));
        if (!field.type().equals(fieldType)) {
            throw abort(function, TYPE_MISMATCH);
        }
        return field;
    }

    private V value(Workspace.Draft field) {
        return Field.decode(field.contents().reader(), keyType.decoder(), valueType.decoder())
                .value();
    }

    private Bytes contents(SuiAddress id, K key, V value) {
        var out = new BcsWriter();
        new Field<>(id, key, value).encode(out, keyType.encoder(), valueType.encoder());
        return Bytes.of(out.toByteArray());
    }

    private static MoveAbort abort(String function, long code) {
        return new MoveAbort(Framework.PACKAGE, "dynamic_field", function, code);
    }
}
