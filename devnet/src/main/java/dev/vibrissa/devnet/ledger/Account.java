package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** Somebody on the chain: an Ed25519 key that follows from a seed and a name, and its address. */
public final class Account {
    private static final int ED25519 = 0;
    private static final int KEY_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    /** Scope transaction, version 0, app Sui. */
    private static final byte[] INTENT = new byte[3];

    /** What stands before the 32 bytes of a key in its X.509 form (RFC 8410). */
    private static final byte[] X509_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0};

    private final KeyPair keys;
    private final byte[] publicKey;
    private final SuiAddress address;

    private Account(KeyPair keys) {
        this.keys = keys;
        byte[] x509 = keys.getPublic().getEncoded();
        publicKey = Arrays.copyOfRange(x509, x509.length - KEY_BYTES, x509.length);
        address = address(publicKey);
    }

    public static Account of(long seed, String name) {
        byte[] secret = Blake2b.hash(
                new BcsWriter().string("account").u64(seed).string(name).toByteArray());
        try {
            var generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(secret));
            return new Account(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK makes no Ed25519 keys: " + e.getMessage(), e);
        }
    }

    /** Gives the secret to the key generator, whose only source it is. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] secret;

        private Fixed(byte[] secret) {
            this.secret = secret;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != secret.length) {
                throw new IllegalStateException(
                        "%d random bytes wanted, not %d".formatted(bytes.length, secret.length));
            }
            System.arraycopy(secret, 0, bytes, 0, bytes.length);
        }
    }

    public SuiAddress address() {
        return address;
    }

    /** The signature of a transaction as the chain carries it: scheme, signature, public key. */
    public Bytes sign(Bytes transactionBcs) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(signed(transactionBcs));
            return Bytes.of(new BcsWriter()
                    .u8(ED25519)
                    .raw(signer.sign())
                    .raw(publicKey)
                    .toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK does not sign with Ed25519: " + e.getMessage(), e);
        }
    }

    /** Whether {@code signature} is that of {@code sender}, with Ed25519, under this transaction. */
    static boolean hasSigned(SuiAddress sender, Bytes transactionBcs, Bytes signature) {
        if (signature.length() != 1 + SIGNATURE_BYTES + KEY_BYTES || signature.at(0) != ED25519) {
            return false;
        }
        byte[] key = signature.slice(1 + SIGNATURE_BYTES, KEY_BYTES).toByteArray();
        if (!address(key).equals(sender)) {
            return false;
        }
        try {
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(
                            new BcsWriter().raw(X509_PREFIX).raw(key).toByteArray())));
            verifier.update(signed(transactionBcs));
            return verifier.verify(signature.slice(1, SIGNATURE_BYTES).toByteArray());
        } catch (GeneralSecurityException e) {
            return false; // no key, or no signature
        }
    }

    private static byte[] signed(Bytes transactionBcs) {
        return new Blake2b().update(INTENT).update(transactionBcs).finish();
    }

    private static SuiAddress address(byte[] publicKey) {
        return new SuiAddress(
                Blake2b.hash(new BcsWriter().u8(ED25519).raw(publicKey).toByteArray()));
    }
}
