package dev.vibrissa.redstuff.naive;

import dev.vibrissa.redstuff.code.GaloisField;
import dev.vibrissa.redstuff.code.Rate;
import java.util.BitSet;

/**
 * The Reed–Solomon code of Walrus, one codeword of field elements at a time.
 *
 * <p>With {@code W_j} the product of {@code x - e} over all {@code e < 2^j}, the polynomials of the novel basis are products of normalised
 * {@code W_j}. The transform evaluates a polynomial in that basis at {@code size} points from {@code offset} on, layer by layer: with {@code g} the value
 * of the layer's normalised {@code W_j} at the group, {@code a} becomes {@code a + g·b}, and {@code b} becomes {@code a + b}.
 *
 * @see "Lin, Chung, Han: Novel Polynomial Basis and Its Application to Reed-Solomon Erasure Codes, 2014"
 */
public final class NaiveReedSolomon {
    private final int originals;
    private final int recovery;
    private final boolean high;
    private final int chunk;

    public NaiveReedSolomon(int originals, int recovery) {
        this.originals = originals;
        this.recovery = recovery;
        high = Rate.of(originals, recovery) == Rate.HIGH;
        chunk = powerOfTwo(high ? recovery : originals);
    }

    private static int powerOfTwo(int least) {
        int power = 1;
        while (power < least) {
            power *= 2;
        }
        return power;
    }

    /**
     * Computes recovery symbols.
     *
     * @param symbols k originals of one even length
     * @return m symbols of that length
     */
    public byte[][] encode(byte[][] symbols) {
        int length = symbols[0].length;
        byte[][] result = new byte[recovery][length];
        for (int e = 0; e < length / 2; e++) {
            int[] elements = new int[originals];
            for (int i = 0; i < originals; i++) {
                elements[i] = element(symbols[i], e);
            }
            int[] encoded = encodeElements(elements);
            for (int i = 0; i < recovery; i++) {
                setElement(result[i], e, encoded[i]);
            }
        }
        return result;
    }

    /**
     * Gives the originals back.
     *
     * @param symbols k + m symbols, of which those that are not in {@code received} do not matter
     */
    public byte[][] decode(byte[][] symbols, BitSet received) {
        int length = symbols[received.nextSetBit(0)].length;
        byte[][] result = new byte[originals][length];
        for (int e = 0; e < length / 2; e++) {
            int[] elements = new int[originals + recovery];
            for (int i = received.nextSetBit(0); i >= 0; i = received.nextSetBit(i + 1)) {
                elements[i] = element(symbols[i], e);
            }
            int[] decoded = decodeElements(elements, received);
            for (int i = 0; i < originals; i++) {
                setElement(result[i], e, decoded[i]);
            }
        }
        return result;
    }

    /** Where the low byte of element {@code e} stands in a symbol: blocks of 32 low and 32 high bytes, the last one shorter. */
    private static int lowByte(int e) {
        return e / 32 * 64 + e % 32;
    }

    private static int highByte(int length, int e) {
        int block = e / 32 * 64;
        return lowByte(e) + Math.min(64, length - block) / 2;
    }

    private static int element(byte[] symbol, int e) {
        return symbol[lowByte(e)] & 0xff | (symbol[highByte(symbol.length, e)] & 0xff) << 8;
    }

    private static void setElement(byte[] symbol, int e, int value) {
        symbol[lowByte(e)] = (byte) value;
        symbol[highByte(symbol.length, e)] = (byte) (value >>> 8);
    }

    private int[] encodeElements(int[] elements) {
        int[] result = new int[recovery];
        if (high) {
            int[] sum = new int[chunk];
            for (int begin = 0; begin < originals; begin += chunk) {
                int[] part = new int[chunk];
                System.arraycopy(elements, begin, part, 0, Math.min(chunk, originals - begin));
                inverse(part, begin + chunk);
                for (int i = 0; i < chunk; i++) {
                    sum[i] ^= part[i];
                }
            }
            forward(sum, 0);
            System.arraycopy(sum, 0, result, 0, recovery);
            return result;
        }
        int[] coefficients = new int[chunk];
        System.arraycopy(elements, 0, coefficients, 0, originals);
        inverse(coefficients, 0);
        for (int begin = 0; begin < recovery; begin += chunk) {
            int[] part = coefficients.clone();
            forward(part, begin + chunk);
            System.arraycopy(part, 0, result, begin, Math.min(chunk, recovery - begin));
        }
        return result;
    }

    private int pointOf(int symbol) {
        boolean original = symbol < originals;
        if (high) {
            return original ? chunk + symbol : symbol - originals;
        }
        return original ? symbol : chunk + symbol - originals;
    }

    private int[] decodeElements(int[] elements, BitSet received) {
        int end = chunk + (high ? originals : recovery);
        int size = powerOfTwo(end);
        // Points whose value is not known. Beyond the end, values are zero in the code of high rate and unknown in that
        // of low
        // rate; between the parts it is the other way round.
        var erased = new BitSet(GaloisField.ORDER);
        erased.set(high ? recovery : end, high ? chunk : GaloisField.ORDER);
        for (int i = 0; i < originals + recovery; i++) {
            if (!received.get(i)) {
                erased.set(pointOf(i));
            }
        }
        // The locator is the product of (x - e) over all erased e: at erased points, of its derivative.
        int[] work = new int[size];
        for (int i = received.nextSetBit(0); i >= 0; i = received.nextSetBit(i + 1)) {
            work[pointOf(i)] = GaloisField.multiply(elements[i], locatorLog(erased, pointOf(i)));
        }
        inverse(work, 0);
        for (int i = 1; i < size; i++) { // the formal derivative in the novel basis
            int width = Integer.lowestOneBit(i);
            for (int j = i - width; j < i; j++) {
                work[j] ^= work[j + width];
            }
        }
        forward(work, 0);
        int[] result = new int[originals];
        for (int i = 0; i < originals; i++) {
            result[i] = received.get(i)
                    ? elements[i]
                    : GaloisField.multiply(
                            work[pointOf(i)],
                            (GaloisField.MODULUS - locatorLog(erased, pointOf(i))) % GaloisField.MODULUS);
        }
        return result;
    }

    private static int locatorLog(BitSet erased, int x) {
        long sum = 0;
        for (int e = erased.nextSetBit(0); e >= 0; e = erased.nextSetBit(e + 1)) {
            if (e != x) {
                sum += GaloisField.log(x ^ e);
            }
        }
        return (int) (sum % GaloisField.MODULUS);
    }

    private static int multiply(int x, int log) {
        return log == GaloisField.MODULUS ? 0 : GaloisField.multiply(x, log);
    }

    private static void forward(int[] w, int offset) {
        for (int distance = w.length / 2; distance >= 1; distance /= 2) {
            for (int group = 0; group < w.length; group += 2 * distance) {
                int g = GaloisField.skew(group + distance + offset - 1);
                for (int i = group; i < group + distance; i++) {
                    w[i] ^= multiply(w[i + distance], g);
                    w[i + distance] ^= w[i];
                }
            }
        }
    }

    private static void inverse(int[] w, int offset) {
        for (int distance = 1; distance < w.length; distance *= 2) {
            for (int group = 0; group < w.length; group += 2 * distance) {
                int g = GaloisField.skew(group + distance + offset - 1);
                for (int i = group; i < group + distance; i++) {
                    w[i + distance] ^= w[i];
                    w[i] ^= multiply(w[i + distance], g);
                }
            }
        }
    }
}
