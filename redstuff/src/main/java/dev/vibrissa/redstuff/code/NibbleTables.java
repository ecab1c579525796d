package dev.vibrissa.redstuff.code;

/**
 * Products of the four nibbles of an element, as byte shuffles want them.
 *
 * <p>With {@code n0 … n3} the nibbles from the lowest on, a factor has eight tables of 16 bytes in this order: low(n0),
 * high(n2), low(n1), high(n3), high(n0), low(n2), high(n1), low(n3), where low and high name the byte of the product. The
 * first four keep a product's byte in the half of the block that its nibble is in; the last four cross over.
 */
final class NibbleTables {
    /** Bytes of all tables of a factor. */
    static final int PER_FACTOR = 128;

    /** A vector of 64 bytes may be read from the last tables on. */
    private static final int PADDING = 64;

    private NibbleTables() {}

    static byte[] of(int[] logs) {
        byte[] tables = new byte[logs.length * PER_FACTOR + PADDING];
        for (int g = 0; g < logs.length; g++) {
            if (logs[g] == GaloisField.MODULUS) {
                continue; // times zero
            }
            int at = g * PER_FACTOR;
            for (int value = 1; value < 16; value++) {
                int p0 = GaloisField.multiply(value, logs[g]);
                int p1 = GaloisField.multiply(value << 4, logs[g]);
                int p2 = GaloisField.multiply(value << 8, logs[g]);
                int p3 = GaloisField.multiply(value << 12, logs[g]);
                tables[at + value] = (byte) p0;
                tables[at + 16 + value] = (byte) (p2 >>> 8);
                tables[at + 32 + value] = (byte) p1;
                tables[at + 48 + value] = (byte) (p3 >>> 8);
                tables[at + 64 + value] = (byte) (p0 >>> 8);
                tables[at + 80 + value] = (byte) p2;
                tables[at + 96 + value] = (byte) (p1 >>> 8);
                tables[at + 112 + value] = (byte) p3;
            }
        }
        return tables;
    }
}
