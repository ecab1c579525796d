package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.Optional;

/**
 * A blob in a storage pool; it ends with the pool. A pool holds at most one for each blob id.
 *
 * @param unencodedSize bytes
 * @see "Move: walrus::storage_pool::PooledBlob"
 */
public record PooledBlob(
        SuiAddress id,
        long registeredEpoch,
        BlobId blobId,
        long unencodedSize,
        int encodingType,
        Optional<Long> certifiedEpoch,
        SuiAddress storagePoolId,
        boolean deletable)
        implements WalrusObject {
    public static PooledBlob decode(BcsReader in) {
        return new PooledBlob(
                SuiAddress.decode(in),
                in.u32(),
                BlobId.decode(in),
                in.u64(),
                in.u8(),
                in.option(BcsReader::u32),
                SuiAddress.decode(in),
                in.bool());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        out.u32(registeredEpoch);
        blobId.encode(out);
        out.u64(unencodedSize);
        out.u8(encodingType);
        out.option(certifiedEpoch, BcsWriter::u32);
        storagePoolId.encode(out);
        out.bool(deletable);
    }
}
