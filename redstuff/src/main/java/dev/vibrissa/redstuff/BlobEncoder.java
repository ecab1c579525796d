package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.code.ReedSolomon;
import dev.vibrissa.redstuff.hash.LaneHasher;
import dev.vibrissa.redstuff.hash.LeafHasher;
import dev.vibrissa.redstuff.hash.MerkleTree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Encodes blobs: slivers, their hashes, the blob id.
 *
 * <p>The blob is worked on in <em>strips</em>: the same bytes of every symbol. A strip is a {@code k1 × n} matrix in memory; its
 * rows are expanded first, then its columns, some at a time. Hashes of leaves go on from strip to strip. So memory does not
 * depend on the size of the blob: at most 192 MiB for the strip (but at least {@code 128·k1·n} bytes, which is more from some 2170
 * shards on), {@code 32 n²} bytes for the hashes of leaves, {@code 65 n²} for their states while there are several strips, and per thread some
 * {@code 2n} rows of a transform, of 640 bytes or one symbol's strip. At n = 1000 that is under 300 MiB for any blob on one thread; up to 108 MiB, where
 * one strip does, it is 1.5 times the blob and 35 MB.
 *
 * <p>A blob is a memory segment: an array, or a mapped file. Several threads need one that may be read by all of them.
 *
 * <p>Safe for use by several threads.
 *
 * @see "walrus-core, src/encoding/blob_encoding.rs"
 */
public final class BlobEncoder {
    /** Most shards that can be encoded for; the hashes of leaves take 32 n² bytes. */
    public static final int MAX_SHARDS = 4096;

    /** Bytes of the matrix of a strip, at most (or the least possible strip). */
    private static final int STRIP_BYTES = 192 << 20;

    /** Strips end where a block of the hash ends. */
    private static final int STRIP_STEP = 128;

    /** Bytes of a row of a transform: so many that 1024 rows stay in a second-level cache. */
    private static final int ROW_BYTES = 640;

    private static final int ROWS_PER_GATHER = 16;

    private final EncodingConfig config;
    private final int threads;
    private final int stripBytes;

    /** Takes pieces of slivers; called by several threads for different pieces, in no order. */
    @FunctionalInterface
    public interface SliverSink {
        /**
         * @param index of the sliver, on its own axis
         * @param offset where in the data of the sliver the piece belongs
         */
        void put(SliverType type, int index, long offset, byte[] bytes, int from, int length);
    }

    /** Takes the progress of an encoding, in bytes of the blob. */
    @FunctionalInterface
    public interface Progress {
        void done(long bytes);
    }

    /** An encoder that uses one thread. */
    public BlobEncoder(EncodingConfig config) {
        this(config, 1);
    }

    /**
     * @param threads that share the work
     * @throws IllegalArgumentException if there are more than {@value #MAX_SHARDS} shards
     */
    public BlobEncoder(EncodingConfig config, int threads) {
        this(config, threads, STRIP_BYTES);
    }

    /** An encoder with strips of about {@code stripBytes}, so that a test can have many. */
    BlobEncoder(EncodingConfig config, int threads, int stripBytes) {
        if (config.shards() > MAX_SHARDS) {
            throw new IllegalArgumentException(
                    "%d shards, where up to %d can be encoded for".formatted(config.shards(), MAX_SHARDS));
        }
        this.config = config;
        this.threads = threads;
        this.stripBytes = stripBytes;
    }

    /** The metadata of a blob, whose id is {@link BlobMetadata#blobId}, without making its slivers. */
    public BlobMetadata metadata(MemorySegment blob) {
        return new Run(blob, null, _ -> {}).encode();
    }

    /** Encodes a blob and hands out the data of all its slivers. */
    public BlobMetadata encode(MemorySegment blob, SliverSink sink) {
        return new Run(blob, sink, _ -> {}).encode();
    }

    /** Encodes a blob, hands out its slivers if there is a sink, and tells how far it is. */
    public BlobMetadata encode(MemorySegment blob, @Nullable SliverSink sink, Progress progress) {
        return new Run(blob, sink, progress).encode();
    }

