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

    @Override
    void fft2(byte[] w, int a, int step, int length, int g) {
        int table = tableOf(g);
        for (int block = a; block < a + length; block += BLOCK) {
            for (int i = block; i < block + HALF; i++) {
                int low = w[i + step];
                int high = w[i + step + HALF];
                int product = product(table, low & 0xff, high & 0xff);
                int sumLow = w[i] ^ product;
                int sumHigh = w[i + HALF] ^ product >>> 8;
                w[i] = (byte) sumLow;
                w[i + HALF] = (byte) sumHigh;
                w[i + step] = (byte) (low ^ sumLow);
                w[i + step + HALF] = (byte) (high ^ sumHigh);
            }
        }
    }

    @Override
    void ifft2(byte[] w, int a, int step, int length, int g) {
        int table = tableOf(g);
        for (int block = a; block < a + length; block += BLOCK) {
            for (int i = block; i < block + HALF; i++) {
                int low = w[i + step] ^ w[i];
                int high = w[i + step + HALF] ^ w[i + HALF];
                int product = product(table, low & 0xff, high & 0xff);
                w[i + step] = (byte) low;
                w[i + step + HALF] = (byte) high;
                w[i] ^= (byte) product;
                w[i + HALF] ^= (byte) (product >>> 8);
            }
        }
    }
}
