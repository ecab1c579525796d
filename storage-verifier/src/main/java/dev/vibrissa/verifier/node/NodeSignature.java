package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.util.List;
import java.util.Optional;

/** Signatures of one storage node. */
final class NodeSignature {
    private static final int[] FIRST = {0};

    private static final int SIGNATURE_BYTES = 96;
    private static final int COMPRESSED = 0x80;
    private static final int INFINITY = 0x40;

    private NodeSignature() {}

    /** What is wrong with a key, or with this machine; empty if signatures can be held against it. */
    static Optional<Failure> faultOfKey(KeyBytes key) {
        return switch (Bls.loadForNodes()) {
            case Bls.Availability.Missing missing -> Optional.of(new Failure.OwnFault(missing.reason()));
            case Bls.Availability.Available available -> {
                try {
                    keys(available, key);
                    yield Optional.empty();
                } catch (IllegalArgumentException e) {
                    yield Optional.of(new Failure.UnusableRecord("the signing key is unusable: " + e.getMessage()));
                }
            }
        };
    }

    /** Why this is not a signature of {@code message} by {@code key}, a usable one; empty if it is. */
    static Optional<Failure> faultOf(byte[] signature, byte[] message, KeyBytes key) {
        return switch (Bls.loadForNodes()) {
            case Bls.Availability.Missing missing -> Optional.of(new Failure.OwnFault(missing.reason()));
            case Bls.Availability.Available available ->
                keys(available, key)
                        .faultOf(bytes(signature), message, FIRST)
                        .map(why -> new Failure.Disproven(new Disproof.BadSignature(why)));
        };
    }

    /** Why these bytes are no signature, whatever the key; empty if they are of the form of one. */
    static Optional<String> faultOfForm(byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return Optional.of("the signature has %d bytes, not %d".formatted(signature.length, SIGNATURE_BYTES));
        }
        return (signature[0] & (COMPRESSED | INFINITY)) == COMPRESSED
                ? Optional.empty()
                : Optional.of("the signature is no compressed point, or the one at infinity");
    }

    private static Bls.Keys keys(Bls.Availability.Available available, KeyBytes key) {
        return available.bls().decode(List.of(bytes(key.toByteArray())));
    }

    private static Bytes bytes(byte[] bytes) {
        return Bytes.of(bytes, 0, bytes.length);
    }
}
