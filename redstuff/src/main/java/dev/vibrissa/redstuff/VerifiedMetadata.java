package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.hash.MerkleTree;
import java.util.List;

/**
 * Metadata that a blob id commits to, and the judge of everything else that a storage node says about the blob.
 *
 * <p>Made by {@link #verify} only. Whether length and encoding type are those on chain is for the caller to compare.
 */
public final class VerifiedMetadata {
    private final EncodingConfig config;
    private final BlobId blobId;
    private final BlobMetadata metadata;
    private final int symbolBytes;

    private VerifiedMetadata(EncodingConfig config, BlobId blobId, BlobMetadata metadata) {
        this.config = config;
        this.blobId = blobId;
        this.metadata = metadata;
        symbolBytes = config.symbolBytes(metadata.unencodedBytes());
    }

    /**
     * Judges the answer to a request for metadata: the blob id, then metadata.
     *
     * @param requested the blob that was asked for; the reference client does not compare it
     */
    public static MetadataVerdict verify(EncodingConfig config, BlobId requested, byte[] body) {
        record Answer(BlobId id, BlobMetadata metadata) {}
        Answer answer;
        try {
            answer = BcsInput.decode(body, in -> new Answer(new BlobId(in.raw(BlobId.SIZE)), BlobMetadata.decode(in)));
        } catch (RedStuffFormatException e) {
            return new MetadataVerdict.Refused(MetadataVerdict.Reason.DECODE_ERROR, String.valueOf(e.getMessage()));
        }
        return verify(config, requested, answer.id(), answer.metadata());
    }

    /** Judges metadata that is kept without a blob id. */
    public static MetadataVerdict verify(EncodingConfig config, BlobId requested, BlobMetadata metadata) {
        return verify(config, requested, requested, metadata);
    }

    private static MetadataVerdict verify(
            EncodingConfig config, BlobId requested, BlobId claimed, BlobMetadata metadata) {
        if (metadata.hashes().size() != config.shards()) {
            return refused(
                    MetadataVerdict.Reason.INVALID_HASH_COUNT,
                    "%d sliver pairs for %d shards".formatted(metadata.hashes().size(), config.shards()));
        }
        if (Long.compareUnsigned(metadata.unencodedBytes(), config.maxBlobBytes()) > 0) {
            return refused(
                    MetadataVerdict.Reason.UNENCODED_LENGTH_TOO_LARGE,
                    "a blob of %s bytes, where %d fit"
                            .formatted(Long.toUnsignedString(metadata.unencodedBytes()), config.maxBlobBytes()));
        }
        BlobId computed = metadata.blobId();
        if (!computed.equals(claimed)) {
            return refused(
                    MetadataVerdict.Reason.BLOB_ID_MISMATCH, "says %s, leads to %s".formatted(claimed, computed));
        }
        if (!claimed.equals(requested)) {
            return refused(
                    MetadataVerdict.Reason.WRONG_BLOB_ID, "metadata of %s, not of %s".formatted(claimed, requested));
        }
        return new MetadataVerdict.Accepted(new VerifiedMetadata(config, requested, metadata));
    }

    private static MetadataVerdict refused(MetadataVerdict.Reason reason, String detail) {
        return new MetadataVerdict.Refused(reason, detail);
    }

    /** Bytes of the answer to a request for metadata when no node of any tree is empty: exact for honest blobs. */
    public static int answerBytes(EncodingConfig config) {
        int lengthBytes = config.shards() < 0x80 ? 1 : config.shards() < 0x4000 ? 2 : 3;
        return BlobId.SIZE + 10 + lengthBytes + 66 * config.shards();
    }

    public EncodingConfig config() {
        return config;
    }

    public BlobId blobId() {
        return blobId;
    }

    public BlobMetadata metadata() {
        return metadata;
    }

    /** Bytes of a symbol of this blob. */
    public int symbolBytes() {
        return symbolBytes;
    }

    /** Bytes of the answer to a request for a sliver. */
    public long sliverAnswerBytes(SliverType type) {
        return Sliver.encodedBytes(config.sliverBytes(type, symbolBytes));
    }

