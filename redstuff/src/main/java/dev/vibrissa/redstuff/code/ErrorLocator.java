package dev.vibrissa.redstuff.code;

import java.util.BitSet;

/**
 * The polynomial that is zero exactly at the erased positions, evaluated at all 65536 points, as logarithms.
 *
 * <p>At a point {@code x} it is the product of {@code x - e} over all erased {@code e}. In logarithms that is a sum over
 * {@code x XOR e}, a convolution over XOR, which the Walsh–Hadamard transform makes a product.
 *
 * @see "reed-solomon-simd 3.1.0, src/engine/fwht.rs"
 */
final class ErrorLocator {
    private static final int[] LOG_WALSH = logWalsh();

    private ErrorLocator() {}

    private static int[] logWalsh() {
        int[] logs = new int[GaloisField.ORDER];
        for (int x = 1; x < logs.length; x++) {
            logs[x] = GaloisField.log(x);
        }
        walshHadamard(logs);
        return logs;
    }

    /** Transformed logarithms, for comparison with known ones. */
    static int[] walshOfLogarithms() {
        return LOG_WALSH.clone();
    }

    /** Logarithms, 0 to 65535, by position; those of erased positions belong to the derivative there. */
    static int[] logarithms(BitSet erased) {
        int[] values = new int[GaloisField.ORDER];
        erased.stream().forEach(x -> values[x] = 1);
        walshHadamard(values);
        for (int i = 0; i < values.length; i++) {
            int product = values[i] * LOG_WALSH[i]; // below 2^32: unsigned
            values[i] = GaloisField.addLog(product & GaloisField.MODULUS, product >>> 16);
        }
        walshHadamard(values);
        return values;
    }

    private static void walshHadamard(int[] values) {
        for (int distance = 1; distance < values.length; distance *= 2) {
            for (int r = 0; r < values.length; r += 2 * distance) {
                for (int i = r; i < r + distance; i++) {
                    int a = values[i];
                    int b = values[i + distance];
                    values[i] = GaloisField.addLog(a, b);
                    values[i + distance] = GaloisField.subtractLog(a, b);
                }
            }
        }
    }
}
