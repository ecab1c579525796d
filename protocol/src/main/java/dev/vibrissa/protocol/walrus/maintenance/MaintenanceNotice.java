package dev.vibrissa.protocol.walrus.maintenance;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.NetworkKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An operator says when its node will not serve, and why.
 *
 * @param to exclusive
 * @param signed empty: somebody else has to vouch for it
 */
public record MaintenanceNotice(SuiAddress nodeId, Instant from, Instant to, String reason, Optional<Signed> signed) {
    private static final String DOMAIN = "vibrissa maintenance v1";
    private static final int[] FIRST = {0};

    /** A key that the chain has for a node. */
    public enum Key {
        /** BLS12-381, as it signs storage confirmations: 96 bytes in G2. */
        BLS,
        /** P-256, as of its TLS certificate: ECDSA with SHA-256, in DER. */
        NETWORK
    }

    /** @param signature of {@link MaintenanceNotice#message} */
    public record Signed(Key key, Bytes signature) {}

    /** @throws IllegalArgumentException if it does not end after it begins, or the reason has several lines */
    public MaintenanceNotice {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("maintenance from %s to %s".formatted(from, to));
        }
        if (reason.isBlank() || reason.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the reason is one line of text, not '%s'".formatted(reason));
        }
    }

    /** What is signed: five lines of UTF-8, each ended by a line feed. No message of Walrus begins with these letters. */
    public byte[] message() {
        return String.join("\n", DOMAIN, nodeId.toString(), from.toString(), to.toString(), reason, "")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Holds the signature against the keys that the chain has.
     *
     * @return why it is not the node's; empty if it is
     */
    public Optional<String> faultOf(KeyBytes blsKey, KeyBytes networkKey) {
        if (signed.isEmpty()) {
            return Optional.of("it is not signed");
        }
        return switch (signed.get().key()) {
            case BLS -> faultOfBls(signed.get().signature(), blsKey);
            case NETWORK -> faultOfNetwork(signed.get().signature(), networkKey);
        };
    }

    private Optional<String> faultOfBls(Bytes signature, KeyBytes key) {
        return switch (Bls.loadForNodes()) {
            case Bls.Availability.Missing missing ->
                throw new IllegalStateException("BLS signatures cannot be checked here: " + missing.reason());
            case Bls.Availability.Available available -> {
                try {
                    yield available
                            .bls()
                            .decode(List.of(Bytes.of(key.toByteArray())))
                            .faultOf(signature, message(), FIRST);
                } catch (IllegalArgumentException e) {
                    yield Optional.of("the node's signing key is unusable: " + e.getMessage());
                }
            }
        };
    }

    private Optional<String> faultOfNetwork(Bytes signature, KeyBytes key) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(NetworkKey.of(key).subjectPublicKeyInfo())));
            verifier.update(message());
            return verifier.verify(signature.toByteArray())
                    ? Optional.empty()
                    : Optional.of("it is not signed by the node's network key");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.of("the signature by the network key cannot be checked: " + e.getMessage());
        }
    }
}
