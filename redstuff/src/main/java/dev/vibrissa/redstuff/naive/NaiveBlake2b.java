package dev.vibrissa.redstuff.naive;

/**
 * BLAKE2b-256 without a key, as RFC 7693 has it.
 *
 * @see "RFC 7693, section 3"
 */
public final class NaiveBlake2b {
    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
    };
    private static final String[] SIGMA = {
        "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
        "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"
    };
    private static final int ROUNDS = 12;
    private static final int BLOCK = 128;
    private static final int HASH = 32;

    private NaiveBlake2b() {}

    /** The hash of {@code message}, 32 bytes. */
    public static byte[] hash(byte[] message) {
        long[] h = IV.clone();
        h[0] ^= 0x01010000L ^ HASH;
        int blocks = Math.max(1, (message.length + BLOCK - 1) / BLOCK);
        for (int block = 0; block < blocks; block++) {
            boolean last = block == blocks - 1;
            long[] m = new long[16];
            for (int i = block * BLOCK; i < Math.min((block + 1) * BLOCK, message.length); i++) {
                m[i % BLOCK / 8] |= (message[i] & 0xffL) << i % 8 * 8;
            }
            compress(h, m, last ? message.length : (block + 1) * BLOCK, last);
        }
        byte[] hash = new byte[HASH];
        for (int i = 0; i < HASH; i++) {
            hash[i] = (byte) (h[i / 8] >>> i % 8 * 8);
        }
        return hash;
    }

    private static void compress(long[] h, long[] m, long total, boolean last) {
        long[] v = new long[16];
        System.arraycopy(h, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 8);
        v[12] ^= total;
        if (last) {
            v[14] = ~v[14];
        }
        for (int round = 0; round < ROUNDS; round++) {
            String s = SIGMA[round % SIGMA.length];
            for (int i = 0; i < 4; i++) {
                mix(v, i, 4 + i, 8 + i, 12 + i, word(m, s, 2 * i), word(m, s, 2 * i + 1));
            }
            for (int i = 0; i < 4; i++) {
                mix(
                        v,
                        i,
                        4 + (i + 1) % 4,
                        8 + (i + 2) % 4,
                        12 + (i + 3) % 4,
                        word(m, s, 8 + 2 * i),
                        word(m, s, 8 + 2 * i + 1));
            }
        }
        for (int i = 0; i < 8; i++) {
            h[i] ^= v[i] ^ v[i + 8];
        }
    }

    private static long word(long[] m, String order, int place) {
        return m[Character.digit(order.charAt(place), 16)];
    }

    private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
        v[a] += v[b] + x;
        v[d] = Long.rotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = Long.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 63);
    }
}
