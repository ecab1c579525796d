package dev.vibrissa.redstuff.hash;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The compression function over eight hashes at once, one per lane of a vector, or over as many as the machine has lanes.
 *
 * <p>The 16 words of the working state are 16 vectors in registers; message words are read from memory where they are used.
 */
final class VectorCompression extends Compression {
    private static final VectorSpecies<Long> LONGS =
            LongVector.SPECIES_PREFERRED.length() > LANES ? LongVector.SPECIES_512 : LongVector.SPECIES_PREFERRED;

    private static final LongVector EVEN = places(0, 8, 2, 10, 4, 12, 6, 14);
    private static final LongVector ODD = places(1, 9, 3, 11, 5, 13, 7, 15);
    private static final LongVector EVEN_PAIRS = places(0, 1, 8, 9, 4, 5, 12, 13);
    private static final LongVector ODD_PAIRS = places(2, 3, 10, 11, 6, 7, 14, 15);
    private static final LongVector LOWER = places(0, 1, 2, 3, 8, 9, 10, 11);
    private static final LongVector UPPER = places(4, 5, 6, 7, 12, 13, 14, 15);

    @Override
    void compress(long[] state, int stateAt, long[] blocks, int blocksAt, long total, long last) {
        for (int lane = 0; lane < LANES; lane += LONGS.length()) {
            int at = stateAt + lane;
            int from = blocksAt + lane;
            LongVector v0 = LongVector.fromArray(LONGS, state, at);
            LongVector v1 = LongVector.fromArray(LONGS, state, at + 1 * LANES);
            LongVector v2 = LongVector.fromArray(LONGS, state, at + 2 * LANES);
            LongVector v3 = LongVector.fromArray(LONGS, state, at + 3 * LANES);
            LongVector v4 = LongVector.fromArray(LONGS, state, at + 4 * LANES);
            LongVector v5 = LongVector.fromArray(LONGS, state, at + 5 * LANES);
            LongVector v6 = LongVector.fromArray(LONGS, state, at + 6 * LANES);
            LongVector v7 = LongVector.fromArray(LONGS, state, at + 7 * LANES);
            LongVector v8 = LongVector.broadcast(LONGS, IV0);
            LongVector v9 = LongVector.broadcast(LONGS, IV1);
            LongVector v10 = LongVector.broadcast(LONGS, IV2);
            LongVector v11 = LongVector.broadcast(LONGS, IV3);
            LongVector v12 = LongVector.broadcast(LONGS, IV4 ^ total);
            LongVector v13 = LongVector.broadcast(LONGS, IV5);
            LongVector v14 = LongVector.broadcast(LONGS, IV6 ^ last);
            LongVector v15 = LongVector.broadcast(LONGS, IV7);
            for (int r = 0; r < SIGMA.length; r += 16) {
                v0 = v0.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r]))
                        .add(v4);
                v12 = v12.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 32);
                v8 = v8.add(v12);
                v4 = v4.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 24);
                v0 = v0.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 1]))
                        .add(v4);
                v12 = v12.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 16);
                v8 = v8.add(v12);
                v4 = v4.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 63);
                v1 = v1.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 2]))
                        .add(v5);
                v13 = v13.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 32);
                v9 = v9.add(v13);
                v5 = v5.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 24);
                v1 = v1.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 3]))
                        .add(v5);
                v13 = v13.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 16);
                v9 = v9.add(v13);
                v5 = v5.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 63);
                v2 = v2.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 4]))
                        .add(v6);
                v14 = v14.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 32);
                v10 = v10.add(v14);
                v6 = v6.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 24);
                v2 = v2.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 5]))
                        .add(v6);
                v14 = v14.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 16);
                v10 = v10.add(v14);
                v6 = v6.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 63);
                v3 = v3.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 6]))
                        .add(v7);
                v15 = v15.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 32);
                v11 = v11.add(v15);
                v7 = v7.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 24);
                v3 = v3.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 7]))
                        .add(v7);
                v15 = v15.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 16);
                v11 = v11.add(v15);
                v7 = v7.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 63);
                v0 = v0.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 8]))
                        .add(v5);
                v15 = v15.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 32);
                v10 = v10.add(v15);
                v5 = v5.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 24);
                v0 = v0.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 9]))
                        .add(v5);
                v15 = v15.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 16);
                v10 = v10.add(v15);
                v5 = v5.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 63);
                v1 = v1.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 10]))
                        .add(v6);
                v12 = v12.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 32);
                v11 = v11.add(v12);
                v6 = v6.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 24);
                v1 = v1.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 11]))
                        .add(v6);
                v12 = v12.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 16);
                v11 = v11.add(v12);
                v6 = v6.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 63);
                v2 = v2.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 12]))
                        .add(v7);
                v13 = v13.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 32);
                v8 = v8.add(v13);
                v7 = v7.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 24);
                v2 = v2.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 13]))
                        .add(v7);
                v13 = v13.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 16);
                v8 = v8.add(v13);
                v7 = v7.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 63);
                v3 = v3.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 14]))
                        .add(v4);
                v14 = v14.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 32);
                v9 = v9.add(v14);
                v4 = v4.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 24);
                v3 = v3.add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 15]))
                        .add(v4);
                v14 = v14.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 16);
                v9 = v9.add(v14);
                v4 = v4.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 63);
            }
            LongVector.fromArray(LONGS, state, at)
                    .lanewise(VectorOperators.XOR, v0)
                    .lanewise(VectorOperators.XOR, v8)
                    .intoArray(state, at);
            LongVector.fromArray(LONGS, state, at + 1 * LANES)
                    .lanewise(VectorOperators.XOR, v1)
                    .lanewise(VectorOperators.XOR, v9)
                    .intoArray(state, at + 1 * LANES);
            LongVector.fromArray(LONGS, state, at + 2 * LANES)
                    .lanewise(VectorOperators.XOR, v2)
                    .lanewise(VectorOperators.XOR, v10)
                    .intoArray(state, at + 2 * LANES);
            LongVector.fromArray(LONGS, state, at + 3 * LANES)
                    .lanewise(VectorOperators.XOR, v3)
                    .lanewise(VectorOperators.XOR, v11)
                    .intoArray(state, at + 3 * LANES);
            LongVector.fromArray(LONGS, state, at + 4 * LANES)
                    .lanewise(VectorOperators.XOR, v4)
                    .lanewise(VectorOperators.XOR, v12)
                    .intoArray(state, at + 4 * LANES);
            LongVector.fromArray(LONGS, state, at + 5 * LANES)
                    .lanewise(VectorOperators.XOR, v5)
                    .lanewise(VectorOperators.XOR, v13)
                    .intoArray(state, at + 5 * LANES);
            LongVector.fromArray(LONGS, state, at + 6 * LANES)
                    .lanewise(VectorOperators.XOR, v6)
                    .lanewise(VectorOperators.XOR, v14)
                    .intoArray(state, at + 6 * LANES);
            LongVector.fromArray(LONGS, state, at + 7 * LANES)
                    .lanewise(VectorOperators.XOR, v7)
                    .lanewise(VectorOperators.XOR, v15)
                    .intoArray(state, at + 7 * LANES);
        }
    }

    @Override
    void load(byte[] source, int at, int stride, long[] block, int word) {
        if (LONGS.length() != LANES) {
            super.load(source, at, stride, block, word);
            return;
        }
        // Eight rows of eight longs become eight columns: pairs of rows exchange single longs, then pairs of longs,
        // then
        // halves.
        LongVector r0 = row(source, at);
        LongVector r1 = row(source, at + stride);
        LongVector r2 = row(source, at + 2 * stride);
        LongVector r3 = row(source, at + 3 * stride);
        LongVector r4 = row(source, at + 4 * stride);
        LongVector r5 = row(source, at + 5 * stride);
        LongVector r6 = row(source, at + 6 * stride);
        LongVector r7 = row(source, at + 7 * stride);
        LongVector a0 = EVEN.selectFrom(r0, r1);
        LongVector a1 = ODD.selectFrom(r0, r1);
        LongVector a2 = EVEN.selectFrom(r2, r3);
        LongVector a3 = ODD.selectFrom(r2, r3);
        LongVector a4 = EVEN.selectFrom(r4, r5);
        LongVector a5 = ODD.selectFrom(r4, r5);
        LongVector a6 = EVEN.selectFrom(r6, r7);
        LongVector a7 = ODD.selectFrom(r6, r7);
        LongVector b0 = EVEN_PAIRS.selectFrom(a0, a2);
        LongVector b1 = EVEN_PAIRS.selectFrom(a1, a3);
        LongVector b2 = ODD_PAIRS.selectFrom(a0, a2);
        LongVector b3 = ODD_PAIRS.selectFrom(a1, a3);
        LongVector b4 = EVEN_PAIRS.selectFrom(a4, a6);
        LongVector b5 = EVEN_PAIRS.selectFrom(a5, a7);
        LongVector b6 = ODD_PAIRS.selectFrom(a4, a6);
        LongVector b7 = ODD_PAIRS.selectFrom(a5, a7);
        int to = word * LANES;
        LOWER.selectFrom(b0, b4).intoArray(block, to);
        LOWER.selectFrom(b1, b5).intoArray(block, to + LANES);
        LOWER.selectFrom(b2, b6).intoArray(block, to + 2 * LANES);
        LOWER.selectFrom(b3, b7).intoArray(block, to + 3 * LANES);
        UPPER.selectFrom(b0, b4).intoArray(block, to + 4 * LANES);
        UPPER.selectFrom(b1, b5).intoArray(block, to + 5 * LANES);
        UPPER.selectFrom(b2, b6).intoArray(block, to + 6 * LANES);
        UPPER.selectFrom(b3, b7).intoArray(block, to + 7 * LANES);
    }

    @Override
    void replaceFirst(long[] block, long[] first) {
        for (int lane = 0; lane < LANES; lane += LONGS.length()) {
            LongVector.fromArray(LONGS, block, lane)
                    .and(~0xffL)
                    .or(LongVector.fromArray(LONGS, first, lane))
                    .intoArray(block, lane);
        }
    }

    private static LongVector row(byte[] source, int at) {
        return ByteVector.fromArray(ByteVector.SPECIES_512, source, at).reinterpretAsLongs();
    }

    private static LongVector places(long... places) {
        return LongVector.fromArray(LongVector.SPECIES_512, places, 0);
    }
}
