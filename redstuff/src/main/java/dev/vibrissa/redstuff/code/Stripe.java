package dev.vibrissa.redstuff.code;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How several symbols lie side by side in one row of a transform, so that few, long rows are worked on instead of many
 * short ones.
 *
 * <p>A symbol of {@code s} bytes holds {@code s/2} elements: each full 64 bytes are 32 low bytes, then the 32 high bytes; what is
 * left over, {@code t} bytes, is {@code t/2} low bytes, then as many high bytes. In a row everything is in full blocks. A
 * symbol of 64 bytes or more takes whole blocks of its own, its tail spread over the last one. Smaller symbols, which are
 * all tail, share blocks: their low bytes follow one another, and so do their high bytes.
 *
 * @param symbolBytes {@code s}, even
 * @param symbols how many symbols lie in a row
 */
record Stripe(int symbolBytes, int symbols) {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int BLOCK = Multipliers.BLOCK;
    private static final int HALF = Multipliers.HALF;

    Stripe {
        if (symbolBytes < 2 || symbolBytes % 2 != 0 || symbols < 1) {
            throw new IllegalArgumentException("%d symbols of %d bytes".formatted(symbols, symbolBytes));
        }
    }

    /** As many symbols as fit into about {@code rowBytes}, at least one, at most {@code available}. */
    static Stripe fitting(int symbolBytes, int rowBytes, int available) {
        int perSymbol = symbolBytes < BLOCK ? symbolBytes : roundUp(symbolBytes);
        return new Stripe(symbolBytes, Math.clamp(rowBytes / perSymbol, 1, available));
    }

    private static int roundUp(int bytes) {
        return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    private boolean shared() {
        return symbolBytes < BLOCK;
    }

    /** Bytes of a row, a multiple of 64. */
    int rowBytes() {
        return shared() ? roundUp(symbols * symbolBytes) : symbols * roundUp(symbolBytes);
    }

    /** Puts {@code count} symbols that follow one another in {@code source} into the row at {@code at}, from {@code slot} on. */
    void pack(byte[] source, int from, int count, byte[] row, int at, int slot) {
        if (shared()) {
            int half = symbolBytes / 2;
            packShared(source, from, count, half, row, at, slot * half);
            return;
        }
        int full = symbolBytes / BLOCK * BLOCK;
        int half = (symbolBytes - full) / 2;
        int width = roundUp(symbolBytes);
        for (int i = 0; i < count; i++) {
            int in = from + i * symbolBytes;
            int out = at + (slot + i) * width;
            System.arraycopy(source, in, row, out, full + half);
            if (half > 0) {
                System.arraycopy(source, in + full + half, row, out + full + HALF, half);
            }
        }
    }

    /** Takes {@code count} symbols from {@code slot} on out of the row at {@code at}, one after the other. */
    void unpack(byte[] row, int at, int slot, int count, byte[] target, int to) {
        if (shared()) {
            int half = symbolBytes / 2;
            unpackShared(row, at, slot * half, count, half, target, to);
            return;
        }
        int full = symbolBytes / BLOCK * BLOCK;
        int half = (symbolBytes - full) / 2;
        int width = roundUp(symbolBytes);
        for (int i = 0; i < count; i++) {
            int in = at + (slot + i) * width;
            int out = to + i * symbolBytes;
            System.arraycopy(row, in, target, out, full + half);
            if (half > 0) {
                System.arraycopy(row, in + full + HALF, target, out + full + half, half);
            }
        }
    }

    /** Packs {@code count} symbols of {@code half} elements from element {@code element} of the row on; blocks have 32. */
    private static void packShared(byte[] source, int from, int count, int half, byte[] row, int at, int element) {
        int in = from;
        int out = at + element / HALF * BLOCK + element % HALF;
        for (int symbol = 0; symbol < count; symbol++) {
            for (int end = in + half; in < end; in++) {
                row[out] = source[in];
                row[out + HALF] = source[in + half];
                out = (out + 1 - at) % HALF == 0 ? out + 1 + HALF : out + 1;
            }
            in += half;
        }
    }

    private static void unpackShared(byte[] row, int at, int element, int count, int half, byte[] target, int to) {
        int in = at + element / HALF * BLOCK + element % HALF;
        int out = to;
        for (int symbol = 0; symbol < count; symbol++) {
            for (int end = out + half; out < end; out++) {
                target[out] = row[in];
                target[out + half] = row[in + HALF];
                in = (in + 1 - at) % HALF == 0 ? in + 1 + HALF : in + 1;
            }
            out += half;
        }
    }

    /** {@code target[to..] ^= source[from..]}. */
    static void add(byte[] target, int to, byte[] source, int from, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            LONG.set(target, to + i, (long) LONG.get(target, to + i) ^ (long) LONG.get(source, from + i));
        }
    }
}
