package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.KeyBytes;
import java.util.Optional;
import supranational.blst.BLST_ERROR;
import supranational.blst.P1_Affine;
import supranational.blst.P2_Affine;

/**
 * Storage nodes' signatures: BLS12-381 with keys in G1 and signatures in G2, the other way round than Sui's validators.
 *
 * @see "RFC 9380, suite BLS12381G2_XMD:SHA-256_SSWU_RO; draft-irtf-cfrg-bls-signature, basic scheme"
 */
final class NodeSignature {
    private static final String DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";
    private static final int SIGNATURE_BYTES = 96;

    private NodeSignature() {}

    /** What is wrong with a key, or with this machine; empty if signatures can be held against it. */
    static Optional<Failure> faultOfKey(KeyBytes key) {
        try {
            P1_Affine point = new P1_Affine(key.toByteArray());
            return point.is_inf() || !point.in_group()
                    ? Optional.of(new Failure.UnusableRecord("the signing key is not in the subgroup"))
                    : Optional.empty();
        } catch (RuntimeException e) { // the library's only way to say that an encoding is wrong
            return Optional.of(new Failure.UnusableRecord("the signing key is no point: " + e.getMessage()));
        } catch (LinkageError e) {
            return Optional.of(new Failure.OwnFault("blst did not load: " + e));
        }
    }

    /** Why this is not a signature of {@code message} by {@code key}; empty if it is. */
    static Optional<String> faultOf(byte[] signature, byte[] message, KeyBytes key) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.of("%d bytes where a signature has %d".formatted(signature.length, SIGNATURE_BYTES));
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
        BLST_ERROR error = point.core_verify(new P1_Affine(key.toByteArray()), true, message, DOMAIN);
        return error == BLST_ERROR.BLST_SUCCESS
                ? Optional.empty()
                : Optional.of("the node's key did not sign this (%s)".formatted(error));
    }
}
