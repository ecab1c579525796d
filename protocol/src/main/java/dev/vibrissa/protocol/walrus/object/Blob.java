package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.Optional;

/**
 * A blob in its owner's own storage. Several such objects may stand for one blob id.
 *
 * @param size unencoded bytes
 * @param certifiedEpoch when it was first certified
 * @param storage its storage, inline; the blob ends with it
 * @see "Move: walrus::blob::Blob"
 */
public record Blob(
        SuiAddress id,
        long registeredEpoch,
        BlobId blobId,
        long size,
        int encodingType,
        Optional<Long> certifiedEpoch,
        Storage storage,
        boolean deletable)
        implements WalrusObject {
    public static Blob decode(BcsReader in) {
        return new Blob(
                SuiAddress.decode(in),
                in.u32(),
                BlobId.decode(in),
                in.u64(),
                in.u8(),
                in.option(BcsReader::u32),
                Storage.decode(in),
                in.bool());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u32(registeredEpoch);
        blobId.encode(out);
        out.u64(size);
        out.u8(encodingType);
        out.option(certifiedEpoch, BcsWriter::u32);
        storage.encode(out);
        out.bool(deletable);
    }
}
