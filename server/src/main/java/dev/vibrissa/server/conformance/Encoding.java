package dev.vibrissa.server.conformance;

import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/** A blob with all its slivers, which the vectors are small enough to keep in memory. */
@SuppressWarnings("ArrayRecordComponent") // made here, compared nowhere
record Encoding(
        EncodingConfig config,
        byte[] blob,
        int symbolBytes,
        BlobMetadata metadata,
        byte[][] primary,
        byte[][] secondary) {
    static final int THREADS = Runtime.getRuntime().availableProcessors();

    static Encoding of(EncodingConfig config, byte[] blob) {
        int symbolBytes = config.symbolBytes(blob.length);
        byte[][] primary = new byte[config.shards()][config.secondarySymbols() * symbolBytes];
        byte[][] secondary = new byte[config.shards()][config.primarySymbols() * symbolBytes];
        BlobMetadata metadata = new BlobEncoder(config, THREADS)
                .encode(
                        MemorySegment.ofArray(blob),
                        (type, index, offset, bytes, from, length) -> System.arraycopy(
                                bytes,
                                from,
                                (type == SliverType.PRIMARY ? primary : secondary)[index],
                                (int) offset,
                                length));
        return new Encoding(config, blob, symbolBytes, metadata, primary, secondary);
    }

    Sliver sliver(SliverType type, int index) {
        return new Sliver(type, index, symbolBytes, (type == SliverType.PRIMARY ? primary : secondary)[index]);
    }

    Sliver sliverOfPair(SliverType type, int pair) {
        return sliver(type, config.sliverIndex(type, pair));
    }

    /** Decodes from slivers of these indices. */
    byte[] decode(SliverType type, IntStream indices) {
        List<Sliver> slivers = indices.mapToObj(index -> sliver(type, index)).toList();
        byte[] decoded = new byte[blob.length];
        new BlobDecoder(config, THREADS).decode(slivers, MemorySegment.ofArray(decoded));
        return decoded;
    }
}
