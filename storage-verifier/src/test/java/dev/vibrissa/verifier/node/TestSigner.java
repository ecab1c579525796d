package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.KeyBytes;
import java.nio.charset.StandardCharsets;
import supranational.blst.P1;
import supranational.blst.P2;
import supranational.blst.SecretKey;

/** Signs as a storage node does. */
final class TestSigner {
    static final TestSigner NODE = new TestSigner("the node's signing key, for tests only");
    static final TestSigner OTHER = new TestSigner("another signing key, for tests only too");

    private static final String DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";

    private final SecretKey key = new SecretKey();

    TestSigner(String seed) {
        key.keygen(seed.getBytes(StandardCharsets.UTF_8));
    }

    /** Uncompressed, as the chain has it. */
    KeyBytes publicKey() {
        return new KeyBytes(new P1(key).serialize());
    }

    byte[] sign(byte[] message) {
        return new P2().hash_to(message, DOMAIN).sign_with(key).compress();
    }
}
