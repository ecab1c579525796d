package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** The Ed25519 key that a prover signs its log with. */
public final class LogKey {
    private static final int PUBLIC_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;

    /** What precedes the 32 bytes of the key in a SubjectPublicKeyInfo, RFC 8410. */
    private static final Bytes SPKI_PREFIX = Bytes.parseHex("302a300506032b6570032100");

    private static final String PEM_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String PEM_END = "-----END PRIVATE KEY-----";

    private final PrivateKey privateKey;
    private final Bytes publicKey;

    private LogKey(PrivateKey privateKey, Bytes publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * The key in {@code file}; made there, readable by nobody else, if there is none.
     *
     * @throws IOException if the file cannot be read or made, or holds no such key
     */
    public static LogKey in(Path file) throws IOException {
        try {
            return parse(Files.readString(file), file);
        } catch (NoSuchFileException e) {
            return make(file);
        }
    }

    private static LogKey make(Path file) throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            String pem = PEM_BEGIN + "\n"
                    + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                    + "\n"
                    + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
                    + "\n" + PEM_END + "\n";
            Path whole = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(whole);
            Files.createFile(whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(whole, pem);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            return parse(pem, file);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
    }

    private static LogKey parse(String pem, Path file) throws IOException {
        String[] lines = pem.strip().split("\n");
        if (lines.length != 4 || !lines[0].equals(PEM_BEGIN) || !lines[3].equals(PEM_END)) {
            throw new IOException("%s is no key of an audit log".formatted(file));
        }
        try {
            var factory = KeyFactory.getInstance("Ed25519");
            PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(decoded(lines[1])));
            Bytes spki = Bytes.of(decoded(lines[2]));
            return new LogKey(key, spki.slice(SPKI_PREFIX.length(), PUBLIC_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("%s is no key of an audit log".formatted(file), e);
        }
    }

    private static byte[] decoded(String line) {
        return Base64.getDecoder().decode(line);
    }

    /** 32 bytes. */
    public Bytes publicKey() {
        return publicKey;
    }

    /** 64 bytes. */
    public Bytes sign(byte[] message) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKey);
            signature.update(message);
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was read signs", e);
        }
    }

    /** Whether {@code signature} is one of {@code publicKey} under {@code message}; false too of what is no key. */
    public static boolean verifies(Bytes publicKey, byte[] message, Bytes signature) {
        if (publicKey.length() != PUBLIC_BYTES || signature.length() != SIGNATURE_BYTES) {
            return false;
        }
        byte[] spki = new byte[SPKI_PREFIX.length() + PUBLIC_BYTES];
        System.arraycopy(SPKI_PREFIX.toByteArray(), 0, spki, 0, SPKI_PREFIX.length());
        System.arraycopy(publicKey.toByteArray(), 0, spki, SPKI_PREFIX.length(), PUBLIC_BYTES);
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature.toByteArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
