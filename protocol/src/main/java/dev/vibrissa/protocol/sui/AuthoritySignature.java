package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The validators' aggregate signature under a checkpoint summary.
 *
 * @param epoch epoch of the committee that signed
 * @param signature 48 bytes, compressed G1; not checked to be a point
 * @param bitmap who signed: a Roaring bitmap of positions in the committee
 */
public record AuthoritySignature(long epoch, Bytes signature, Bytes bitmap) {
    static final int SIGNATURE_BYTES = 48;

    /** Positions are below 65 536, which takes one container of 8 192 bytes and a header. */
    private static final int MAX_BITMAP_BYTES = 8_192 + 64;

    public static AuthoritySignature decode(BcsReader in) {
        return new AuthoritySignature(in.u64(), in.view(SIGNATURE_BYTES), in.bytesView());
    }

    public void encode(BcsWriter out) {
        out.u64(epoch).raw(signature).bytes(bitmap);
    }

    /**
     * The positions of the signers in the committee, ascending, at least one.
     *
     * @throws BcsException if the bitmap is empty, not sorted, too large, or not exactly one Roaring bitmap
     */
    public int[] signers() {
        if (bitmap.length() > MAX_BITMAP_BYTES) {
            throw new BcsException("signer bitmap of %d bytes".formatted(bitmap.length()), 0);
        }
        int[] signers = parse().toArray();
        for (int i = 1; i < signers.length; i++) {
            if (signers[i] <= signers[i - 1]) {
                throw new BcsException("signer bitmap is not sorted", i);
            }
        }
        if (signers.length == 0 || signers[0] < 0 || signers[signers.length - 1] >= 1 << 16) {
            throw new BcsException("signer bitmap is empty or reaches beyond 65535", 0);
        }
        return signers;
    }

    private RoaringBitmap parse() {
        var signers = new RoaringBitmap();
        try {
            signers.deserialize(ByteBuffer.wrap(bitmap.toByteArray()));
            var canonical = ByteBuffer.allocate(signers.serializedSizeInBytes());
            signers.serialize(canonical);
            if (Bytes.of(canonical.array()).equals(bitmap)) {
                return signers;
            }
        } catch (IOException | RuntimeException e) {
            // The library was not written for hostile bytes: it fails in many ways, all of them mean the same to us.
            throw new BcsException("signer bitmap is not a Roaring bitmap: " + e, 0);
        }
        throw new BcsException(
                "signer bitmap of %d bytes is not exactly one Roaring bitmap".formatted(bitmap.length()), 0);
    }
}
