package dev.vibrissa.redstuff;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether a decoded blob is what its writer committed to. A malicious writer can commit to slivers that are not of one
 * codeword; such a blob may decode differently from different slivers.
 *
 * @see "walrus-sdk, ConsistencyCheckType"
 */
public enum ConsistencyCheck {
    /**
     * Recomputes the roots of the primary slivers that are part of the blob as they are. If they hold, every reader who checks as
     * much gets the same bytes; roots of other slivers may still be wrong.
     */
    DEFAULT,
    /** Encodes the blob again and compares the blob id: if it holds, the writer encoded everything correctly. */
    STRICT;

    /**
     * Checks a blob.
     *
     * @param verified indices of primary slivers that were verified before; the default check leaves them out
     */
    public boolean holds(VerifiedMetadata metadata, MemorySegment blob, BitSet verified, int threads) {
        if (blob.byteSize() != metadata.metadata().unencodedBytes()) {
            return false;
        }
        return switch (this) {
            case DEFAULT -> systematicSliversHold(metadata, blob, verified, threads);
            case STRICT ->
                new BlobEncoder(metadata.config(), threads)
                        .metadata(blob)
                        .blobId()
                        .equals(metadata.blobId());
        };
    }

    private static boolean systematicSliversHold(
            VerifiedMetadata metadata, MemorySegment blob, BitSet verified, int threads) {
        EncodingConfig config = metadata.config();
        int symbolBytes = metadata.symbolBytes();
        int rowBytes = Math.toIntExact(config.sliverBytes(SliverType.PRIMARY, symbolBytes));
        var holds = new AtomicBoolean(true);
        Workers.share(threads, next -> {
            byte[] row = new byte[rowBytes];
            for (int r = next.getAndIncrement();
                    r < config.primarySymbols() && holds.get();
                    r = next.getAndIncrement()) {
                if (verified.get(r)) {
                    continue;
                }
                long from = (long) r * rowBytes;
                int there = (int) Math.clamp(blob.byteSize() - from, 0, rowBytes);
                MemorySegment.copy(blob, ValueLayout.JAVA_BYTE, Math.min(from, blob.byteSize()), row, 0, there);
                Arrays.fill(row, there, rowBytes, (byte) 0);
                var sliver = new Sliver(SliverType.PRIMARY, r, symbolBytes, row);
                if (!new ExpandedSliver(config, sliver).root().equals(metadata.rootOf(SliverType.PRIMARY, r))) {
                    holds.set(false);
                }
            }
        });
        return holds.get();
    }
}
