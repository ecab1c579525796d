package dev.vibrissa.protocol.sui.proof;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.List;
import java.util.Optional;
import supranational.blst.BLST_ERROR;
import supranational.blst.P1_Affine;
import supranational.blst.P2;
import supranational.blst.P2_Affine;

/** {@link Bls} by the native library blst. */
final class Blst implements Bls {
    static final Availability AVAILABILITY = probe();

    private static final String DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

    private static Availability probe() {
        try {
            P2_Affine.generator(); // unpacks and loads the library
            return new Availability.Available(new Blst());
        } catch (LinkageError | RuntimeException e) {
            return new Availability.Missing("blst did not load: " + e);
        }
    }

    @Override
    public Keys decode(List<Bytes> publicKeys) {
        var points = new P2_Affine[publicKeys.size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = point(publicKeys.get(i), i);
        }
        return (signature, message, signers) -> faultOf(signature, message, sum(points, signers));
    }

    private static P2_Affine point(Bytes key, int position) {
        P2_Affine point;
        try {
            point = new P2_Affine(key.toByteArray());
        } catch (RuntimeException e) { // the library's only way to say that an encoding is wrong
            throw new IllegalArgumentException("key %d is no point: %s".formatted(position, e.getMessage()), e);
        }
        if (point.is_inf() || !point.in_group()) {
            throw new IllegalArgumentException("key %d is not in the subgroup".formatted(position));
        }
        return point;
    }

    private static P2_Affine sum(P2_Affine[] points, int[] signers) {
        P2 sum = points[signers[0]].to_jacobian();
        for (int i = 1; i < signers.length; i++) {
            sum.add(points[signers[i]]); // in the subgroup, as checked when decoded
        }
        return sum.to_affine();
    }

    private static Optional<String> faultOf(Bytes signature, byte[] message, P2_Affine key) {
        P1_Affine point;
        try {
            point = new P1_Affine(signature.toByteArray());
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
