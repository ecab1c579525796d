package dev.vibrissa.verifier.evidence;

import dev.vibrissa.protocol.bcs.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of parts one after the other. */
public final class Sha256 {
    public static final int BYTES = 32;

    private Sha256() {}

    /** 32 bytes. */
    public static Bytes of(byte[]... parts) {
        MessageDigest digest = digest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return Bytes.of(digest.digest());
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
