package dev.vibrissa.devnet.rpc;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.MoveFields;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;

/**
 * Move structs as Sui renders them in JSON: numbers up to 32 bits as numbers, wider ones as decimal strings, vectors
 * of bytes in Base64. A blob id is a {@code u256} like any other.
 */
final class MoveJson implements MoveFields {
    private final Struct.Builder fields = Struct.newBuilder();

    private MoveJson() {}

    static Value event(WalrusEvent event) {
        var json = new MoveJson();
        event.describe(json);
        return json.value();
    }

    static Value coin(SuiAddress id, long balance) {
        var json = new MoveJson();
        json.id("id", id).u64("balance", balance);
        return json.value();
    }

    private Value value() {
        return Value.newBuilder().setStructValue(fields).build();
    }

    @Override
    public MoveFields bool(String name, boolean value) {
        return put(name, Value.newBuilder().setBoolValue(value).build());
    }

    @Override
    public MoveFields u8(String name, int value) {
        return put(name, number(value));
    }

    @Override
    public MoveFields u32(String name, long value) {
        return put(name, number(value));
    }

    @Override
    public MoveFields u64(String name, long value) {
        return text(name, Long.toUnsignedString(value));
    }

    @Override
    public MoveFields u256(String name, BigInteger value) {
        return text(name, value.toString());
    }

    @Override
    public MoveFields u16s(String name, List<Integer> values) {
        var list = ListValue.newBuilder();
        values.forEach(value -> list.addValues(number(value)));
        return put(name, Value.newBuilder().setListValue(list).build());
    }

    @Override
    public MoveFields id(String name, SuiAddress value) {
        return text(name, value.toString());
    }

    @Override
    public MoveFields blobId(String name, BlobId value) {
        return u256(name, value.toDecimal());
    }

    @Override
    public MoveFields digest(String name, Digest value) {
        return text(name, Base64.getEncoder().encodeToString(value.toByteArray()));
    }

    private MoveFields text(String name, String value) {
        return put(name, Value.newBuilder().setStringValue(value).build());
    }

    private static Value number(double value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    private MoveFields put(String name, Value value) {
        fields.putFields(name, value);
        return this;
    }
}
