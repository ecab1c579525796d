package dev.vibrissa.redstuff.code;

/**
 * The additive Fourier transform over rows of field elements, and its inverse, in place.
 *
 * <p>Row {@code i} of a transform begins at {@code from + i · rowBytes}. The size is a power of two. {@code offset} is the point at which
 * the transform begins; {@code count} says how many rows matter: in the inverse transform the rows from there on are zero,
 * in the transform they are not needed. Two layers are worked on at once, which leaves half of the traffic with memory.
 *
 * @see "reed-solomon-simd 3.1.0, src/engine/engine_naive.rs"
 */
final class Transform {
    private final Multipliers skew;

    /** @param skew factors by skew index */
    Transform(Multipliers skew) {
        this.skew = skew;
    }

    void forward(byte[] w, int from, int rowBytes, int size, int count, int offset) {
        int distance = size / 2;
        for (; distance >= 2; distance /= 4) {
            int d = distance / 2;
            int step = d * rowBytes;
            for (int r = 0; r < count; r += 2 * distance) {
                skew.fft4(
                        w,
                        from + r * rowBytes,
                        step,
                        step,
                        r + distance + offset - 1,
                        r + d + offset - 1,
                        r + distance + d + offset - 1);
            }
        }
        if (distance == 1) {
            for (int r = 0; r < count; r += 2) {
                skew.fft2(w, from + r * rowBytes, rowBytes, rowBytes, r + offset);
            }
        }
    }

    void inverse(byte[] w, int from, int rowBytes, int size, int count, int offset) {
        int distance = 1;
        for (; distance * 4 <= size; distance *= 4) {
            int step = distance * rowBytes;
            for (int r = 0; r < count; r += 4 * distance) {
                skew.ifft4(
                        w,
                        from + r * rowBytes,
                        step,
                        step,
                        r + 2 * distance + offset - 1,
                        r + distance + offset - 1,
                        r + 3 * distance + offset - 1);
            }
        }
        if (distance * 2 <= size) {
            int step = distance * rowBytes;
            for (int r = 0; r < count; r += 2 * distance) {
                skew.ifft2(w, from + r * rowBytes, step, step, r + distance + offset - 1);
            }
        }
    }
}
