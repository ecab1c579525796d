package dev.vibrissa.redstuff.code;

/**
 * Multiplication by two look-ups per element: the product is linear, so the products of the low and of the high byte add
 * up. 1 KiB of tables per factor.
 */
final class ScalarMultipliers extends Multipliers {
    private static final int BYTES = 256;

    /** For each factor 256 products of low bytes, then 256 of high bytes. */
    private final char[] products;

    ScalarMultipliers(int[] logs) {
        products = new char[logs.length * 2 * BYTES];
        for (int g = 0; g < logs.length; g++) {
            if (logs[g] == GaloisField.MODULUS) {
                continue;
            }
            int low = g * 2 * BYTES;
            int high = low + BYTES;
            for (int bit = 0; bit < 8; bit++) {
                int value = 1 << bit;
                char ofLow = (char) GaloisField.multiply(value, logs[g]);
                char ofHigh = (char) GaloisField.multiply(value << 8, logs[g]);
                for (int rest = 0; rest < value; rest++) {
                    products[low + value + rest] = (char) (products[low + rest] ^ ofLow);
                    products[high + value + rest] = (char) (products[high + rest] ^ ofHigh);
                }
            }
        }
    }

    private static int tableOf(int g) {
        return g * 2 * BYTES;
    }

    @Override
    void multiply(byte[] w, int at, int length, int g) {
        int table = tableOf(g);
        for (int block = at; block < at + length; block += BLOCK) {
            for (int i = block; i < block + HALF; i++) {
                int product = product(table, w[i] & 0xff, w[i + HALF] & 0xff);
                w[i] = (byte) product;
                w[i + HALF] = (byte) (product >>> 8);
            }
        }
    }

    private int product(int table, int low, int high) {
        return products[table + low] ^ products[table + BYTES + high];
    }

    /** {@code w[a..] ^= w[b..] * g}. */
    private void multiplyAdd(byte[] w, int a, int b, int length, int g) {
        int table = tableOf(g);
        for (int block = 0; block < length; block += BLOCK) {
            for (int i = block; i < block + HALF; i++) {
                int product = product(table, w[b + i] & 0xff, w[b + i + HALF] & 0xff);
                w[a + i] ^= (byte) product;
                w[a + i + HALF] ^= (byte) (product >>> 8);
            }
        }
    }

    private static void add(byte[] w, int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            w[a + i] ^= w[b + i];
        }
    }

    @Override
    void fft2(byte[] w, int a, int step, int length, int g) {
        multiplyAdd(w, a, a + step, length, g);
        add(w, a + step, a, length);
    }

    @Override
    void ifft2(byte[] w, int a, int step, int length, int g) {
        add(w, a + step, a, length);
        multiplyAdd(w, a, a + step, length, g);
    }
}
