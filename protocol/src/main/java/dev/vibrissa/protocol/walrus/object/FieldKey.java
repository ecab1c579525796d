package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TypeTag;
import java.nio.charset.StandardCharsets;

/**
 * The key of a dynamic field with its type: together with the parent it determines the field's object id.
 *
 * <p>{@code id = BLAKE2b-256(0xF0 ‖ parent ‖ length of key as u64 ‖ key ‖ BCS of the key's type tag)}
 *
 * @see "sui, crates/sui-types/src/dynamic_field.rs, derive_dynamic_field_id"
 */
public final class FieldKey {
    private static final int CHILD_OBJECT_ID_SCOPE = 0xf0;
    private static final SuiAddress SUI_FRAMEWORK = SuiAddress.parse("0x2");

    private static final byte[] U64_TAG = {2};
    private static final byte[] U32_TAG = {9};
    private static final byte[] U256_TAG = {10};
    private static final byte[] BYTES_TAG = {6, 1};
    private static final int STRUCT_TAG = 7;

    private final byte[] typeTag;
    private final byte[] key;

    private FieldKey(byte[] typeTag, byte[] key) {
        this.typeTag = typeTag;
        this.key = key;
    }

    /** A key of any type, given as its BCS. */
    public static FieldKey of(TypeTag type, byte[] bcs) {
        return new FieldKey(BcsWriter.encode(type, (out, tag) -> tag.encode(out)), bcs);
    }

    /** For versioned state: the version. */
    public static FieldKey u64(long value) {
        return new FieldKey(U64_TAG, new BcsWriter().u64(value).toByteArray());
    }

    /** For tables by epoch. */
    public static FieldKey u32(long value) {
        return new FieldKey(U32_TAG, new BcsWriter().u32(value).toByteArray());
    }

    /** A {@code u256}, given as its 32 little-endian bytes: for tables by blob id. */
    public static FieldKey u256(byte[] littleEndian) {
        return new FieldKey(U256_TAG, new BcsWriter().raw(littleEndian).toByteArray());
    }

    /** A {@code vector<u8>} of ASCII or UTF-8 text, such as {@code metadata}. */
    public static FieldKey text(String text) {
        return new FieldKey(
                BYTES_TAG,
                new BcsWriter().bytes(text.getBytes(StandardCharsets.UTF_8)).toByteArray());
    }

    /** A {@code 0x2::object::ID}: for tables by node or object. */
    public static FieldKey id(SuiAddress id) {
        return struct(SUI_FRAMEWORK, "object", "ID", id.toByteArray());
    }

    /** A struct without fields. */
    public static FieldKey unit(SuiAddress address, String module, String name) {
        return struct(address, module, name, new byte[] {0});
    }

    /** A struct without type parameters, given as its BCS. */
    public static FieldKey struct(SuiAddress address, String module, String name, byte[] bcs) {
        return new FieldKey(structTag(address, module, name).uleb(0).toByteArray(), bcs);
    }

    /**
     * The same key as of a dynamic <em>object</em> field: the field then holds the child's id, and the child is an
     * object of its own, owned by the field.
     */
    public FieldKey wrapped() {
        var tag = structTag(SUI_FRAMEWORK, "dynamic_object_field", "Wrapper").uleb(1);
        return new FieldKey(tag.raw(typeTag).toByteArray(), key);
    }

    /** The object id of the field with this key under {@code parent}. */
    public SuiAddress under(SuiAddress parent) {
        var preimage = new BcsWriter().u8(CHILD_OBJECT_ID_SCOPE);
        parent.encode(preimage);
        preimage.u64(key.length).raw(key).raw(typeTag);
        return new SuiAddress(Blake2b.hash(preimage.toByteArray()));
    }

    private static BcsWriter structTag(SuiAddress address, String module, String name) {
        var tag = new BcsWriter().uleb(STRUCT_TAG);
        address.encode(tag);
        return tag.string(module).string(name);
    }
}
