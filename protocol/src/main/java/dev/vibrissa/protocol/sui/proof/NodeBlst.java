package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;
import java.util.Optional;
import supranational.blst.BLST_ERROR;
import supranational.blst.P1;
import supranational.blst.P1_Affine;
import supranational.blst.P2_Affine;

/**
 * {@link Bls} of storage nodes by the native library blst: keys in G1, signatures in G2.
 *
 * @see "RFC 9380, suite BLS12381G2_XMD:SHA-256_SSWU_RO"
 */
final class NodeBlst implements Bls {
    private static final String DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";
    private static final int KEY_BYTES = 48;

    /** Both coordinates, as the chain has keys. */
    private static final int UNCOMPRESSED_KEY_BYTES = 96;

    private static final int COMPRESSED = 0x80;
    private static final int SIGNATURE_BYTES = 96;

    @Override
    public Keys decode(List<Bytes> publicKeys) {
        var points = new P1_Affine[publicKeys.size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = point(publicKeys.get(i).toByteArray(), i);
        }
        return (signature, message, signers) -> faultOf(signature.toByteArray(), message, sum(points, signers));
    }

    private static P1_Affine point(byte[] key, int position) {
        boolean compressed = key.length > 0 && (key[0] & COMPRESSED) != 0;
        int due = compressed ? KEY_BYTES : UNCOMPRESSED_KEY_BYTES; // the library reads as many, whatever there is
        if (key.length != due) {
            throw new IllegalArgumentException("key %d has %d bytes, not %d".formatted(position, key.length, due));
        }
        P1_Affine point;
        try {
            point = new P1_Affine(key);
        } catch (RuntimeException e) { // the library's only way to say that an encoding is wrong
            throw new IllegalArgumentException("key %d is no point: %s".formatted(position, e.getMessage()), e);
        }
        if (point.is_inf() || !point.in_group()) {
            throw new IllegalArgumentException("key %d is not in the subgroup".formatted(position));
        }
        return point;
    }

    private static P1_Affine sum(P1_Affine[] points, int[] signers) {
        P1 sum = points[signers[0]].to_jacobian();
        for (int i = 1; i < signers.length; i++) {
            sum.add(points[signers[i]]); // in the subgroup, as checked when decoded
        }
        return sum.to_affine();
    }

    private static Optional<String> faultOf(byte[] signature, byte[] message, P1_Affine key) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.of("the signature has %d bytes, not %d".formatted(signature.length, SIGNATURE_BYTES));
        }
        P2_Affine point;
        try {
            point = new P2_Affine(signature);
        } catch (RuntimeException e) {
            return Optional.of("the signature is no point: " + e.getMessage());
        }
        if (point.is_inf() || !point.in_group()) {
            return Optional.of("the signature is not in the subgroup");
        }
        BLST_ERROR error = point.core_verify(key, true, message, DOMAIN);
        return error == BLST_ERROR.BLST_SUCCESS
                ? Optional.empty()
                : Optional.of("the signers did not sign this (%s)".formatted(error));
    }
}
