package dev.vibrissa.redstuff.code;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A whole block of 64 bytes per vector, for machines that shuffle bytes across 512 bits (AVX-512 VBMI).
 *
 * <p>The lower half of the vector holds low bytes, the upper half high bytes. A table of 32 entries serves both: the index of
 * the upper half has 16 added. What crosses from low to high bytes is looked up in place, then the halves are swapped once.
 */
final class WideMultipliers extends Multipliers {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final ByteVector NIBBLE = ByteVector.broadcast(BYTES, 0x0f);
    private static final ByteVector UPPER = upper();
    private static final VectorShuffle<Byte> SWAP = VectorShuffle.fromOp(BYTES, i -> i ^ HALF);

    private final byte[] tables;

    WideMultipliers(int[] logs) {
        tables = NibbleTables.of(logs);
    }

    private static ByteVector upper() {
        byte[] offsets = new byte[BLOCK];
        java.util.Arrays.fill(offsets, HALF, BLOCK, (byte) 16);
        return ByteVector.fromArray(BYTES, offsets, 0);
    }

    /** {@code x} times the factor with these tables. */
    private static ByteVector product(ByteVector x, ByteVector t0, ByteVector t1, ByteVector t2, ByteVector t3) {
        ByteVector even = x.and(NIBBLE).or(UPPER);
        ByteVector odd = x.reinterpretAsShorts()
                .lanewise(VectorOperators.LSHR, 4)
                .reinterpretAsBytes()
                .and(NIBBLE)
                .or(UPPER);
        ByteVector same = even.selectFrom(t0).lanewise(VectorOperators.XOR, odd.selectFrom(t1));
        ByteVector cross = even.selectFrom(t2).lanewise(VectorOperators.XOR, odd.selectFrom(t3));
        return same.lanewise(VectorOperators.XOR, cross.rearrange(SWAP));
    }

    private ByteVector table(int g, int part) {
        return ByteVector.fromArray(BYTES, tables, g * NibbleTables.PER_FACTOR + part * 32);
    }

    @Override
    void multiply(byte[] w, int at, int length, int g) {
        ByteVector t0 = table(g, 0);
        ByteVector t1 = table(g, 1);
        ByteVector t2 = table(g, 2);
        ByteVector t3 = table(g, 3);
        for (int i = at; i < at + length; i += BLOCK) {
            product(ByteVector.fromArray(BYTES, w, i), t0, t1, t2, t3).intoArray(w, i);
        }
    }

    @Override
    void fft2(byte[] w, int a, int step, int length, int g) {
        ByteVector t0 = table(g, 0);
        ByteVector t1 = table(g, 1);
        ByteVector t2 = table(g, 2);
        ByteVector t3 = table(g, 3);
        for (int i = a; i < a + length; i += BLOCK) {
            ByteVector y = ByteVector.fromArray(BYTES, w, i + step);
            ByteVector x = ByteVector.fromArray(BYTES, w, i).lanewise(VectorOperators.XOR, product(y, t0, t1, t2, t3));
            x.intoArray(w, i);
            y.lanewise(VectorOperators.XOR, x).intoArray(w, i + step);
        }
    }

    @Override
    void ifft2(byte[] w, int a, int step, int length, int g) {
        ByteVector t0 = table(g, 0);
        ByteVector t1 = table(g, 1);
        ByteVector t2 = table(g, 2);
        ByteVector t3 = table(g, 3);
        for (int i = a; i < a + length; i += BLOCK) {
            ByteVector x = ByteVector.fromArray(BYTES, w, i);
            ByteVector y = ByteVector.fromArray(BYTES, w, i + step).lanewise(VectorOperators.XOR, x);
            y.intoArray(w, i + step);
            x.lanewise(VectorOperators.XOR, product(y, t0, t1, t2, t3)).intoArray(w, i);
        }
    }

    @Override
    void fft4(byte[] w, int a, int step, int length, int g02, int g01, int g23) {
        ByteVector a0 = table(g02, 0);
        ByteVector a1 = table(g02, 1);
        ByteVector a2 = table(g02, 2);
        ByteVector a3 = table(g02, 3);
        ByteVector b0 = table(g01, 0);
        ByteVector b1 = table(g01, 1);
        ByteVector b2 = table(g01, 2);
        ByteVector b3 = table(g01, 3);
        ByteVector c0 = table(g23, 0);
        ByteVector c1 = table(g23, 1);
        ByteVector c2 = table(g23, 2);
        ByteVector c3 = table(g23, 3);
        for (int i = a; i < a + length; i += BLOCK) {
            ByteVector x2 = ByteVector.fromArray(BYTES, w, i + 2 * step);
            ByteVector x0 =
                    ByteVector.fromArray(BYTES, w, i).lanewise(VectorOperators.XOR, product(x2, a0, a1, a2, a3));
            x2 = x2.lanewise(VectorOperators.XOR, x0);
            ByteVector x3 = ByteVector.fromArray(BYTES, w, i + 3 * step);
            ByteVector x1 =
                    ByteVector.fromArray(BYTES, w, i + step).lanewise(VectorOperators.XOR, product(x3, a0, a1, a2, a3));
            x3 = x3.lanewise(VectorOperators.XOR, x1);
            x0 = x0.lanewise(VectorOperators.XOR, product(x1, b0, b1, b2, b3));
            x0.intoArray(w, i);
            x1.lanewise(VectorOperators.XOR, x0).intoArray(w, i + step);
            x2 = x2.lanewise(VectorOperators.XOR, product(x3, c0, c1, c2, c3));
            x2.intoArray(w, i + 2 * step);
            x3.lanewise(VectorOperators.XOR, x2).intoArray(w, i + 3 * step);
        }
    }

    @Override
    void ifft4(byte[] w, int a, int step, int length, int g02, int g01, int g23) {
        ByteVector a0 = table(g02, 0);
        ByteVector a1 = table(g02, 1);
        ByteVector a2 = table(g02, 2);
        ByteVector a3 = table(g02, 3);
        ByteVector b0 = table(g01, 0);
        ByteVector b1 = table(g01, 1);
        ByteVector b2 = table(g01, 2);
        ByteVector b3 = table(g01, 3);
        ByteVector c0 = table(g23, 0);
        ByteVector c1 = table(g23, 1);
        ByteVector c2 = table(g23, 2);
        ByteVector c3 = table(g23, 3);
        for (int i = a; i < a + length; i += BLOCK) {
            ByteVector x0 = ByteVector.fromArray(BYTES, w, i);
            ByteVector x1 = ByteVector.fromArray(BYTES, w, i + step).lanewise(VectorOperators.XOR, x0);
            x0 = x0.lanewise(VectorOperators.XOR, product(x1, b0, b1, b2, b3));
            ByteVector x2 = ByteVector.fromArray(BYTES, w, i + 2 * step);
            ByteVector x3 = ByteVector.fromArray(BYTES, w, i + 3 * step).lanewise(VectorOperators.XOR, x2);
            x2 = x2.lanewise(VectorOperators.XOR, product(x3, c0, c1, c2, c3));
            x2 = x2.lanewise(VectorOperators.XOR, x0);
            x2.intoArray(w, i + 2 * step);
            x0.lanewise(VectorOperators.XOR, product(x2, a0, a1, a2, a3)).intoArray(w, i);
            x3 = x3.lanewise(VectorOperators.XOR, x1);
            x3.intoArray(w, i + 3 * step);
            x1.lanewise(VectorOperators.XOR, product(x3, a0, a1, a2, a3)).intoArray(w, i + step);
        }
    }
}
