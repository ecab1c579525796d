package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.List;

/** Writes the fields of a Move struct as BCS, which has no names. */
record BcsFields(BcsWriter out) implements MoveFields {
    @Override
    public MoveFields bool(String name, boolean value) {
        out.bool(value);
        return this;
    }

    @Override
    public MoveFields u8(String name, int value) {
        out.u8(value);
        return this;
    }

    @Override
    public MoveFields u32(String name, long value) {
        out.u32(value);
        return this;
    }

    @Override
    public MoveFields u64(String name, long value) {
        out.u64(value);
        return this;
    }

    @Override
    public MoveFields u256(String name, BigInteger value) {
        out.u256(value);
        return this;
    }

    @Override
    public MoveFields u16s(String name, List<Integer> values) {
        out.list(values, BcsWriter::u16);
        return this;
    }

    @Override
    public MoveFields id(String name, SuiAddress value) {
        value.encode(out);
        return this;
    }

    @Override
    public MoveFields blobId(String name, BlobId value) {
        value.encode(out);
        return this;
    }

    @Override
    public MoveFields digest(String name, Digest value) {
        value.encodeWithLength(out);
        return this;
    }
}
