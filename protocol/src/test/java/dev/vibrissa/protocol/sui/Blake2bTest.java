package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;

/** Our BLAKE2b and that of BouncyCastle agree, however the bytes are cut up. */
class Blake2bTest {
    @Test
    void hashesTheEmptyTextAndAbc() {
        assertThat(hex(new byte[0])).isEqualTo("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
        assertThat(hex("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(Blake2b.hash(bytes));
    }

    @Test
    void agreesWithItsTwinAtEveryLengthAroundBlocks() {
        byte[] bytes = new byte[700];
        new Random(1).nextBytes(bytes);
        for (int length = 0; length <= bytes.length; length++) {
            assertThat(new Blake2b().update(bytes, 0, length).finish())
                    .as("%d bytes", length)
                    .isEqualTo(twin(bytes, length));
        }
    }

    @Test
    void agreesWithItsTwinHoweverTheBytesAreCutUp() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            var hash = new Blake2b();
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(bytes.length - at, random.nextInt(300));
                hash.update(bytes, at, piece);
                at += piece;
            }
            assertThat(hash.finish()).as("seed %d", seed).isEqualTo(twin(bytes, bytes.length));
        }
    }

    private static byte[] twin(byte[] bytes, int length) {
        var twin = new Blake2bDigest(256);
        twin.update(bytes, 0, length);
        byte[] hash = new byte[32];
        twin.doFinal(hash, 0);
        return hash;
    }
}
