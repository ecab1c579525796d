package dev.vibrissa.redstuff;

import java.util.Arrays;
import java.util.Base64;

/** The 32 bytes that name a blob: a hash of its encoding type, its length and the root over all sliver hashes. */
public final class BlobId {
    /** Bytes of a blob id. */
    public static final int SIZE = 32;

    private static final int TEXT_LENGTH = 43;

    private final byte[] bytes;

    /**
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    public BlobId(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a blob id has 32 bytes, not %d".formatted(bytes.length));
        }
        this.bytes = bytes.clone();
    }

    /**
     * Reads the text form, 43 characters of URL-safe Base64 without padding.
     *
     * @throws IllegalArgumentException if {@code text} is anything else, also if its last bits are not zero
     */
    public static BlobId parse(String text) {
        if (text.length() == TEXT_LENGTH) {
            var id = new BlobId(Base64.getUrlDecoder().decode(text));
            if (id.toString().equals(text)) {
                return id;
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no blob id: 43 characters of URL-safe Base64 are due".formatted(text));
    }

    /** A copy of the 32 bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * By how many shards the sliver pairs of this blob are rotated: the bytes as a big-endian number, modulo {@code
     * shards}.
     */
    public int rotation(int shards) {
        int rotation = 0;
        for (byte b : bytes) {
            rotation = (rotation * 256 + (b & 0xff)) % shards; // below 2^24
        }
        return rotation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** URL-safe Base64 without padding, as Walrus prints it. */
    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
