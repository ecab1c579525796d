package dev.vibrissa.redstuff.quilt;

import dev.vibrissa.redstuff.BlobId;
import java.util.Arrays;
import java.util.Base64;

/**
 * The name of a file in a quilt: the blob id, then 5 bytes for its place in it (a 1, then the columns, u16 little-endian).
 *
 * @param start first column
 * @param end column behind the last one
 */
public record QuiltPatchId(BlobId quilt, int start, int end) {
    private static final int VERSION = 1;
    private static final int INTERNAL_BYTES = 5;
    private static final int TEXT_LENGTH = 50;
    private static final int MAX_U16 = 0xffff;

    public QuiltPatchId {
        if (start < 0 || start >= end || end > MAX_U16) {
            throw new IllegalArgumentException("a patch of columns %d to %d".formatted(start, end));
        }
    }

    /** The id of a file that an index lists. */
    public static QuiltPatchId of(BlobId quilt, QuiltPatch patch) {
        return new QuiltPatchId(quilt, patch.start(), patch.end());
    }

    /**
     * Reads the text form, 50 characters of URL-safe Base64 without padding.
     *
     * @throws IllegalArgumentException if {@code text} is anything else, also if its last bits are not zero
     */
    public static QuiltPatchId parse(String text) {
        if (text.length() == TEXT_LENGTH) {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == BlobId.SIZE + INTERNAL_BYTES && bytes[BlobId.SIZE] == VERSION) {
                var id = new QuiltPatchId(
                        new BlobId(Arrays.copyOf(bytes, BlobId.SIZE)),
                        u16(bytes, BlobId.SIZE + 1),
                        u16(bytes, BlobId.SIZE + 3));
                if (id.toString().equals(text)) {
                    return id;
                }
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no quilt patch id: 50 characters of URL-safe Base64 are due".formatted(text));
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    /** The 5 bytes for the place. */
    public byte[] internalId() {
        return new byte[] {VERSION, (byte) start, (byte) (start >>> 8), (byte) end, (byte) (end >>> 8)};
    }

    /** URL-safe Base64 without padding, as Walrus prints it. */
    @Override
    public String toString() {
        byte[] bytes = Arrays.copyOf(quilt.toByteArray(), BlobId.SIZE + INTERNAL_BYTES);
        System.arraycopy(internalId(), 0, bytes, BlobId.SIZE, INTERNAL_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
