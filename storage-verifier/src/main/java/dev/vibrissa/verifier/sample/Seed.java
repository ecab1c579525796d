package dev.vibrissa.verifier.sample;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.verifier.evidence.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a round's draws follow from: {@code SHA-256("vibrissa seed v1" ‖ checkpoint digest ‖ frame root ‖ u64 epoch ‖
 * u64 round)}, numbers little-endian.
 *
 * @param bytes 32
 */
public record Seed(Bytes bytes) {
    private static final byte[] DOMAIN = "vibrissa seed v1".getBytes(StandardCharsets.US_ASCII);

    static Seed of(Frame frame, long round, Digest checkpointDigest) {
        byte[] numbers = new BcsWriter().u64(frame.walrusEpoch()).u64(round).toByteArray();
        return new Seed(
                Sha256.of(DOMAIN, checkpointDigest.toByteArray(), frame.root().toByteArray(), numbers));
    }

    /** What is drawn, so that no two draws share a number. */
    enum Purpose {
        STRATUM,
        BLOB,
        SHARD,
        TARGET
    }

    /**
     * A number below {@code bound}, each as likely as any other. It is the first eight bytes, big-endian and unsigned,
     * of {@code HMAC-SHA256(seed, u8 depth ‖ u32 member ‖ u32 ordinal ‖ u8 purpose ‖ u32 counter)} modulo the bound,
     * with the counter counting up from 0 while those bytes lie in the last, incomplete run of the bound.
     *
     * @param bound at least 1
     */
    long below(long bound, Depth depth, int member, int ordinal, Purpose purpose) {
        if (bound < 1) {
            throw new IllegalArgumentException("nothing lies below " + bound);
        }
        // 2^64 mod bound: so many of the highest values would favour the lowest results.
        long excess = Long.remainderUnsigned(-bound, bound);
        Mac mac = mac();
        for (int counter = 0; ; counter++) {
            byte[] hash = mac.doFinal(new BcsWriter()
                    .u8(depth.ordinal())
                    .u32(member)
                    .u32(ordinal)
                    .u8(purpose.ordinal())
                    .u32(counter)
                    .toByteArray());
            long value = java.nio.ByteBuffer.wrap(hash).getLong();
            if (Long.compareUnsigned(value, -excess - 1) <= 0 || excess == 0) {
                return Long.remainderUnsigned(value, bound);
            }
        }
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes.toByteArray(), "HmacSHA256"));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }
}
