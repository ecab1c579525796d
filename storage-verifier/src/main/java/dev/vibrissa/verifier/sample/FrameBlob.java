package dev.vibrissa.verifier.sample;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.verifier.evidence.HashTree;
import java.util.Optional;

/**
 * A blob that every member of the committee has to serve its part of: one leaf of a frame.
 *
 * @param sizeBytes unencoded
 * @param certifiedEpoch since when it is stored without a gap, as far as we know
 * @param endEpoch exclusive; the latest of its objects
 * @param deletableObject the object to ask for in a confirmation; empty if some object is permanent
 */
public record FrameBlob(
        BlobId blobId, long sizeBytes, long certifiedEpoch, long endEpoch, Optional<SuiAddress> deletableObject) {
    /** BCS of the components in their order: 49 bytes, or 81 with an object. */
    public byte[] encode() {
        return BcsWriter.encode(this, (out, blob) -> blob.encode(out));
    }

    void encode(BcsWriter out) {
        out.raw(blobId.toByteArray())
                .u64(sizeBytes)
                .u32(certifiedEpoch)
                .u32(endEpoch)
                .option(deletableObject, (writer, object) -> writer.raw(object.toByteArray()));
    }

    static FrameBlob decode(BcsReader in) {
        return new FrameBlob(BlobId.decode(in), in.u64(), in.u32(), in.u32(), in.option(SuiAddress::decode));
    }

    Bytes leafHash() {
        return HashTree.leaf(encode());
    }
}
