package dev.vibrissa.redstuff.hash;

import dev.vibrissa.redstuff.kernel.Kernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2b-256 of many messages of one length at once, across the lanes of vectors.
 *
 * <p>Every message is one byte, then bytes that lie in an array: the domain byte of a Merkle tree and what it hashes. Messages lie
 * {@code stride} bytes apart.
 *
 * <p>Not safe for use by several threads.
 */
public final class LaneHasher {
    /** Bytes of a hash. */
    public static final int HASH = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int LANES = Compression.LANES;
    static final int BLOCK_BYTES = 128;

    /** Longs of the state of one hash. */
    static final int STATE_WORDS = 8;

    private static final int WORDS = 16;
    private static final int HALF_WORDS = WORDS / 2;

    private final Compression compression;
    private final long[] state = new long[Compression.STATE];
    private final long[] block = new long[Compression.BLOCK];

    /** The byte that precedes the piece, of each lane. */
    private final long[] first = new long[LANES];

    /** All words of the block are zero from here on. */
    private int zeroFrom;

    public LaneHasher() {
        this(Kernel.chosen());
    }

    /** A hasher on a certain kernel, for comparison. */
    public LaneHasher(Kernel kernel) {
        compression = Compression.of(kernel);
    }

    /**
     * Hashes {@code count} messages.
     *
     * @param first the first byte of each message
     * @param length bytes of a message after the first
     * @param target where hash {@code i} is put, at {@code to + i · targetStride}; may be {@code source}, if no hash is written over a message
     *     that is yet to be read
     */
    public void hash(
            int first,
            byte[] source,
            int from,
            int stride,
            int length,
            int count,
            byte[] target,
            int to,
            int targetStride) {
        Arrays.fill(this.first, first);
        for (int begin = 0; begin < count; begin += LANES) {
            int lanes = Math.min(LANES, count - begin);
            begin();
            finish(source, from + begin * stride, stride, 0, length, lanes);
            write(lanes, target, to + begin * targetStride, targetStride);
        }
    }

    void begin() {
        Compression.begin(state);
    }

    /** The byte of each lane that comes before the piece that is taken in next. */
    void precede(byte[] bytes, int at, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            first[lane] = bytes[at + lane] & 0xff;
        }
    }

    /** Goes on with states that {@link #suspend} put aside. */
    void resume(long[] states, int at, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            for (int word = 0; word < STATE_WORDS; word++) {
                state[word * LANES + lane] = states[at + lane * STATE_WORDS + word];
            }
        }
    }

    void suspend(long[] states, int at, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            for (int word = 0; word < STATE_WORDS; word++) {
                states[at + lane * STATE_WORDS + word] = state[word * LANES + lane];
            }
        }
    }

    /**
     * Takes in the full blocks of a piece of each message. The last byte of the piece is left over: it precedes the next.
     *
     * @param before bytes of the message before the piece and the byte that precedes it, a multiple of 128
     * @param length bytes of the piece, a multiple of 128
     */
    void absorb(byte[] source, int at, int stride, int before, int length, int lanes) {
        for (int done = 0; done < length; done += BLOCK_BYTES) {
            fill(source, at, stride, done, HALF_WORDS, lanes, 0);
            fill(source, at, stride, done + BLOCK_BYTES / 2, HALF_WORDS, lanes, HALF_WORDS);
            compression.compress(state, 0, block, 0, before + done + BLOCK_BYTES, 0);
        }
        if (length > 0) {
            zeroFrom = WORDS;
        }
    }

    /** Takes in the last piece of each message, of any length. */
    void finish(byte[] source, int at, int stride, int before, int length, int lanes) {
        int done = length / BLOCK_BYTES * BLOCK_BYTES; // with the byte that precedes, something is always left
        absorb(source, at, stride, before, done, lanes);
        int bytes = length + 1 - done; // 1 to 128
        int words = bytes / Long.BYTES;
        if (words >= HALF_WORDS) {
            fill(source, at, stride, done, HALF_WORDS, lanes, 0);
            fill(source, at, stride, done + BLOCK_BYTES / 2, words - HALF_WORDS, lanes, HALF_WORDS);
        } else {
            fill(source, at, stride, done, words, lanes, 0);
        }
        int used = words;
        int rest = bytes % Long.BYTES;
        if (rest > 0) {
            for (int lane = 0; lane < lanes; lane++) {
                int from = at + lane * stride + done - 1 + words * Long.BYTES;
                block[words * LANES + lane] = from >= at + lane * stride
                        ? partial(source, from, rest)
                        : partial(source, from + 1, rest - 1) << Byte.SIZE | first[lane];
            }
            used++;
        }
        if (zeroFrom > used) {
            Arrays.fill(block, used * LANES, zeroFrom * LANES, 0);
        }
        zeroFrom = used;
        compression.compress(state, 0, block, 0, before + length + 1, -1);
    }

    /**
     * Fills words of the block of each lane, up to 8, with the message from byte {@code done} on, where byte 0 is the one that
     * precedes the piece.
     */
    private void fill(byte[] source, int at, int stride, int done, int words, int lanes, int word) {
        if (words == HALF_WORDS && lanes == LANES && at + done > 0) {
            compression.load(source, at + done - 1, stride, block, word);
            if (done == 0) {
                compression.replaceFirst(block, first);
            }
            return;
        }
        for (int lane = 0; lane < lanes; lane++) {
            int from = at + lane * stride + done - 1;
            for (int i = 0; i < words; i++) {
                block[(word + i) * LANES + lane] = i == 0 && done == 0
                        ? partial(source, from + 1, Long.BYTES - 1) << Byte.SIZE | first[lane]
                        : (long) LONG.get(source, from + i * Long.BYTES);
            }
        }
    }

    void write(int lanes, byte[] target, int to, int stride) {
        for (int lane = 0; lane < lanes; lane++) {
            for (int word = 0; word < HASH / Long.BYTES; word++) {
                LONG.set(target, to + lane * stride + word * Long.BYTES, state[word * LANES + lane]);
            }
        }
    }

    /** Up to 7 bytes as a little-endian word, without touching what lies behind them. */
    private static long partial(byte[] source, int at, int bytes) {
        if (bytes == 0) {
            return 0;
        }
        if (at + bytes >= Long.BYTES) {
            return (long) LONG.get(source, at + bytes - Long.BYTES) >>> (Long.SIZE - bytes * Byte.SIZE);
        }
        long word = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            word = word << 8 | source[at + i] & 0xff;
        }
        return word;
    }
}
