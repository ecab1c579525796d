package dev.vibrissa.devnet.rpc;

import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.rpc.v2.DynamicField;
import dev.vibrissa.rpc.v2.DynamicField.DynamicFieldKind;

/** The dynamic fields of one object as {@code sui.rpc.v2} shows them. */
record DynamicFieldMessages(ChainReader chain, SuiAddress parent) {
    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    static boolean isField(SuiObject object) {
        return object.data() instanceof SuiObject.Move move
                && move.type().is(FRAMEWORK, "dynamic_field", "Field")
                && move.type().typeParams().size() == 2;
    }

    /**
     * @param object for which {@link #isField} holds
     */
    DynamicField of(SuiObject object, ReadMask mask) {
        var field = (SuiObject.Move) object.data();
        TypeTag nameType = field.type().typeParams().getFirst();
        TypeTag valueType = field.type().typeParams().getLast();
        int nameBytes = nameBytes(field, nameType);
        Bytes name = field.contents().slice(SuiAddress.SIZE, nameBytes);
        int valueStart = SuiAddress.SIZE + nameBytes;
        Bytes value = field.contents().slice(valueStart, field.contents().length() - valueStart);

        var message = DynamicField.newBuilder()
                .setParent(parent.toString())
                .setFieldId(object.id().toString());
        if (mask.has("field_object")) {
            message.setFieldObject(ObjectMessages.of(object, mask.within("field_object")));
        }
        if (nameType instanceof TypeTag.Struct(StructTag wrapper)
                && wrapper.is(FRAMEWORK, "dynamic_object_field", "Wrapper")
                && wrapper.typeParams().size() == 1) {
            SuiAddress child = SuiAddress.decode(value.reader());
            message.setKind(DynamicFieldKind.OBJECT)
                    .setName(ObjectMessages.bcs(wrapper.typeParams().getFirst().toString(), name))
                    .setValue(ObjectMessages.bcs(valueType.toString(), value))
                    .setChildId(child.toString());
            chain.object(child).ifPresent(found -> {
                if (found.data() instanceof SuiObject.Move move) {
                    message.setValueType(move.type().toString());
                }
                if (mask.has("child_object")) {
                    message.setChildObject(ObjectMessages.of(found, mask.within("child_object")));
                }
            });
        } else {
            message.setKind(DynamicFieldKind.FIELD)
                    .setName(ObjectMessages.bcs(nameType.toString(), name))
                    .setValue(ObjectMessages.bcs(valueType.toString(), value))
                    .setValueType(valueType.toString());
        }
        return mask.trim(message.build());
    }

    /**
     * Where the name ends and the value begins. The bytes do not tell, but the field's id does: it is a digest over
     * parent, name and type of the name. Names are short, so few lengths have to be tried, and no layout to be known.
     */
    private int nameBytes(SuiObject.Move field, TypeTag nameType) {
        for (int length = 1; SuiAddress.SIZE + length <= field.contents().length(); length++) {
            byte[] name = field.contents().slice(SuiAddress.SIZE, length).toByteArray();
            if (FieldKey.of(nameType, name).under(parent).equals(field.id())) {
                return length;
            }
        }
        throw new IllegalStateException(
                "the id of dynamic field %s does not fit its parent %s and its name".formatted(field.id(), parent));
    }
}
