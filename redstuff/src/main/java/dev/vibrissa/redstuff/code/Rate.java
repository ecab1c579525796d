package dev.vibrissa.redstuff.code;

/**
 * Which side of the code is transformed in pieces; the choice is part of the format.
 *
 * <p>In the code of high rate recovery symbols are the values at points 0 and up, originals follow from the next power of
 * two on; in the code of low rate it is the other way round.
 *
 * @see "reed-solomon-simd 3.1.0, src/rate/rate_default.rs"
 */
public enum Rate {
    HIGH,
    LOW;

    /**
     * The rate that Walrus uses for so many symbols. Where the powers of two are equal the choice is the reverse of what one
     * would expect; nothing in Walrus reaches the lower half of that case.
     */
    public static Rate of(int originals, int recovery) {
        int k = ceilPowerOfTwo(originals);
        int m = ceilPowerOfTwo(recovery);
        if (k == m) {
            return originals <= recovery ? HIGH : LOW;
        }
        return k < m ? LOW : HIGH;
    }

    /** The least power of two that is not less than {@code x}, 1 to 2^30. */
    static int ceilPowerOfTwo(int x) {
        return x <= 1 ? 1 : Integer.highestOneBit(x - 1) << 1;
    }
}
