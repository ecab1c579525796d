package dev.vibrissa.redstuff.naive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whole encodings and the roots of slivers, symbol by symbol. */
public final class NaiveRedStuff {
    private final int n;
    private final int k1;
    private final int k2;

    /**
     * @param shards n, at least 4
     */
    public NaiveRedStuff(int shards) {
        n = shards;
        int f = (shards - 1) / 3;
        k1 = n - 2 * f;
        k2 = n - f;
    }

    /**
     * The matrix of all n × n symbols.
     *
     * @param symbolBytes even; so many that k1 · k2 symbols hold the blob
     */
    public byte[][][] matrix(byte[] blob, int symbolBytes) {
        byte[] padded = Arrays.copyOf(blob, k1 * k2 * symbolBytes);
        byte[][][] matrix = new byte[n][n][];
        for (int r = 0; r < k1; r++) {
            for (int c = 0; c < k2; c++) {
                int at = (r * k2 + c) * symbolBytes;
                matrix[r][c] = Arrays.copyOfRange(padded, at, at + symbolBytes);
            }
            List<byte[]> row = expand(Arrays.asList(matrix[r]).subList(0, k2));
            for (int c = k2; c < n; c++) {
                matrix[r][c] = row.get(c);
            }
        }
        for (int c = 0; c < n; c++) {
            List<byte[]> column = new ArrayList<>();
            for (int r = 0; r < k1; r++) {
                column.add(matrix[r][c]);
            }
            List<byte[]> expanded = expand(column);
            for (int r = k1; r < n; r++) {
                matrix[r][c] = expanded.get(r);
            }
        }
        return matrix;
    }

    /** The blob id, 32 bytes. */
    public byte[] blobId(byte[] blob, int symbolBytes) {
        byte[][][] matrix = matrix(blob, symbolBytes);
        List<byte[]> leaves = new ArrayList<>();
        for (int pair = 0; pair < n; pair++) {
            List<byte[]> column = new ArrayList<>();
            for (int r = 0; r < n; r++) {
                column.add(matrix[r][n - 1 - pair]);
            }
            ByteBuffer leaf = ByteBuffer.allocate(64);
            leaf.put(NaiveMerkleTree.root(Arrays.asList(matrix[pair]))).put(NaiveMerkleTree.root(column));
            leaves.add(leaf.array());
        }
        ByteBuffer message = ByteBuffer.allocate(41).order(ByteOrder.LITTLE_ENDIAN);
        message.put((byte) 1).putLong(blob.length).put(NaiveMerkleTree.root(leaves));
        return NaiveBlake2b.hash(message.array());
    }

    /** The root of a sliver of any type, expanded to n symbols. */
    public byte[] sliverRoot(byte[] data, int symbolBytes) {
        List<byte[]> symbols = new ArrayList<>();
        for (int at = 0; at < data.length; at += symbolBytes) {
            symbols.add(Arrays.copyOfRange(data, at, at + symbolBytes));
        }
        return NaiveMerkleTree.root(expand(symbols));
    }

    private List<byte[]> expand(List<byte[]> source) {
        var code = new NaiveReedSolomon(source.size(), n - source.size());
        List<byte[]> all = new ArrayList<>(source);
        all.addAll(Arrays.asList(code.encode(source.toArray(byte[][]::new))));
        return all;
    }
}
