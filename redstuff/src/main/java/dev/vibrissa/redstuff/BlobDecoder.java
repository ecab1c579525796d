package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.code.ReedSolomon;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a blob of any {@code k1} primary or {@code k2} secondary slivers.
 *
 * <p>Nothing is authenticated here: verify slivers first, and check the blob afterwards with {@link ConsistencyCheck}. Besides the slivers and the
 * blob itself each thread takes the rows of two transforms, {@code 1 KiB} times the least power of two from {@code 1.5 n} on: 2 to 4 MiB at n = 1000.
 *
 * @see "walrus-core, src/encoding/blob_encoding.rs"
 */
public final class BlobDecoder {
    private static final int ROW_BYTES = 512;

    /** Long symbols are decoded in pieces that stay in the cache; a multiple of 64. */
    private static final int PIECE = 512;

    private final EncodingConfig config;
    private final int threads;

    public BlobDecoder(EncodingConfig config) {
        this(config, 1);
    }

    public BlobDecoder(EncodingConfig config, int threads) {
        this.config = config;
        this.threads = threads;
    }

    /**
     * Decodes into {@code blob}, whose size is the length of the blob.
     *
     * @param slivers all of one type; those of a wrong size and repeated ones are left out
     * @throws IllegalArgumentException if there are slivers of both types, or too few that fit
     */
    public void decode(Collection<Sliver> slivers, MemorySegment blob) {
        if (slivers.isEmpty()) {
            throw new IllegalArgumentException("no slivers");
        }
        SliverType type = slivers.iterator().next().type();
        int symbolBytes = config.symbolBytes(blob.byteSize());
        int needed = config.sliversToDecode(type);
        var received = new BitSet(config.shards());
        @Nullable Sliver[] byIndex = new Sliver[config.shards()];
        for (Sliver sliver : slivers) {
            if (sliver.type() != type) {
                throw new IllegalArgumentException("slivers of both types");
            }
            if (received.cardinality() < needed
                    && !received.get(Math.min(sliver.index(), config.shards()))
                    && sliver.symbolBytes() == symbolBytes
                    && sliver.index() < config.shards()
                    && sliver.data().length == config.sliverBytes(type, symbolBytes)) {
                received.set(sliver.index());
                byIndex[sliver.index()] = sliver;
            }
        }
        if (received.cardinality() < needed) {
            throw new IllegalArgumentException(
                    "%d %s slivers that fit, where %d are due".formatted(received.cardinality(), type, needed));
        }
        var run = new Run(type, symbolBytes, received, byIndex, blob);
        run.copySystematic();
        run.decodeMissing();
    }

    private final class Run {
        private final SliverType type;
        private final int symbolBytes;
        private final BitSet received;
        private final @Nullable Sliver[] slivers;
        private final MemorySegment blob;
        private final int k2 = config.secondarySymbols();

        /** Codewords: one per symbol of a sliver. */
        private final int codewords;

        Run(SliverType type, int symbolBytes, BitSet received, @Nullable Sliver[] slivers, MemorySegment blob) {
            this.type = type;
            this.symbolBytes = symbolBytes;
            this.received = received;
            this.slivers = slivers;
            this.blob = blob;
            codewords = config.symbolsIn(type);
        }

        private byte[] dataOf(int index) {
            Sliver sliver = slivers[index];
            if (sliver == null) {
                throw new IllegalStateException("sliver %d is not there".formatted(index));
            }
            return sliver.data();
        }

        /** Slivers that are part of the blob as they are. */
        void copySystematic() {
            int sources = config.sliversToDecode(type);
            received.stream().filter(index -> index < sources).forEach(index -> {
                for (int codeword = 0; codeword < codewords; codeword++) {
                    write(codeword, index, 0, dataOf(index), codeword * symbolBytes, symbolBytes);
                }
            });
        }

        /** Writes part of the symbol that codeword {@code codeword} has at {@code index}, unless it lies behind the end. */
        private void write(int codeword, int index, int begin, byte[] bytes, int from, int length) {
            int row = type == SliverType.PRIMARY ? index : codeword;
            int column = type == SliverType.PRIMARY ? codeword : index;
            long at = ((long) row * k2 + column) * symbolBytes + begin;
            int there = (int) Math.clamp(blob.byteSize() - at, 0, length);
            if (there > 0) {
                MemorySegment.copy(bytes, from, blob, ValueLayout.JAVA_BYTE, at, there);
            }
        }

        void decodeMissing() {
            if (received.nextClearBit(0) >= config.sliversToDecode(type)) {
                return;
            }
            ReedSolomon.Decoder decoder = config.expansionOf(type.other()).decoder(received);
            Workers.share(threads, next -> decodeBatches(decoder, next));
        }

        /** A batch is some codewords, all their pieces one after the other. */
        private void decodeBatches(ReedSolomon.Decoder decoder, AtomicInteger next) {
            int piece = Math.min(PIECE, symbolBytes);
            var whole = decoder.workspace(piece, ROW_BYTES, codewords);
            int rest = symbolBytes % piece;
            var last = rest == 0 ? whole : decoder.workspace(rest, ROW_BYTES, whole.symbolsPerRow());
            int batch = last.symbolsPerRow();
            byte[] decoded = new byte[batch * piece];
            for (int codeword = next.getAndAdd(batch); codeword < codewords; codeword = next.getAndAdd(batch)) {
                int count = Math.min(batch, codewords - codeword);
                for (int begin = 0; begin < symbolBytes; begin += piece) {
                    var work = begin + piece <= symbolBytes ? whole : last;
                    decodePiece(decoder, work, codeword, count, begin, decoded);
                }
            }
        }

        private void decodePiece(
                ReedSolomon.Decoder decoder,
                ReedSolomon.Workspace work,
                int first,
                int count,
                int begin,
                byte[] decoded) {
            int width = work.symbolBytes();
            boolean adjacent = width == symbolBytes; // then symbols of one sliver follow one another
            decoder.decode(
                    work,
                    (index, rows, at) -> {
                        byte[] data = dataOf(index);
                        if (adjacent) {
                            work.pack(data, first * width, count, rows, at, 0);
                            return;
                        }
                        for (int i = 0; i < count; i++) {
                            work.pack(data, (first + i) * symbolBytes + begin, 1, rows, at, i);
                        }
                    },
                    (index, rows, at) -> {
                        work.unpack(rows, at, 0, count, decoded, 0);
                        if (adjacent && type == SliverType.PRIMARY) {
                            write(first, index, 0, decoded, 0, count * width);
                            return;
                        }
                        for (int i = 0; i < count; i++) {
                            write(first + i, index, begin, decoded, i * width, width);
                        }
                    });
        }
    }
}