    private final class Run {
        private final int n = config.shards();
        private final int k1 = config.primarySymbols();
        private final int k2 = config.secondarySymbols();
        private final MemorySegment blob;
        private final @Nullable SliverSink sink;
        private final Progress progress;
        private final int symbolBytes;
        private final int maxWidth;

        /** The strip: symbol (r, c) at {@code (r·n + c)·width}. */
        private final byte[] matrix;

        /** Hashes of leaves by column, of each column from row 0 on. */
        private final LeafHasher[] leaves;

        Run(MemorySegment blob, @Nullable SliverSink sink, Progress progress) {
            this.blob = blob;
            this.sink = sink;
            this.progress = progress;
            symbolBytes = config.symbolBytes(blob.byteSize());
            int width = Math.max(stripBytes / (k1 * n) / STRIP_STEP * STRIP_STEP, STRIP_STEP);
            maxWidth = Math.min(width, symbolBytes);
            matrix = new byte[Math.multiplyExact(k1 * n, maxWidth)];
            leaves = new LeafHasher[n];
            Arrays.setAll(leaves, _ -> new LeafHasher(n, symbolBytes, maxWidth));
        }

        BlobMetadata encode() {
            for (int begin = 0; begin < symbolBytes; begin += maxWidth) {
                int from = begin;
                int width = Math.min(maxWidth, symbolBytes - begin);
                Workers.share(threads, next -> expandRows(next, from, width));
                Workers.share(threads, next -> expandColumns(next, from, width));
                progress.done(blob.byteSize() * (begin + width) / symbolBytes);
            }
            byte[][] primary = new byte[n][];
            byte[][] secondary = new byte[n][];
            Workers.share(threads, next -> hashRows(next, primary));
            Workers.share(threads, next -> hashColumns(next, secondary));
            List<SliverPairMetadata> hashes = new ArrayList<>(n);
            for (int pair = 0; pair < n; pair++) {
                hashes.add(new SliverPairMetadata(
                        new MerkleNode.Digest(primary[pair]), new MerkleNode.Digest(secondary[n - 1 - pair])));
            }
            return new BlobMetadata(blob.byteSize(), hashes);
        }

        private void expandRows(AtomicInteger next, int begin, int width) {
            ReedSolomon code = config.expansionOf(SliverType.PRIMARY);
            var work = code.workspace(width, ROW_BYTES, k1);
            int batch = work.symbolsPerRow();
            for (int row = next.getAndAdd(batch); row < k1; row = next.getAndAdd(batch)) {
                int first = row;
                int count = Math.min(batch, k1 - row);
                for (int i = 0; i < count; i++) {
                    loadRow(first + i, begin, width);
                }
                code.encode(
                        work,
                        (c, rows, at) -> {
                            for (int i = 0; i < count; i++) {
                                work.pack(matrix, ((first + i) * n + c) * width, 1, rows, at, i);
                            }
                        },
                        (q, rows, at) -> {
                            for (int i = 0; i < count; i++) {
                                work.unpack(rows, at, i, 1, matrix, ((first + i) * n + k2 + q) * width);
                            }
                        });
            }
        }

        /** Reads the strip of a row of the blob, zeros behind its end. */
        private void loadRow(int row, int begin, int width) {
            int at = row * n * width;
            if (width == symbolBytes) {
                load((long) row * k2 * width, at, k2 * width);
                put(SliverType.PRIMARY, row, 0, matrix, at, k2 * width);
                return;
            }
            for (int c = 0; c < k2; c++) {
                load(((long) row * k2 + c) * symbolBytes + begin, at + c * width, width);
                put(SliverType.PRIMARY, row, (long) c * symbolBytes + begin, matrix, at + c * width, width);
            }
        }

        private void load(long from, int at, int length) {
            int there = (int) Math.clamp(blob.byteSize() - from, 0, length);
            if (there > 0) {
                MemorySegment.copy(blob, ValueLayout.JAVA_BYTE, from, matrix, at, there);
            }
            Arrays.fill(matrix, at + there, at + length, (byte) 0);
        }

        private void put(SliverType type, int index, long offset, byte[] bytes, int from, int length) {
            if (sink != null) {
                sink.put(type, index, offset, bytes, from, length);
            }
        }

