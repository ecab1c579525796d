package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;

/** A BLAKE2b-256 digest of something on Sui. Printed in Base58; in BCS it carries its length, 33 bytes in all. */
public final class Digest extends Id32<Digest> {
    public Digest(byte[] bytes) {
        super(bytes);
    }

    public static Digest decode(BcsReader in) {
        return new Digest(in.bytesOf(SIZE));
    }

    /** Writes the length byte 0x20 and the 32 bytes. */
    public void encodeWithLength(BcsWriter out) {
        out.bytes(toByteArray());
    }

    /**
     * Reads Base58.
     *
     * @throws IllegalArgumentException if {@code text} is not Base58 of 32 bytes
     */
    public static Digest parse(String text) {
        byte[] bytes = Base58.decode(text);
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException(
                    "a digest is Base58 of 32 bytes, but '%s' has %d".formatted(text, bytes.length));
        }
        return new Digest(bytes);
    }

    @Override
    public String toString() {
        return Base58.encode(toByteArray());
    }
}
