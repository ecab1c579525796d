package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A dynamic field. The parent is the object's owner, not part of its contents.
 *
 * @param id object id of the field, derived from parent, key type and key: {@link FieldKey}
 * @param name the key
 * @see "Move: 0x2::dynamic_field::Field"
 */
public record Field<K, V>(SuiAddress id, K name, V value) {
    /** The key of a field whose key type is a struct without fields. */
    public enum UnitKey {
        UNIT;

        /** Move gives a struct without fields one hidden boolean. */
        public static UnitKey decode(BcsReader in) {
            int start = in.position();
            if (in.bool()) {
                throw new BcsException("a struct without fields is the byte 00", start);
            }
            return UNIT;
        }

        public void encode(BcsWriter out) {
            out.bool(false);
        }
    }

    public static <K, V> Field<K, V> decode(
            BcsReader in, Function<BcsReader, ? extends K> keyType, Function<BcsReader, ? extends V> valueType) {
        return new Field<>(SuiAddress.decode(in), keyType.apply(in), valueType.apply(in));
    }

    public void encode(BcsWriter out, BiConsumer<BcsWriter, K> keyType, BiConsumer<BcsWriter, V> valueType) {
        id.encode(out);
        keyType.accept(out, name);
        valueType.accept(out, value);
    }
}
