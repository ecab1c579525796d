package dev.vibrissa.redstuff.hash;

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
                v0 = v0.add(v4).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r]));
                v12 = v12.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 32);
                v8 = v8.add(v12);
                v4 = v4.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 24);
                v0 = v0.add(v4).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 1]));
                v12 = v12.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 16);
                v8 = v8.add(v12);
                v4 = v4.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 63);
                v1 = v1.add(v5).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 2]));
                v13 = v13.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 32);
                v9 = v9.add(v13);
                v5 = v5.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 24);
                v1 = v1.add(v5).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 3]));
                v13 = v13.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 16);
                v9 = v9.add(v13);
                v5 = v5.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 63);
                v2 = v2.add(v6).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 4]));
                v14 = v14.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 32);
                v10 = v10.add(v14);
                v6 = v6.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 24);
                v2 = v2.add(v6).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 5]));
                v14 = v14.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 16);
                v10 = v10.add(v14);
                v6 = v6.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 63);
                v3 = v3.add(v7).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 6]));
                v15 = v15.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 32);
                v11 = v11.add(v15);
                v7 = v7.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 24);
                v3 = v3.add(v7).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 7]));
                v15 = v15.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 16);
                v11 = v11.add(v15);
                v7 = v7.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 63);
                v0 = v0.add(v5).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 8]));
                v15 = v15.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 32);
                v10 = v10.add(v15);
                v5 = v5.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 24);
                v0 = v0.add(v5).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 9]));
                v15 = v15.lanewise(VectorOperators.XOR, v0).lanewise(VectorOperators.ROR, 16);
                v10 = v10.add(v15);
                v5 = v5.lanewise(VectorOperators.XOR, v10).lanewise(VectorOperators.ROR, 63);
                v1 = v1.add(v6).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 10]));
                v12 = v12.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 32);
                v11 = v11.add(v12);
                v6 = v6.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 24);
                v1 = v1.add(v6).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 11]));
                v12 = v12.lanewise(VectorOperators.XOR, v1).lanewise(VectorOperators.ROR, 16);
                v11 = v11.add(v12);
                v6 = v6.lanewise(VectorOperators.XOR, v11).lanewise(VectorOperators.ROR, 63);
                v2 = v2.add(v7).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 12]));
                v13 = v13.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 32);
                v8 = v8.add(v13);
                v7 = v7.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 24);
                v2 = v2.add(v7).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 13]));
                v13 = v13.lanewise(VectorOperators.XOR, v2).lanewise(VectorOperators.ROR, 16);
                v8 = v8.add(v13);
                v7 = v7.lanewise(VectorOperators.XOR, v8).lanewise(VectorOperators.ROR, 63);
                v3 = v3.add(v4).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 14]));
                v14 = v14.lanewise(VectorOperators.XOR, v3).lanewise(VectorOperators.ROR, 32);
                v9 = v9.add(v14);
                v4 = v4.lanewise(VectorOperators.XOR, v9).lanewise(VectorOperators.ROR, 24);
                v3 = v3.add(v4).add(LongVector.fromArray(LONGS, blocks, from + SIGMA[r + 15]));
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
}
