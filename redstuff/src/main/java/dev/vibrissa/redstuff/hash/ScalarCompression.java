package dev.vibrissa.redstuff.hash;

/**
 * The compression function over eight hashes, one after the other. The working state is held in 16 local variables, for the
 * compiler keeps those in registers.
 */
final class ScalarCompression extends Compression {
    @Override
    void compress(long[] state, int stateAt, long[] blocks, int blocksAt, long total, long last) {
        for (int lane = 0; lane < LANES; lane++) {
            int at = stateAt + lane;
            int from = blocksAt + lane;
            long v0 = state[at];
            long v1 = state[at + 1 * LANES];
            long v2 = state[at + 2 * LANES];
            long v3 = state[at + 3 * LANES];
            long v4 = state[at + 4 * LANES];
            long v5 = state[at + 5 * LANES];
            long v6 = state[at + 6 * LANES];
            long v7 = state[at + 7 * LANES];
            long v8 = IV0;
            long v9 = IV1;
            long v10 = IV2;
            long v11 = IV3;
            long v12 = IV4 ^ total;
            long v13 = IV5;
            long v14 = IV6 ^ last;
            long v15 = IV7;
            for (int r = 0; r < SIGMA.length; r += 16) {
                v0 += v4 + blocks[from + SIGMA[r]];
                v12 = Long.rotateRight(v12 ^ v0, 32);
                v8 += v12;
                v4 = Long.rotateRight(v4 ^ v8, 24);
                v0 += v4 + blocks[from + SIGMA[r + 1]];
                v12 = Long.rotateRight(v12 ^ v0, 16);
                v8 += v12;
                v4 = Long.rotateRight(v4 ^ v8, 63);
                v1 += v5 + blocks[from + SIGMA[r + 2]];
                v13 = Long.rotateRight(v13 ^ v1, 32);
                v9 += v13;
                v5 = Long.rotateRight(v5 ^ v9, 24);
                v1 += v5 + blocks[from + SIGMA[r + 3]];
                v13 = Long.rotateRight(v13 ^ v1, 16);
                v9 += v13;
                v5 = Long.rotateRight(v5 ^ v9, 63);
                v2 += v6 + blocks[from + SIGMA[r + 4]];
                v14 = Long.rotateRight(v14 ^ v2, 32);
                v10 += v14;
                v6 = Long.rotateRight(v6 ^ v10, 24);
                v2 += v6 + blocks[from + SIGMA[r + 5]];
                v14 = Long.rotateRight(v14 ^ v2, 16);
                v10 += v14;
                v6 = Long.rotateRight(v6 ^ v10, 63);
                v3 += v7 + blocks[from + SIGMA[r + 6]];
                v15 = Long.rotateRight(v15 ^ v3, 32);
                v11 += v15;
                v7 = Long.rotateRight(v7 ^ v11, 24);
                v3 += v7 + blocks[from + SIGMA[r + 7]];
                v15 = Long.rotateRight(v15 ^ v3, 16);
                v11 += v15;
                v7 = Long.rotateRight(v7 ^ v11, 63);
                v0 += v5 + blocks[from + SIGMA[r + 8]];
                v15 = Long.rotateRight(v15 ^ v0, 32);
                v10 += v15;
                v5 = Long.rotateRight(v5 ^ v10, 24);
                v0 += v5 + blocks[from + SIGMA[r + 9]];
                v15 = Long.rotateRight(v15 ^ v0, 16);
                v10 += v15;
                v5 = Long.rotateRight(v5 ^ v10, 63);
                v1 += v6 + blocks[from + SIGMA[r + 10]];
                v12 = Long.rotateRight(v12 ^ v1, 32);
                v11 += v12;
                v6 = Long.rotateRight(v6 ^ v11, 24);
                v1 += v6 + blocks[from + SIGMA[r + 11]];
                v12 = Long.rotateRight(v12 ^ v1, 16);
                v11 += v12;
                v6 = Long.rotateRight(v6 ^ v11, 63);
                v2 += v7 + blocks[from + SIGMA[r + 12]];
                v13 = Long.rotateRight(v13 ^ v2, 32);
                v8 += v13;
                v7 = Long.rotateRight(v7 ^ v8, 24);
                v2 += v7 + blocks[from + SIGMA[r + 13]];
                v13 = Long.rotateRight(v13 ^ v2, 16);
                v8 += v13;
                v7 = Long.rotateRight(v7 ^ v8, 63);
                v3 += v4 + blocks[from + SIGMA[r + 14]];
                v14 = Long.rotateRight(v14 ^ v3, 32);
                v9 += v14;
                v4 = Long.rotateRight(v4 ^ v9, 24);
                v3 += v4 + blocks[from + SIGMA[r + 15]];
                v14 = Long.rotateRight(v14 ^ v3, 16);
                v9 += v14;
                v4 = Long.rotateRight(v4 ^ v9, 63);
            }
            state[at] ^= v0 ^ v8;
            state[at + 1 * LANES] ^= v1 ^ v9;
            state[at + 2 * LANES] ^= v2 ^ v10;
            state[at + 3 * LANES] ^= v3 ^ v11;
            state[at + 4 * LANES] ^= v4 ^ v12;
            state[at + 5 * LANES] ^= v5 ^ v13;
            state[at + 6 * LANES] ^= v6 ^ v14;
            state[at + 7 * LANES] ^= v7 ^ v15;
        }
    }
}
