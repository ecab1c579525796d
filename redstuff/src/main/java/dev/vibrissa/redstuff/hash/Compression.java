package dev.vibrissa.redstuff.hash;

import dev.vibrissa.redstuff.kernel.Kernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The compression function of BLAKE2b over eight independent hashes.
 *
 * <p>Lanes are interleaved: word {@code w} of lane {@code l} stands at {@code 8w + l}, in the state (8 words) as in the message block (16
 * words, little-endian). Per block a 4 × 4 matrix of words goes through 12 rounds, each mixing its four columns, then its
 * four diagonals, with two message words at a time in the order of {@code SIGMA}.
 *
 * @see "RFC 7693, section 3.2"
 */
abstract class Compression {
    /** Hashes that are worked on at once. */
    static final int LANES = 8;

    /** Longs of the state of all lanes. */
    static final int STATE = 8 * LANES;

    /** Longs of a message block of all lanes. */
    static final int BLOCK = 16 * LANES;

    static final long IV0 = 0x6a09e667f3bcc908L;
    static final long IV1 = 0xbb67ae8584caa73bL;
    static final long IV2 = 0x3c6ef372fe94f82bL;
    static final long IV3 = 0xa54ff53a5f1d36f1L;
    static final long IV4 = 0x510e527fade682d1L;
    static final long IV5 = 0x9b05688c2b3e6c1fL;
    static final long IV6 = 0x1f83d9abfb41bd6bL;
    static final long IV7 = 0x5be0cd19137e2179L;

    /** Hash of 32 bytes, no key, fan-out and depth 1: the parameter block that is mixed into the first word. */
    private static final long PARAMETERS = 0x0101_0020L;

    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long[] INITIAL = {IV0 ^ PARAMETERS, IV1, IV2, IV3, IV4, IV5, IV6, IV7};
    private static final long[] EMPTY = initial();

    /** Places of the message words of each round in an interleaved block: rounds 11 and 12 repeat the first two. */
    static final int[] SIGMA = sigma(
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

    private static int[] sigma(String... rounds) {
        int[] places = new int[rounds.length * 16];
        for (int i = 0; i < places.length; i++) {
            places[i] = Character.digit(rounds[i / 16].charAt(i % 16), 16) * LANES;
        }
        return places;
    }

    static Compression of(Kernel kernel) {
        return switch (kernel) {
            case SCALAR -> new ScalarCompression();
            case NARROW, WIDE -> new VectorCompression();
        };
    }

    /** The state of all lanes before anything is taken in. */
    private static long[] initial() {
        long[] state = new long[STATE];
        for (int i = 0; i < STATE; i++) {
            state[i] = INITIAL[i / LANES];
        }
        return state;
    }

    /** Sets the state of all lanes to that of an empty hash. */
    static void begin(long[] state) {
        System.arraycopy(EMPTY, 0, state, 0, STATE);
    }

    /**
     * Loads 64 bytes of each lane as words {@code word} to {@code word + 7} of an interleaved block.
     *
     * @param at where the bytes of lane 0 begin; those of the next lie {@code stride} further
     */
    void load(byte[] source, int at, int stride, long[] block, int word) {
        for (int lane = 0; lane < LANES; lane++) {
            int from = at + lane * stride;
            for (int i = 0; i < 8; i++) {
                block[(word + i) * LANES + lane] = (long) LONG.get(source, from + i * Long.BYTES);
            }
        }
    }

    /** Replaces the first byte of the block of each lane. */
    void replaceFirst(long[] block, long[] first) {
        for (int lane = 0; lane < LANES; lane++) {
            block[lane] = block[lane] & ~0xffL | first[lane];
        }
    }

    /**
     * Mixes one block into each lane.
     *
     * @param total bytes taken in so far, this block included; the same in all lanes
     * @param last all ones for the last block, else zero
     */
    abstract void compress(long[] state, int stateAt, long[] blocks, int blocksAt, long total, long last);
}