    /** The root that the sliver of this index on its axis must lead to. */
    public MerkleNode rootOf(SliverType type, int sliverIndex) {
        return metadata.hashes().get(config.sliverIndex(type, sliverIndex)).of(type); // index to pair: the same mirror
    }

    /**
     * Judges the answer to a request for a sliver.
     *
     * @param requestedPair 0 to n - 1; the reference client does not compare it
     */
    public SliverVerdict verifySliver(SliverType type, int requestedPair, byte[] body) {
        int requested = config.sliverIndex(type, requestedPair);
        Sliver sliver;
        try {
            sliver = Sliver.decode(type, body);
        } catch (RedStuffFormatException e) {
            return new SliverVerdict.Refused(SliverVerdict.Reason.DECODE_ERROR, String.valueOf(e.getMessage()));
        }
        SliverVerdict verdict = verify(sliver);
        if (verdict instanceof SliverVerdict.Accepted && sliver.index() != requested) {
            return refused(
                    SliverVerdict.Reason.WRONG_SLIVER_INDEX,
                    "%s sliver %d, not %d".formatted(type, sliver.index(), requested));
        }
        return verdict;
    }

    /** Judges whether a sliver belongs to the blob, at whatever index it says. */
    public SliverVerdict verify(Sliver sliver) {
        if (sliver.index() >= config.shards()) {
            return refused(
                    SliverVerdict.Reason.INDEX_TOO_LARGE, "index %d of %d".formatted(sliver.index(), config.shards()));
        }
        long bytes = config.sliverBytes(sliver.type(), symbolBytes);
        if (sliver.data().length != bytes) {
            return refused(
                    SliverVerdict.Reason.SLIVER_SIZE_MISMATCH,
                    "%d bytes, not %d".formatted(sliver.data().length, bytes));
        }
        if (sliver.symbolBytes() != symbolBytes) {
            return refused(
                    SliverVerdict.Reason.SYMBOL_SIZE_MISMATCH,
                    "symbols of %d bytes, not %d".formatted(sliver.symbolBytes(), symbolBytes));
        }
        MerkleNode expected = rootOf(sliver.type(), sliver.index());
        MerkleNode actual = new ExpandedSliver(config, sliver).root();
        if (!actual.equals(expected)) {
            return refused(
                    SliverVerdict.Reason.MERKLE_ROOT_MISMATCH, "leads to %s, not to %s".formatted(actual, expected));
        }
        return new SliverVerdict.Accepted(sliver);
    }

    private static SliverVerdict refused(SliverVerdict.Reason reason, String detail) {
        return new SliverVerdict.Refused(reason, detail);
    }

    /** Judges a recovery symbol: whether its source sliver, which metadata commits to, has it at its target. */
    public SymbolVerdict verify(RecoverySymbol symbol) {
        int n = config.shards();
        if (symbol.source() >= n || symbol.target() >= n) {
            return SymbolVerdict.INDEX_TOO_LARGE;
        }
        if (symbol.data().length != symbolBytes) {
            return SymbolVerdict.SYMBOL_SIZE_MISMATCH;
        }
        if (symbol.proof().siblings().size() != MerkleTree.depth(n)) {
            return SymbolVerdict.PROOF_LENGTH_MISMATCH;
        }
        MerkleNode expected = rootOf(symbol.type().other(), symbol.source());
        return symbol.proof().root(symbol.data(), symbol.target()).equals(expected)
                ? SymbolVerdict.ACCEPTED
                : SymbolVerdict.MERKLE_ROOT_MISMATCH;
    }

    /**
     * Recovers a sliver from symbols that were judged before, and judges it.
     *
     * @param symbols all for sliver {@code target} of {@code type}, of different sources
     * @throws IllegalArgumentException if there are too few, or one is for another sliver or of another size
     */
    public SliverVerdict recover(SliverType type, int target, List<RecoverySymbol> symbols) {
        return verify(SliverRecovery.recover(config, type, target, symbolBytes, symbols));
    }
}
