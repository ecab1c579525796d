package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.List;

/**
 * Takes the fields of a Move struct one by one, in Move's order and under Move's names.
 *
 * <p>A struct lists its fields once; whether they become bytes or named values is the taker's affair.
 */
public interface MoveFields {
    MoveFields bool(String name, boolean value);

    MoveFields u8(String name, int value);

    MoveFields u32(String name, long value);

    /** An unsigned 64-bit integer given as the {@code long} of the same bits. */
    MoveFields u64(String name, long value);

    MoveFields u256(String name, BigInteger value);

    MoveFields u16s(String name, List<Integer> values);

    MoveFields id(String name, SuiAddress value);

    MoveFields blobId(String name, BlobId value);

    /** A {@code vector<u8>} of 32 bytes. */
    MoveFields digest(String name, Digest value);
}
