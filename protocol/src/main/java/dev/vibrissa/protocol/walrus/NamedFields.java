package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Collects the fields of a Move struct as values that JSON can hold: numbers up to 32 bits as numbers, wider ones as
 * decimal strings (JavaScript would round them), ids and bytes as their usual text.
 */
final class NamedFields implements MoveFields {
    private final SequencedMap<String, Object> values = new LinkedHashMap<>();

    SequencedMap<String, Object> values() {
        return Collections.unmodifiableSequencedMap(values);
    }

    @Override
    public MoveFields bool(String name, boolean value) {
        return put(name, value);
    }

    @Override
    public MoveFields u8(String name, int value) {
        return put(name, value);
    }

    @Override
    public MoveFields u32(String name, long value) {
        return put(name, value);
    }

    @Override
    public MoveFields u64(String name, long value) {
        return put(name, Long.toUnsignedString(value));
    }

    @Override
    public MoveFields u256(String name, BigInteger value) {
        return put(name, value.toString());
    }

    @Override
    public MoveFields u16s(String name, List<Integer> values) {
        return put(name, values);
    }

    @Override
    public MoveFields id(String name, SuiAddress value) {
        return put(name, value.toString());
    }

    @Override
    public MoveFields blobId(String name, BlobId value) {
        return put(name, value.toString());
    }

    @Override
    public MoveFields digest(String name, Digest value) {
        return put(name, HexFormat.of().formatHex(value.toByteArray()));
    }

    private MoveFields put(String name, Object value) {
        values.put(name, value);
        return this;
    }
}
