package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.code.ReedSolomon;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the number of shards: how a blob is laid out, and the two codes that expand it.
 *
 * <p>Of {@code n} shards, {@code f = ⌊(n-1)/3⌋} may be faulty. A blob is a matrix of {@code k1 = n-2f} rows and {@code k2 = n-f} columns of
 * symbols, zero padded, row by row; the code makes {@code n × n} of it. Primary sliver {@code i} is the beginning of row {@code i},
 * {@code k2} symbols; secondary sliver {@code i} the beginning of column {@code i}, {@code k1} symbols. A <em>pair</em> {@code i} is primary
 * sliver {@code i} with secondary sliver {@code n-1-i}; it is stored by one shard.
 *
 * <p>Safe for use by several threads; keep an instance, for its tables are made on first use.
 *
 * @see "walrus-core, src/encoding/config.rs and mapping.rs"
 */
public final class EncodingConfig {
    /** The encoding type of RedStuff over Reed–Solomon, the only one in use. */
    public static final int ENCODING_TYPE = 1;

    /** The largest symbol: even, and its size fits 16 bits. */
    public static final int MAX_SYMBOL_BYTES = 65_534;

    /** Fewer shards tolerate no fault, and the code needs at least one recovery symbol. */
    public static final int MIN_SHARDS = 4;

    /** With more, a code's symbols and padding need more points than the 65 536 that the field has. */
    public static final int MAX_SHARDS = 49_155;

    private static final int METADATA_BYTES_PER_PAIR = 64;

    private final int shards;
    private final int faulty;
    private final Supplier<ReedSolomon> primaryCode;
    private final Supplier<ReedSolomon> secondaryCode;

    /**
     * @param shards n, 4 to 49 155
     * @throws IllegalArgumentException if {@code shards} is out of range
     */
    public EncodingConfig(int shards) {
        if (shards < MIN_SHARDS || shards > MAX_SHARDS) {
            throw new IllegalArgumentException(
                    "%d shards, where %d to %d are possible".formatted(shards, MIN_SHARDS, MAX_SHARDS));
        }
        this.shards = shards;
        faulty = (shards - 1) / 3;
        primaryCode = once(() -> new ReedSolomon(primarySymbols(), shards - primarySymbols()));
        secondaryCode = once(() -> new ReedSolomon(secondarySymbols(), shards - secondarySymbols()));
    }

    private static <T> Supplier<T> once(Supplier<T> maker) {
        return new Supplier<>() {
            private volatile @Nullable T made;

            @Override
            public T get() {
                T value = made;
                if (value == null) {
                    synchronized (this) {
                        value = made;
                        if (value == null) {
                            value = maker.get();
                            made = value;
                        }
                    }
                }
                return value;
            }
        };
    }

    /** Shards, and sliver pairs of every blob: n. */
    public int shards() {
        return shards;
    }

    /** Shards that may be faulty: f. */
    public int faulty() {
        return faulty;
    }

    /** Rows of the matrix: k1, as many primary slivers give the blob back. */
    public int primarySymbols() {
        return shards - 2 * faulty;
    }

    /** Columns of the matrix: k2, as many secondary slivers give the blob back. */
    public int secondarySymbols() {
        return shards - faulty;
    }

    /** Symbols in a sliver. Mind the names: a primary sliver has k2, a secondary one k1. */
    public int symbolsIn(SliverType type) {
        return type == SliverType.PRIMARY ? secondarySymbols() : primarySymbols();
    }

    /** Slivers of {@code type} that give the blob back. */
    public int sliversToDecode(SliverType type) {
        return symbolsIn(type.other());
    }

    /** The code that expands a sliver of {@code type} to n symbols; that of primary slivers is called the secondary one. */
    public ReedSolomon expansionOf(SliverType type) {
        return type == SliverType.PRIMARY ? secondaryCode.get() : primaryCode.get();
    }

    /** Bytes of the largest blob. */
    public long maxBlobBytes() {
        return (long) primarySymbols() * secondarySymbols() * MAX_SYMBOL_BYTES;
    }

    /**
     * Bytes of a symbol: the least even number with which the matrix holds the blob.
     *
     * @param blobBytes 0 to {@link #maxBlobBytes}
     * @throws IllegalArgumentException if the blob is too large
     */
    public int symbolBytes(long blobBytes) {
        if (blobBytes < 0 || blobBytes > maxBlobBytes()) {
            throw new IllegalArgumentException("a blob of %s bytes, where up to %d fit %d shards"
                    .formatted(Long.toUnsignedString(blobBytes), maxBlobBytes(), shards));
        }
        long symbols = (long) primarySymbols() * secondarySymbols();
        long bytes = (Math.max(blobBytes, 1) - 1) / symbols + 1;
        return (int) (bytes + bytes % 2);
    }

    /** Bytes of the data of a sliver: up to 32 771 · 65 534, which exceeds an {@code int}. */
    public long sliverBytes(SliverType type, int symbolBytes) {
        return (long) symbolsIn(type) * symbolBytes;
    }

    /** Bytes of all slivers and metadata, which is what storage is bought in. */
    public long encodedBytes(long blobBytes) {
        long perShard = sliverBytes(SliverType.PRIMARY, symbolBytes(blobBytes))
                + sliverBytes(SliverType.SECONDARY, symbolBytes(blobBytes));
        return shards * (perShard + (long) METADATA_BYTES_PER_PAIR * shards + BlobId.SIZE);
    }

    /** The index of the sliver of {@code type} in pair {@code pair}; the same function leads back. */
    public int sliverIndex(SliverType type, int pair) {
        checkIndex("sliver pair", pair);
        return type == SliverType.PRIMARY ? pair : shards - 1 - pair;
    }

    /** The shard that stores a sliver pair: pairs are rotated by the blob id. */
    public int shardOf(int pair, BlobId blobId) {
        checkIndex("sliver pair", pair);
        return (pair + blobId.rotation(shards)) % shards;
    }

    /** The sliver pair that a shard stores. */
    public int pairOf(int shard, BlobId blobId) {
        checkIndex("shard", shard);
        return (shards + shard - blobId.rotation(shards)) % shards;
    }

    private void checkIndex(String what, int index) {
        if (index < 0 || index >= shards) {
            throw new IllegalArgumentException("%s %d of %d".formatted(what, index, shards));
        }
    }
}
