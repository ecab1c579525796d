package dev.vibrissa.redstuff.code;

import dev.vibrissa.redstuff.kernel.Kernel;

/**
 * A set of constant factors with tables that make multiplying by them fast, and the steps of the transforms that use
 * them.
 *
 * <p>Data is in blocks of 64 bytes: 32 low bytes, then the 32 high bytes of 32 field elements. All offsets and lengths are
 * in bytes; lengths and steps are multiples of 64. A factor is named by its place in the set; factor zero is allowed.
 */
abstract class Multipliers {
    /** Bytes of a block of 32 elements. */
    static final int BLOCK = 64;

    /** Bytes of each of four rows that two layers work on before they go on: together they stay in a first-level cache. */
    private static final int TILE = 4096;

    /** Elements in a block, and where its high bytes begin. */
    static final int HALF = 32;

    /**
     * The factors with these logarithms, 65535 for zero.
     *
     * @throws NoClassDefFoundError if {@code kernel} needs vectors and there are none
     */
    static Multipliers of(Kernel kernel, int[] logs) {
        return switch (kernel) {
            case SCALAR -> new ScalarMultipliers(logs);
            case NARROW -> new NarrowMultipliers(logs);
            case WIDE -> new WideMultipliers(logs);
        };
    }

    /** {@code w[at..] *= g}. */
    abstract void multiply(byte[] w, int at, int length, int g);

    /** One layer of the transform: {@code a += b·g, b += a}, with {@code b} at {@code a + step}. */
    abstract void fft2(byte[] w, int a, int step, int length, int g);

    /** One layer of the inverse transform: {@code b += a, a += b·g}, with {@code b} at {@code a + step}. */
    abstract void ifft2(byte[] w, int a, int step, int length, int g);

    /**
     * Two layers of the transform at once, over four rows that lie {@code step} apart: the pairs (0, 2) and (1, 3) with
     * {@code g02}, then (0, 1) with {@code g01} and (2, 3) with {@code g23}. Tile by tile, which halves the traffic with memory.
     */
    final void fft4(byte[] w, int a, int step, int length, int g02, int g01, int g23) {
        for (int done = 0; done < length; done += TILE) {
            int tile = Math.min(TILE, length - done);
            // One call in a loop instead of four calls: inlined four times, vectors exceed the compiler's budget and
            // end up
            // as objects.
            for (int pair = 0; pair < 4; pair++) {
                int first = pair < 2 ? pair : 2 * (pair - 2);
                int g = pair < 2 ? g02 : pair == 2 ? g01 : g23;
                fft2(w, a + done + first * step, pair < 2 ? 2 * step : step, tile, g);
            }
        }
    }

    /** Two layers of the inverse transform at once: what {@link #fft4} undoes. */
    final void ifft4(byte[] w, int a, int step, int length, int g02, int g01, int g23) {
        for (int done = 0; done < length; done += TILE) {
            int tile = Math.min(TILE, length - done);
            for (int pair = 0; pair < 4; pair++) {
                int first = pair < 2 ? 2 * pair : pair - 2;
                int g = pair >= 2 ? g02 : pair == 0 ? g01 : g23;
                ifft2(w, a + done + first * step, pair < 2 ? step : 2 * step, tile, g);
            }
        }
    }
}
