package dev.vibrissa.protocol.walrus;

import java.util.OptionalLong;

/**
 * How many bytes a blob takes once encoded, which is what storage is bought in.
 *
 * <p>Of {@code n} shards, {@code f = ⌊(n-1)/3⌋} may fail. A blob is a matrix of {@code p = n-2f} rows and
 * {@code s = n-f} columns of symbols, whose even size is the least that holds the blob. Each shard keeps a primary
 * sliver of {@code s} symbols, a secondary one of {@code p}, and the metadata: two hashes per sliver pair and the blob
 * id.
 *
 * @see "walrus, mainnet-contracts/walrus/sources/system/redstuff.move"
 */
public final class EncodedSize {
    /** Bytes of encoded size that are priced as one unit. */
    public static final long BYTES_PER_UNIT = 1 << 20;

    /** Symbols are of even size and at most this many bytes: the size must fit 16 bits. */
    static final int MAX_SYMBOL_BYTES = 65_534;

    private static final int METADATA_BYTES_PER_PAIR = 64;
    private static final int BLOB_ID_BYTES = 32;

    private EncodedSize() {}

    /**
     * The encoded size of a blob in bytes, or empty if the blob is too large for so many shards.
     *
     * @param nShards 1 to 65 535
     * @param unencodedBytes unsigned
     * @throws IllegalArgumentException if {@code nShards} is out of range
     */
    public static OptionalLong of(int nShards, long unencodedBytes) {
        long primary = primarySymbols(nShards);
        long secondary = secondarySymbols(nShards);
        long symbols = primary * secondary; // < 2^32
        if (Long.compareUnsigned(unencodedBytes, symbols * MAX_SYMBOL_BYTES) > 0) {
            return OptionalLong.empty();
        }
        long symbolBytes = (Math.max(unencodedBytes, 1) - 1) / symbols + 1;
        symbolBytes += symbolBytes % 2;
        // < 2^16 · (2^17 · 2^16 + 2^22 + 2^5) < 2^50
        return OptionalLong.of(nShards
                * ((primary + secondary) * symbolBytes + (long) METADATA_BYTES_PER_PAIR * nShards + BLOB_ID_BYTES));
    }

    /** Bytes of the largest blob that can be encoded for so many shards. */
    public static long largestBlob(int nShards) {
        return (long) primarySymbols(nShards) * secondarySymbols(nShards) * MAX_SYMBOL_BYTES;
    }

    /** Units that so many encoded bytes are priced as: MiB, rounded up. */
    public static long units(long encodedBytes) {
        return Long.divideUnsigned(encodedBytes, BYTES_PER_UNIT)
                + (Long.remainderUnsigned(encodedBytes, BYTES_PER_UNIT) == 0 ? 0 : 1);
    }

    private static int primarySymbols(int nShards) {
        return nShards - 2 * faulty(nShards);
    }

    private static int secondarySymbols(int nShards) {
        return nShards - faulty(nShards);
    }

    private static int faulty(int nShards) {
        if (nShards < 1 || nShards > 0xffff) {
            throw new IllegalArgumentException("%d shards, where 1 to 65535 are possible".formatted(nShards));
        }
        return (nShards - 1) / 3;
    }
}
