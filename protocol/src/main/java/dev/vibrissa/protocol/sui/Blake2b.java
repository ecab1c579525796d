package dev.vibrissa.protocol.sui;

import dev.vibrissa.protocol.bcs.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2b-256 without a key (RFC 7693), the hash of everything on Sui.
 *
 * <p>State: eight words {@code h}; per block of 128 bytes (16 little-endian words {@code m}) a 4 × 4 matrix
 * {@code v} of words goes through 12 rounds, each mixing its four columns, then its four diagonals, with two message
 * words at a time in the order of {@code SIGMA}. The matrix is held in 16 local variables, for the compiler keeps
 * those in registers; that is what makes it fast. Verifying a checkpoint is mostly this loop.
 *
 * <p>Not safe for use by several threads.
 */
public final class Blake2b {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int BLOCK = 128;
    private static final int HASH = 32;

    private static final long[] IV = {
        0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
        0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
    };

    /** Byte offsets of the message words of each round: rounds 11 and 12 repeat the first two. */
    private static final int[] SIGMA = sigma(
            "0123456789abcdef",
            "ea489fd61c02b753",
            "b8c052fdae367194",
            "7931dcbe265a40f8",
            "905724afe1bc683d",
            "2c6a0b834d75fe19",
            "c51fed4a0763928b",
            "db7ec13950f4862a",
            "6fe9b308c2d714a5",
            "a2847615fb9e3cd0",
            "0123456789abcdef",
            "ea489fd61c02b753");

    private final long[] h = new long[8];
    private final byte[] pending = new byte[BLOCK];
    private int pendingBytes;
    private long total;

    public Blake2b() {
        System.arraycopy(IV, 0, h, 0, 8);
        h[0] ^= 0x0101_0000L ^ HASH; // no key, fan-out 1, depth 1
    }

