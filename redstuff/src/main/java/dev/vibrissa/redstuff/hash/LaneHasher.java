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

    private final Compression compression;
    private final long[] state = new long[Compression.STATE];
    private final long[] block = new long[Compression.BLOCK];
    private final byte[] firsts = new byte[LANES];

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
        Arrays.fill(firsts, (byte) first);
        for (int begin = 0; begin < count; begin += LANES) {
            int lanes = Math.min(LANES, count - begin);
            begin();
            finish(firsts, 0, source, from + begin * stride, stride, 0, length, lanes);
            write(lanes, target, to + begin * targetStride, targetStride);
        }
    }

    void begin() {
        Compression.begin(state, 0);
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
     * Takes in the full blocks of a piece of each message. The last byte of the piece is left over: it is the first of the next.
     *
     * @param firsts the byte before the piece, of lane {@code i} at {@code firstsAt + i}
     * @param before bytes of the message before that, a multiple of 128
     * @param length bytes of the piece, a multiple of 128
     */
    void absorb(byte[] firsts, int firstsAt, byte[] source, int at, int stride, int before, int length, int lanes) {
        for (int done = 0; done < length; done += BLOCK_BYTES) {
            for (int lane = 0; lane < lanes; lane++) {
                fill(lane, firsts[firstsAt + lane] & 0xff, source, at + lane * stride, done);
            }
            compression.compress(state, 0, block, 0, before + done + BLOCK_BYTES, 0);
        }
    }

    /** Takes in the last piece of each message, of any length. */
    void finish(byte[] firsts, int firstsAt, byte[] source, int at, int stride, int before, int length, int lanes) {
        int full = length / BLOCK_BYTES * BLOCK_BYTES; // with the byte before the piece, something is always left
        absorb(firsts, firstsAt, source, at, stride, before, full, lanes);
        for (int lane = 0; lane < lanes; lane++) {
            fillLast(lane, firsts[firstsAt + lane] & 0xff, source, at + lane * stride, full, length);
        }
        compression.compress(state, 0, block, 0, before + length + 1, -1);
    }

    void write(int lanes, byte[] target, int to, int stride) {
        for (int lane = 0; lane < lanes; lane++) {
            for (int word = 0; word < HASH / Long.BYTES; word++) {
                LONG.set(target, to + lane * stride + word * Long.BYTES, state[word * LANES + lane]);
            }
        }
    }

    /** A full block: bytes {@code done} to {@code done + 127} of the message, whose byte 0 is {@code first}. */
    private void fill(int lane, int first, byte[] source, int at, int done) {
        int from = at + done - 1;
        block[lane] = done == 0 ? (long) LONG.get(source, at) << 8 | first : (long) LONG.get(source, from);
        for (int word = 1; word < WORDS; word++) {
            block[word * LANES + lane] = (long) LONG.get(source, from + word * Long.BYTES);
        }
    }

    /** The last block, filled up with zeros. */
    private void fillLast(int lane, int first, byte[] source, int at, int done, int length) {
        int from = at + done - 1;
        int bytes = length + 1 - done; // 1 to 128
        int word = 0;
        if (done == 0) {
            block[lane] = partial(source, at, Math.min(length, 7)) << 8 | first;
            word = 1;
        }
        int full = bytes / Long.BYTES;
        for (; word < full; word++) {
            block[word * LANES + lane] = (long) LONG.get(source, from + word * Long.BYTES);
        }
        if (word == full && word < WORDS) {
            block[word * LANES + lane] = partial(source, from + word * Long.BYTES, bytes % Long.BYTES);
            word++;
        }
        for (; word < WORDS; word++) {
            block[word * LANES + lane] = 0;
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
