package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.lang.foreign.MemorySegment;

/** A blob as its writer has it once it is encoded: all slivers in memory, to be handed to nodes. */
public final class EncodedBlob {
    private final VerifiedMetadata metadata;
    private final byte[][] primary;
    private final byte[][] secondary;

    private EncodedBlob(VerifiedMetadata metadata, byte[][] primary, byte[][] secondary) {
        this.metadata = metadata;
        this.primary = primary;
        this.secondary = secondary;
    }

    public static EncodedBlob of(EncodingConfig config, byte[] content) {
        int n = config.shards();
        int symbolBytes = config.symbolBytes(content.length);
        byte[][] primary = new byte[n][Math.toIntExact(config.sliverBytes(SliverType.PRIMARY, symbolBytes))];
        byte[][] secondary = new byte[n][Math.toIntExact(config.sliverBytes(SliverType.SECONDARY, symbolBytes))];
        BlobMetadata written = new BlobEncoder(config)
                .encode(
                        MemorySegment.ofArray(content),
                        (type, index, offset, bytes, from, length) -> System.arraycopy(
                                bytes,
                                from,
                                (type == SliverType.PRIMARY ? primary : secondary)[index],
                                (int) offset,
                                length));
        return switch (VerifiedMetadata.verify(config, written.blobId(), written)) {
            case MetadataVerdict.Accepted(VerifiedMetadata metadata) -> new EncodedBlob(metadata, primary, secondary);
            case MetadataVerdict.Refused(var reason, String detail) ->
                throw new IllegalStateException("our own metadata is refused: %s, %s".formatted(reason, detail));
        };
    }

    public BlobId blobId() {
        return idOf(metadata);
    }

    public VerifiedMetadata metadata() {
        return metadata;
    }

    /** The sliver of a pair, 0 to n - 1. */
    public Sliver sliver(SliverType type, int pair) {
        int index = metadata.config().sliverIndex(type, pair);
        return new Sliver(
                type, index, metadata.symbolBytes(), (type == SliverType.PRIMARY ? primary : secondary)[index]);
    }

    static BlobId idOf(VerifiedMetadata metadata) {
        return new BlobId(metadata.blobId().toByteArray());
    }

    /** The same id as the codec has it, which knows nothing of Sui. */
    static dev.vibrissa.redstuff.BlobId codecId(BlobId blobId) {
        return new dev.vibrissa.redstuff.BlobId(blobId.toByteArray());
    }
}