    private static int[] sigma(String... rounds) {
        int[] offsets = new int[rounds.length * 16];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = Character.digit(rounds[i / 16].charAt(i % 16), 16) * Long.BYTES;
        }
        return offsets;
    }

    /** The hash of {@code bytes}, 32 bytes. */
    public static byte[] hash(byte[] bytes) {
        return new Blake2b().update(bytes, 0, bytes.length).finish();
    }

    public Blake2b update(byte[] bytes) {
        return update(bytes, 0, bytes.length);
    }

    public Blake2b update(Bytes bytes) {
        return bytes.with(this::update);
    }

    /** Takes in {@code length} bytes from {@code offset} on. */
    public Blake2b update(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        if (pendingBytes > 0) {
            int fill = Math.min(BLOCK - pendingBytes, length);
            System.arraycopy(bytes, at, pending, pendingBytes, fill);
            pendingBytes += fill;
            at += fill;
            if (at == end) {
                return this; // a full block waits too: it may be the last, which is compressed differently
            }
            total += BLOCK;
            compress(pending, 0, 0);
            pendingBytes = 0;
        }
        while (end - at > BLOCK) {
            total += BLOCK;
            compress(bytes, at, 0);
            at += BLOCK;
        }
        System.arraycopy(bytes, at, pending, 0, end - at);
        pendingBytes = end - at;
        return this;
    }

    /** The hash of all that was taken in, 32 bytes. Ends the use of this object. */
    public byte[] finish() {
        total += pendingBytes;
        Arrays.fill(pending, pendingBytes, BLOCK, (byte) 0);
        compress(pending, 0, -1);
        byte[] hash = new byte[HASH];
        for (int i = 0; i < HASH / Long.BYTES; i++) {
            LONG.set(hash, i * Long.BYTES, h[i]);
        }
        return hash;
    }

    /** Mixes in one block; {@code last} is all ones for the last one, else zero. */
    private void compress(byte[] block, int at, long last) {
        long v0 = h[0];
        long v1 = h[1];
        long v2 = h[2];
        long v3 = h[3];
        long v4 = h[4];
        long v5 = h[5];
        long v6 = h[6];
        long v7 = h[7];
        long v8 = IV[0];
        long v9 = IV[1];
        long v10 = IV[2];
        long v11 = IV[3];
        long v12 = IV[4] ^ total;
        long v13 = IV[5];
        long v14 = IV[6] ^ last;
        long v15 = IV[7];
        for (int r = 0; r < SIGMA.length; r += 16) {
            v0 += v4 + (long) LONG.get(block, at + SIGMA[r]);
            v12 = Long.rotateRight(v12 ^ v0, 32);
            v8 += v12;
            v4 = Long.rotateRight(v4 ^ v8, 24);
            v0 += v4 + (long) LONG.get(block, at + SIGMA[r + 1]);
            v12 = Long.rotateRight(v12 ^ v0, 16);
            v8 += v12;
            v4 = Long.rotateRight(v4 ^ v8, 63);
            v1 += v5 + (long) LONG.get(block, at + SIGMA[r + 2]);
            v13 = Long.rotateRight(v13 ^ v1, 32);
            v9 += v13;
            v5 = Long.rotateRight(v5 ^ v9, 24);
            v1 += v5 + (long) LONG.get(block, at + SIGMA[r + 3]);
            v13 = Long.rotateRight(v13 ^ v1, 16);
            v9 += v13;
            v5 = Long.rotateRight(v5 ^ v9, 63);
            v2 += v6 + (long) LONG.get(block, at + SIGMA[r + 4]);
            v14 = Long.rotateRight(v14 ^ v2, 32);
            v10 += v14;
            v6 = Long.rotateRight(v6 ^ v10, 24);
            v2 += v6 + (long) LONG.get(block, at + SIGMA[r + 5]);
            v14 = Long.rotateRight(v14 ^ v2, 16);
            v10 += v14;
            v6 = Long.rotateRight(v6 ^ v10, 63);
            v3 += v7 + (long) LONG.get(block, at + SIGMA[r + 6]);
            v15 = Long.rotateRight(v15 ^ v3, 32);
            v11 += v15;
            v7 = Long.rotateRight(v7 ^ v11, 24);
            v3 += v7 + (long) LONG.get(block, at + SIGMA[r + 7]);
            v15 = Long.rotateRight(v15 ^ v3, 16);
            v11 += v15;
            v7 = Long.rotateRight(v7 ^ v11, 63);

            v0 += v5 + (long) LONG.get(block, at + SIGMA[r + 8]);
            v15 = Long.rotateRight(v15 ^ v0, 32);
            v10 += v15;
            v5 = Long.rotateRight(v5 ^ v10, 24);
            v0 += v5 + (long) LONG.get(block, at + SIGMA[r + 9]);
            v15 = Long.rotateRight(v15 ^ v0, 16);
            v10 += v15;
            v5 = Long.rotateRight(v5 ^ v10, 63);
            v1 += v6 + (long) LONG.get(block, at + SIGMA[r + 10]);
            v12 = Long.rotateRight(v12 ^ v1, 32);
            v11 += v12;
            v6 = Long.rotateRight(v6 ^ v11, 24);
            v1 += v6 + (long) LONG.get(block, at + SIGMA[r + 11]);
            v12 = Long.rotateRight(v12 ^ v1, 16);
            v11 += v12;
            v6 = Long.rotateRight(v6 ^ v11, 63);
            v2 += v7 + (long) LONG.get(block, at + SIGMA[r + 12]);
            v13 = Long.rotateRight(v13 ^ v2, 32);
            v8 += v13;
            v7 = Long.rotateRight(v7 ^ v8, 24);
            v2 += v7 + (long) LONG.get(block, at + SIGMA[r + 13]);
            v13 = Long.rotateRight(v13 ^ v2, 16);
            v8 += v13;
            v7 = Long.rotateRight(v7 ^ v8, 63);
            v3 += v4 + (long) LONG.get(block, at + SIGMA[r + 14]);
            v14 = Long.rotateRight(v14 ^ v3, 32);
            v9 += v14;
            v4 = Long.rotateRight(v4 ^ v9, 24);
            v3 += v4 + (long) LONG.get(block, at + SIGMA[r + 15]);
            v14 = Long.rotateRight(v14 ^ v3, 16);
            v9 += v14;
            v4 = Long.rotateRight(v4 ^ v9, 63);
        }
        h[0] ^= v0 ^ v8;
        h[1] ^= v1 ^ v9;
        h[2] ^= v2 ^ v10;
        h[3] ^= v3 ^ v11;
        h[4] ^= v4 ^ v12;
        h[5] ^= v5 ^ v13;
        h[6] ^= v6 ^ v14;
        h[7] ^= v7 ^ v15;
    }
}
