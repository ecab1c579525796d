package dev.vibrissa.redstuff.code;

import java.util.Arrays;
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
        Arrays.fill(offsets, HALF, BLOCK, (byte) 16);
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

    // Two blocks at a time, and written out: these two methods must stay longer than the 325 bytecodes (FreqInlineSize)
    // up to
    // which the compiler inlines hot methods. Inlined into the loops of the transform they exceed its budget, vectors
    // end up as
    // objects, and everything takes three to twenty times as long. MultiplierSizeTest watches over it.

    @Override
    void fft2(byte[] w, int a, int step, int length, int g) {
        ByteVector t0 = table(g, 0);
        ByteVector t1 = table(g, 1);
        ByteVector t2 = table(g, 2);
        ByteVector t3 = table(g, 3);
        int end = a + length;
        int i = a;
        for (; i + BLOCK < end; i += 2 * BLOCK) {
            ByteVector y0 = ByteVector.fromArray(BYTES, w, i + step);
            ByteVector y1 = ByteVector.fromArray(BYTES, w, i + step + BLOCK);
            ByteVector x0 = ByteVector.fromArray(BYTES, w, i);
            ByteVector x1 = ByteVector.fromArray(BYTES, w, i + BLOCK);
            x0 = x0.lanewise(VectorOperators.XOR, product(y0, t0, t1, t2, t3));
            x1 = x1.lanewise(VectorOperators.XOR, product(y1, t0, t1, t2, t3));
            x0.intoArray(w, i);
            x1.intoArray(w, i + BLOCK);
            y0.lanewise(VectorOperators.XOR, x0).intoArray(w, i + step);
            y1.lanewise(VectorOperators.XOR, x1).intoArray(w, i + step + BLOCK);
        }
        if (i < end) {
            ByteVector y = ByteVector.fromArray(BYTES, w, i + step);
            ByteVector even = y.and(NIBBLE).or(UPPER);
            ByteVector odd = y.reinterpretAsShorts()
                    .lanewise(VectorOperators.LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE)
                    .or(UPPER);
            ByteVector same = even.selectFrom(t0).lanewise(VectorOperators.XOR, odd.selectFrom(t1));
            ByteVector cross = even.selectFrom(t2).lanewise(VectorOperators.XOR, odd.selectFrom(t3));
            ByteVector x = ByteVector.fromArray(BYTES, w, i)
                    .lanewise(VectorOperators.XOR, same)
                    .lanewise(VectorOperators.XOR, cross.rearrange(SWAP));
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
        int end = a + length;
        int i = a;
        for (; i + BLOCK < end; i += 2 * BLOCK) {
            ByteVector x0 = ByteVector.fromArray(BYTES, w, i);
            ByteVector x1 = ByteVector.fromArray(BYTES, w, i + BLOCK);
            ByteVector y0 = ByteVector.fromArray(BYTES, w, i + step).lanewise(VectorOperators.XOR, x0);
            ByteVector y1 = ByteVector.fromArray(BYTES, w, i + step + BLOCK).lanewise(VectorOperators.XOR, x1);
            y0.intoArray(w, i + step);
            y1.intoArray(w, i + step + BLOCK);
            x0.lanewise(VectorOperators.XOR, product(y0, t0, t1, t2, t3)).intoArray(w, i);
            x1.lanewise(VectorOperators.XOR, product(y1, t0, t1, t2, t3)).intoArray(w, i + BLOCK);
        }
        if (i < end) {
            ByteVector x = ByteVector.fromArray(BYTES, w, i);
            ByteVector y = ByteVector.fromArray(BYTES, w, i + step).lanewise(VectorOperators.XOR, x);
            y.intoArray(w, i + step);
            ByteVector even = y.and(NIBBLE).or(UPPER);
            ByteVector odd = y.reinterpretAsShorts()
                    .lanewise(VectorOperators.LSHR, 4)
                    .reinterpretAsBytes()
                    .and(NIBBLE)
                    .or(UPPER);
            ByteVector same = even.selectFrom(t0).lanewise(VectorOperators.XOR, odd.selectFrom(t1));
            ByteVector cross = even.selectFrom(t2).lanewise(VectorOperators.XOR, odd.selectFrom(t3));
            x.lanewise(VectorOperators.XOR, same)
                    .lanewise(VectorOperators.XOR, cross.rearrange(SWAP))
                    .intoArray(w, i);
        }
    }
}
