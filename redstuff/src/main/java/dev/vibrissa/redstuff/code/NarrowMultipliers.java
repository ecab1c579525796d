package dev.vibrissa.redstuff.code;

import java.util.Objects;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * 16 elements at a time, low and high bytes in a vector of 128 bits each: the byte shuffle that every machine with vectors
 * has (SSSE3, NEON).
 */
final class NarrowMultipliers extends Multipliers {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final int LANES = 16;
    private static final ByteVector NIBBLE = ByteVector.broadcast(BYTES, 0x0f);

    private final byte[] tables;

    NarrowMultipliers(int[] logs) {
        tables = NibbleTables.of(logs);
    }

    private ByteVector table(int g, int part) {
        return ByteVector.fromArray(BYTES, tables, g * NibbleTables.PER_FACTOR + part * 16);
    }

    /** The upper nibble of each byte. */
    private static ByteVector odd(ByteVector x) {
        return x.reinterpretAsShorts()
                .lanewise(VectorOperators.LSHR, 4)
                .reinterpretAsBytes()
                .and(NIBBLE);
    }

    private static ByteVector sum(
            ByteVector n0,
            ByteVector t0,
            ByteVector n1,
            ByteVector t1,
            ByteVector n2,
            ByteVector t2,
            ByteVector n3,
            ByteVector t3) {
        ByteVector low = n0.selectFrom(t0).lanewise(VectorOperators.XOR, n1.selectFrom(t1));
        ByteVector high = n2.selectFrom(t2).lanewise(VectorOperators.XOR, n3.selectFrom(t3));
        return low.lanewise(VectorOperators.XOR, high);
    }

    @Override
    void multiply(byte[] w, int at, int length, int g) {
        ByteVector l0 = table(g, 0);
        ByteVector h2 = table(g, 1);
        ByteVector l1 = table(g, 2);
        ByteVector h3 = table(g, 3);
        ByteVector h0 = table(g, 4);
        ByteVector l2 = table(g, 5);
        ByteVector h1 = table(g, 6);
        ByteVector l3 = table(g, 7);
        for (int block = at; block < at + length; block += BLOCK) {
            for (int i = block; i < block + HALF; i += LANES) {
                ByteVector low = ByteVector.fromArray(BYTES, w, i);
                ByteVector high = ByteVector.fromArray(BYTES, w, i + HALF);
                ByteVector n0 = low.and(NIBBLE);
                ByteVector n1 = odd(low);
                ByteVector n2 = high.and(NIBBLE);
                ByteVector n3 = odd(high);
                sum(n0, l0, n1, l1, n2, l2, n3, l3).intoArray(w, i);
                sum(n0, h0, n1, h1, n2, h2, n3, h3).intoArray(w, i + HALF);
            }
        }
    }

    // Like those of WideMultipliers, these two methods must be longer than 325 bytecodes.

    @Override
    void fft2(byte[] w, int a, int step, int length, int g) {
        Objects.checkFromIndexSize(a, length, w.length);
        Objects.checkFromIndexSize(a + step, length, w.length);
        ByteVector l0 = table(g, 0);
        ByteVector h2 = table(g, 1);
        ByteVector l1 = table(g, 2);
        ByteVector h3 = table(g, 3);
        ByteVector h0 = table(g, 4);
        ByteVector l2 = table(g, 5);
        ByteVector h1 = table(g, 6);
        ByteVector l3 = table(g, 7);
        for (int block = a; block < a + length; block += BLOCK) {
            for (int i = block; i < block + HALF; i += LANES) {
                int j = i + step;
                ByteVector low = ByteVector.fromArray(BYTES, w, j);
                ByteVector high = ByteVector.fromArray(BYTES, w, j + HALF);
                ByteVector n0 = low.and(NIBBLE);
                ByteVector n1 = odd(low);
                ByteVector n2 = high.and(NIBBLE);
                ByteVector n3 = odd(high);
                ByteVector aLow = ByteVector.fromArray(BYTES, w, i)
                        .lanewise(VectorOperators.XOR, sum(n0, l0, n1, l1, n2, l2, n3, l3));
                ByteVector aHigh = ByteVector.fromArray(BYTES, w, i + HALF)
                        .lanewise(VectorOperators.XOR, sum(n0, h0, n1, h1, n2, h2, n3, h3));
                aLow.intoArray(w, i);
                aHigh.intoArray(w, i + HALF);
                low.lanewise(VectorOperators.XOR, aLow).intoArray(w, j);
                high.lanewise(VectorOperators.XOR, aHigh).intoArray(w, j + HALF);
            }
        }
    }

    @Override
    void ifft2(byte[] w, int a, int step, int length, int g) {
        Objects.checkFromIndexSize(a, length, w.length);
        Objects.checkFromIndexSize(a + step, length, w.length);
        ByteVector l0 = table(g, 0);
        ByteVector h2 = table(g, 1);
        ByteVector l1 = table(g, 2);
        ByteVector h3 = table(g, 3);
        ByteVector h0 = table(g, 4);
        ByteVector l2 = table(g, 5);
        ByteVector h1 = table(g, 6);
        ByteVector l3 = table(g, 7);
        for (int block = a; block < a + length; block += BLOCK) {
            for (int i = block; i < block + HALF; i += LANES) {
                int j = i + step;
                ByteVector aLow = ByteVector.fromArray(BYTES, w, i);
                ByteVector aHigh = ByteVector.fromArray(BYTES, w, i + HALF);
                ByteVector low = ByteVector.fromArray(BYTES, w, j).lanewise(VectorOperators.XOR, aLow);
                ByteVector high = ByteVector.fromArray(BYTES, w, j + HALF).lanewise(VectorOperators.XOR, aHigh);
                low.intoArray(w, j);
                high.intoArray(w, j + HALF);
                ByteVector n0 = low.and(NIBBLE);
                ByteVector n1 = odd(low);
                ByteVector n2 = high.and(NIBBLE);
                ByteVector n3 = odd(high);
                aLow.lanewise(VectorOperators.XOR, sum(n0, l0, n1, l1, n2, l2, n3, l3))
                        .intoArray(w, i);
                aHigh.lanewise(VectorOperators.XOR, sum(n0, h0, n1, h1, n2, h2, n3, h3))
                        .intoArray(w, i + HALF);
            }
        }
    }
}
