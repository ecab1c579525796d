package dev.vibrissa.redstuff;

import dev.vibrissa.redstuff.hash.LaneHasher;
import dev.vibrissa.redstuff.hash.MerkleTree;
import java.util.Arrays;
import java.util.List;

/**
 * What the writer of a blob commits to: its length and the roots over all expanded slivers.
 *
 * <p>BCS: tag 0, encoding type (a tag, 1 = RedStuff over Reed–Solomon), length (u64), roots of the pairs.
 *
 * @param unencodedBytes length of the blob, unsigned
 * @param hashes of the sliver pairs, by pair index
 * @see "walrus-core, src/metadata.rs"
 */
public record BlobMetadata(long unencodedBytes, List<SliverPairMetadata> hashes) {
    private static final int BYTES_PER_PAIR = 66;
    private static final int LEAF = 2 * LaneHasher.HASH;

    public BlobMetadata {
        hashes = List.copyOf(hashes);
    }

    /**
     * @throws RedStuffFormatException if {@code bytes} is not exactly metadata of the one known version and encoding type
     */
    public static BlobMetadata decode(byte[] bytes) {
        return BcsInput.decode(bytes, BlobMetadata::decode);
    }

    static BlobMetadata decode(BcsInput in) {
        int version = in.u8();
        if (version != 0) {
            throw in.unknownTag("blob metadata", version);
        }
        int encodingType = in.u8();
        if (encodingType != EncodingConfig.ENCODING_TYPE) {
            throw in.unknownTag("encoding type", encodingType);
        }
        return new BlobMetadata(in.u64(), in.list(SliverPairMetadata.MIN_BYTES, SliverPairMetadata::decode));
    }

    /** In BCS, without the blob id. */
    public byte[] encode() {
        var out = new BcsOutput(16 + hashes.size() * BYTES_PER_PAIR);
        out.u8(0).u8(EncodingConfig.ENCODING_TYPE).u64(unencodedBytes).length(hashes.size());
        hashes.forEach(pair -> pair.encode(out));
        return out.toByteArray();
    }

    /** The root over all pairs; the leaf of a pair is its two hashes. */
    public MerkleNode root() {
        if (hashes.isEmpty()) {
            return new MerkleNode.Empty();
        }
        byte[] leaves = new byte[hashes.size() * LEAF];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i).primary().toByteArray(), 0, leaves, i * LEAF, LaneHasher.HASH);
            System.arraycopy(
                    hashes.get(i).secondary().toByteArray(), 0, leaves, i * LEAF + LaneHasher.HASH, LaneHasher.HASH);
        }
        byte[] nodes = new byte[MerkleTree.bytesFor(hashes.size())];
        var hasher = new LaneHasher();
        hasher.hash(MerkleTree.LEAF, leaves, 0, LEAF, LEAF, hashes.size(), nodes, 0, LaneHasher.HASH);
        MerkleTree.root(hasher, nodes, 0, hashes.size());
        return new MerkleNode.Digest(Arrays.copyOf(nodes, LaneHasher.HASH));
    }

    /** The id of the blob: {@code H(encoding type || length || root)}. */
    public BlobId blobId() {
        byte[] message =
                new BcsOutput(40).u64(unencodedBytes).raw(root().toByteArray()).toByteArray();
        byte[] id = new byte[LaneHasher.HASH];
        new LaneHasher()
                .hash(EncodingConfig.ENCODING_TYPE, message, 0, message.length, message.length, 1, id, 0, id.length);
        return new BlobId(id);
    }
}
