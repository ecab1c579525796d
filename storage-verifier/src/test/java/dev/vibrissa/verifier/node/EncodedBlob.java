package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.ExpandedSliver;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.RecoverySymbol;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverPairMetadata;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A blob as honest nodes keep it: all that they could be asked for. */
final class EncodedBlob {
    static final EncodingConfig CONFIG = new EncodingConfig(10);

    final BlobId id;
    final byte[] metadataBody;
    final VerifiedMetadata metadata;

    private final byte[][] primary = new byte[CONFIG.shards()][];
    private final byte[][] secondary = new byte[CONFIG.shards()][];
    private final int symbolBytes;

    EncodedBlob(long seed, int bytes) {
        this(random(seed, bytes));
    }

    private static byte[] random(long seed, int bytes) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    EncodedBlob(byte[] content) {
        this(content, Optional.empty());
    }

    /**
     * A blob of a writer who meant two things: its first primary sliver is that of another blob of the same length, and its
     * metadata say so. Each sliver proves true, and which blob comes out depends on which of them are taken.
     */
    static EncodedBlob inconsistent(byte[] content, byte[] other) {
        return new EncodedBlob(content, Optional.of(new EncodedBlob(other)));
    }

    private EncodedBlob(byte[] content, Optional<EncodedBlob> foreign) {
        symbolBytes = CONFIG.symbolBytes(content.length);
        for (int i = 0; i < CONFIG.shards(); i++) {
            primary[i] = new byte[(int) CONFIG.sliverBytes(SliverType.PRIMARY, symbolBytes)];
            secondary[i] = new byte[(int) CONFIG.sliverBytes(SliverType.SECONDARY, symbolBytes)];
        }
        BlobMetadata honest = new BlobEncoder(CONFIG)
                .encode(
                        MemorySegment.ofArray(content),
                        (type, index, offset, from, at, length) ->
                                System.arraycopy(from, at, dataOf(type, index), (int) offset, length));
        BlobMetadata written = foreign.map(other -> mixed(honest, other)).orElse(honest);
        var redstuffId = written.blobId();
        id = new BlobId(redstuffId.toByteArray());
        metadataBody = joined(redstuffId.toByteArray(), written.encode());
        if (!(VerifiedMetadata.verify(CONFIG, redstuffId, written)
                instanceof MetadataVerdict.Accepted(VerifiedMetadata verified))) {
            throw new AssertionError("own metadata refused");
        }
        metadata = verified;
    }

    private BlobMetadata mixed(BlobMetadata honest, EncodedBlob other) {
        primary[0] = other.primary[0];
        var hashes = new ArrayList<>(honest.hashes());
        hashes.set(
                0,
                new SliverPairMetadata(
                        other.metadata.metadata().hashes().getFirst().primary(),
                        hashes.getFirst().secondary()));
        return new BlobMetadata(honest.unencodedBytes(), hashes);
    }

    private byte[] dataOf(SliverType type, int index) {
        return (type == SliverType.PRIMARY ? primary : secondary)[index];
    }

    Sliver sliver(SliverType type, int pair) {
        int index = CONFIG.sliverIndex(type, pair);
        return new Sliver(type, index, symbolBytes, dataOf(type, index));
    }

    /** The symbol out of a sliver of {@code source}. */
    RecoverySymbol symbol(SliverType source, SymbolId symbol) {
        boolean row = source == SliverType.PRIMARY;
        int from = row ? symbol.primary() : symbol.secondary();
        var sliver = new Sliver(source, from, symbolBytes, dataOf(source, from));
        return new ExpandedSliver(CONFIG, sliver).recoverySymbol(row ? symbol.secondary() : symbol.primary());
    }

    /** As a node answers: their count, and one after the other. */
    static byte[] body(List<RecoverySymbol> symbols) {
        byte[] body = {(byte) symbols.size()}; // below 128
        for (RecoverySymbol each : symbols) {
            body = joined(body, each.encode());
        }
        return body;
    }

    static byte[] joined(byte[] first, byte[] second) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