        private void expandColumns(AtomicInteger next, int begin, int width) {
            ReedSolomon code = config.expansionOf(SliverType.SECONDARY);
            var work = code.workspace(width, ROW_BYTES, n);
            var hasher = new LaneHasher();
            int batch = work.symbolsPerRow();
            int recoveryRow = batch * width;
            byte[] recovery = new byte[(n - k1) * recoveryRow];
            byte[] sliver = new byte[sink == null ? 0 : k1 * width];
            for (int column = next.getAndAdd(batch); column < n; column = next.getAndAdd(batch)) {
                int first = column;
                int count = Math.min(batch, n - column);
                code.encode(
                        work,
                        (r, rows, at) -> work.pack(matrix, (r * n + first) * width, count, rows, at, 0),
                        (i, rows, at) -> work.unpack(rows, at, 0, count, recovery, i * recoveryRow));
                for (int i = 0; i < count; i++) {
                    LeafHasher hashes = leaves[first + i];
                    hashes.update(hasher, 0, k1, matrix, (first + i) * width, n * width, begin, width);
                    hashes.update(hasher, k1, n - k1, recovery, i * width, recoveryRow, begin, width);
                }
                if (sink != null) {
                    putColumns(first, count, begin, width, recovery, recoveryRow, sliver);
                }
            }
        }

        private void putColumns(
                int first, int count, int begin, int width, byte[] recovery, int recoveryRow, byte[] sliver) {
            for (int i = 0; i < count; i++) {
                for (int r = 0; r < k1; r++) {
                    System.arraycopy(matrix, (r * n + first + i) * width, sliver, r * width, width);
                }
                if (width == symbolBytes) {
                    put(SliverType.SECONDARY, first + i, 0, sliver, 0, k1 * width);
                    continue;
                }
                for (int r = 0; r < k1; r++) {
                    put(SliverType.SECONDARY, first + i, (long) r * symbolBytes + begin, sliver, r * width, width);
                }
            }
            int source = Math.min(count, k2 - first); // columns beyond k2 are not part of primary slivers
            for (int r = k1; r < n && source > 0; r++) {
                int at = (r - k1) * recoveryRow;
                if (width == symbolBytes) {
                    put(SliverType.PRIMARY, r, (long) first * width, recovery, at, source * width);
                    continue;
                }
                for (int i = 0; i < source; i++) {
                    put(
                            SliverType.PRIMARY,
                            r,
                            (long) (first + i) * symbolBytes + begin,
                            recovery,
                            at + i * width,
                            width);
                }
            }
        }

        private void hashRows(AtomicInteger next, byte[][] roots) {
            var hasher = new LaneHasher();
            int rowBytes = MerkleTree.bytesFor(n);
            byte[] rows = new byte[ROWS_PER_GATHER * rowBytes];
            for (int row = next.getAndAdd(ROWS_PER_GATHER); row < n; row = next.getAndAdd(ROWS_PER_GATHER)) {
                int count = Math.min(ROWS_PER_GATHER, n - row);
                for (int c = 0; c < n; c++) {
                    byte[] column = leaves[c].hashes();
                    for (int i = 0; i < count; i++) {
                        System.arraycopy(
                                column,
                                (row + i) * LaneHasher.HASH,
                                rows,
                                i * rowBytes + c * LaneHasher.HASH,
                                LaneHasher.HASH);
                    }
                }
                for (int i = 0; i < count; i++) {
                    MerkleTree.root(hasher, rows, i * rowBytes, n);
                    roots[row + i] = Arrays.copyOfRange(rows, i * rowBytes, i * rowBytes + LaneHasher.HASH);
                }
            }
        }

        private void hashColumns(AtomicInteger next, byte[][] roots) {
            var hasher = new LaneHasher();
            for (int c = next.getAndIncrement(); c < n; c = next.getAndIncrement()) {
                byte[] nodes = leaves[c].hashes();
                MerkleTree.root(hasher, nodes, 0, n);
                roots[c] = Arrays.copyOf(nodes, LaneHasher.HASH);
            }
        }
    }
}
