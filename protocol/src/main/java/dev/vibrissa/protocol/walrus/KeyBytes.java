package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.Arrays;
import java.util.HexFormat;

/** A public key as Move holds it: a {@code vector<u8>} of fixed size, with real equality. Not checked to be a point. */
public final class KeyBytes {
    /** Bytes of a BLS12-381 key in G1, {@code Element<G1>}. */
    public static final int G1_COMPRESSED = 48;

    /** Bytes of a BLS12-381 key in G1, {@code Element<UncompressedG1>}. */
    public static final int G1_UNCOMPRESSED = 96;

    /** Bytes of a compressed secp256r1 key. */
    public static final int NETWORK_KEY = 33;

    private final byte[] bytes;

    public KeyBytes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Reads a length, which must be {@code size}, and so many bytes. */
    public static KeyBytes decode(BcsReader in, int size) {
        return new KeyBytes(in.bytesOf(size));
    }

    public void encode(BcsWriter out) {
        out.bytes(bytes);
    }

    /** The key, a new array at every call. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyBytes key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
