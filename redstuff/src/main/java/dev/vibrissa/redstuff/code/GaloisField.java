package dev.vibrissa.redstuff.code;

/**
 * GF(2^16) in the Cantor basis, by logarithms.
 *
 * <p>The field is that of the polynomial {@code x^16 + x^5 + x^3 + x^2 + 1}. An element is 16 coordinates over a Cantor
 * basis, so that addition is XOR and the additive Fourier transform needs only the <em>skew</em> factors below.
 * Multiplication goes through logarithms to the base of the generator {@code x}. Both 0 and 65535 stand for the
 * exponent zero in sums; as a factor's logarithm, 65535 means that the factor is zero.
 *
 * @see "Lin, Chung, Han: Novel Polynomial Basis and Its Application to Reed-Solomon Erasure Codes, 2014"
 * @see "reed-solomon-simd 3.1.0, src/engine/tables.rs"
 */
public final class GaloisField {
    /** Elements of the field. */
    public static final int ORDER = 1 << 16;

    /** Order of the multiplicative group, and the logarithm that stands for the factor zero. */
    public static final int MODULUS = ORDER - 1;

    private static final int BITS = 16;
    private static final int POLYNOMIAL = 0x1002D;
    private static final int[] CANTOR_BASIS = {
        0x0001, 0xACCA, 0x3C0E, 0x163E, 0xC582, 0xED2E, 0x914C, 0x4012,
        0x6C98, 0x10D8, 0x6A72, 0xB900, 0xFDB8, 0xFB34, 0xFF38, 0x991E
    };

    private static final char[] LOG = new char[ORDER];
    private static final char[] EXP = new char[ORDER];
    private static final char[] SKEW = new char[MODULUS];

    static {
        fillLogarithms();
        fillSkew();
    }

    private GaloisField() {}

    private static void fillLogarithms() {
        char[] exponentOf = new char[ORDER]; // of elements written in the polynomial basis
        int state = 1;
        for (int i = 0; i < MODULUS; i++) {
            exponentOf[state] = (char) i;
            state <<= 1;
            if (state >= ORDER) {
                state ^= POLYNOMIAL;
            }
        }
        exponentOf[0] = MODULUS;
        for (int i = 0; i < BITS; i++) {
            int width = 1 << i;
            for (int j = 0; j < width; j++) {
                LOG[j + width] = (char) (LOG[j] ^ CANTOR_BASIS[i]); // in the polynomial basis, for the moment
            }
        }
        for (int x = 0; x < ORDER; x++) {
            LOG[x] = exponentOf[LOG[x]];
        }
        for (int x = 0; x < ORDER; x++) {
            EXP[LOG[x]] = (char) x;
        }
        EXP[MODULUS] = EXP[0];
    }

    private static void fillSkew() {
        int[] t = new int[BITS - 1];
        for (int i = 0; i < t.length; i++) {
            t[i] = 1 << (i + 1);
        }
        for (int m = 0; m < t.length; m++) {
            int step = 1 << (m + 1);
            SKEW[(1 << m) - 1] = 0;
            for (int i = m; i < t.length; i++) {
                int span = 1 << (i + 1);
                for (int j = (1 << m) - 1; j < span; j += step) {
                    SKEW[j + span] = (char) (SKEW[j] ^ t[i]);
                }
            }
            t[m] = MODULUS - LOG[multiply(t[m], LOG[t[m] ^ 1])];
            for (int i = m + 1; i < t.length; i++) {
                t[i] = multiply(t[i], addLog(LOG[t[i] ^ 1], t[m]));
            }
        }
        for (int i = 0; i < MODULUS; i++) {
            SKEW[i] = LOG[SKEW[i]];
        }
    }

    /** The logarithm of {@code x}, 0 to 65534; 65535 for zero. */
    public static int log(int x) {
        return LOG[x];
    }

    /** The element whose logarithm is {@code log}, 0 to 65535; 65535 counts as the exponent zero here. */
    public static int exp(int log) {
        return EXP[log];
    }

    /** The logarithm of the twiddle factor at {@code index}, 0 to 65534; 65535 where the factor is zero. */
    public static int skew(int index) {
        return SKEW[index];
    }

    /** The Walsh–Hadamard transform of the logarithms, with 0 as that of zero: what finding erasures rests on. A copy. */
    public static int[] walshOfLogarithms() {
        return ErrorLocator.walshOfLogarithms();
    }

    /** {@code x} times the element whose logarithm is {@code log}, which must not be that of zero. */
    public static int multiply(int x, int log) {
        return x == 0 ? 0 : EXP[addLog(LOG[x], log)];
    }

    /** The sum of two exponents modulo 65535, where 65535 may stand for 0. */
    static int addLog(int a, int b) {
        int sum = a + b;
        return (sum + (sum >>> BITS)) & MODULUS;
    }

    /** The difference of two exponents modulo 65535, where 65535 may stand for 0. */
    static int subtractLog(int a, int b) {
        int difference = a - b;
        return (difference + (difference >>> BITS)) & MODULUS;
    }
}
