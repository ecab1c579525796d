package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * What happened to a blob: to one of its objects, or to the blob id as a whole.
 *
 * <p>Several objects may stand for one blob id. An object is either its owner's own ({@code blob::Blob}) or lies in a
 * storage pool ({@code storage_pool::PooledBlob}) and then ends with the pool.
 */
public sealed interface BlobEvent extends WalrusEvent {
    BlobId blobId();

    /**
     * A {@code Blob} object came to exist, paid for until {@code endEpoch}, not yet certified.
     *
     * @param size unencoded bytes
     */
    record BlobRegistered(
            long epoch,
            BlobId blobId,
            long size,
            int encodingType,
            long endEpoch,
            boolean deletable,
            SuiAddress objectId)
            implements BlobEvent {
        static BlobRegistered decode(BcsReader in) {
            return new BlobRegistered(
                    in.u32(), BlobId.decode(in), in.u64(), in.u8(), in.u32(), in.bool(), SuiAddress.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .blobId("blob_id", blobId)
                    .u64("size", size)
                    .u8("encoding_type", encodingType)
                    .u32("end_epoch", endEpoch)
                    .bool("deletable", deletable)
                    .id("object_id", objectId);
        }
    }

    /**
     * A quorum of storage nodes has the blob; or, as an extension, a certified object now ends later.
     *
     * @param epoch of an extension the epoch of the first certification, not the current one
     */
    record BlobCertified(
            long epoch, BlobId blobId, long endEpoch, boolean deletable, SuiAddress objectId, boolean isExtension)
            implements BlobEvent {
        static BlobCertified decode(BcsReader in) {
            return new BlobCertified(
                    in.u32(), BlobId.decode(in), in.u32(), in.bool(), SuiAddress.decode(in), in.bool());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .blobId("blob_id", blobId)
                    .u32("end_epoch", endEpoch)
                    .bool("deletable", deletable)
                    .id("object_id", objectId)
                    .bool("is_extension", isExtension);
        }
    }

    /** A deletable object was deleted before its end; its storage went back to the caller. */
    record BlobDeleted(long epoch, BlobId blobId, long endEpoch, SuiAddress objectId, boolean wasCertified)
            implements BlobEvent {
        static BlobDeleted decode(BcsReader in) {
            return new BlobDeleted(in.u32(), BlobId.decode(in), in.u32(), SuiAddress.decode(in), in.bool());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .blobId("blob_id", blobId)
                    .u32("end_epoch", endEpoch)
                    .id("object_id", objectId)
                    .bool("was_certified", wasCertified);
        }
    }

    /** The storage nodes found the blob inconsistent. Final for the blob id. */
    record InvalidBlobID(long epoch, BlobId blobId) implements BlobEvent {
        static InvalidBlobID decode(BcsReader in) {
            return new InvalidBlobID(in.u32(), BlobId.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).blobId("blob_id", blobId);
        }
    }

    /** More than a third of the shards has deny-listed the blob. */
    record DenyListBlobDeleted(long epoch, BlobId blobId) implements BlobEvent {
        static DenyListBlobDeleted decode(BcsReader in) {
            return new DenyListBlobDeleted(in.u32(), BlobId.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).blobId("blob_id", blobId);
        }
    }

    /**
     * A {@code PooledBlob} object came to exist in a pool; it ends with the pool.
     *
     * @param unencodedSize bytes
     */
    record PooledBlobRegistered(
            long epoch,
            BlobId blobId,
            long unencodedSize,
            int encodingType,
            boolean deletable,
            SuiAddress objectId,
            SuiAddress storagePoolId)
            implements BlobEvent {
        static PooledBlobRegistered decode(BcsReader in) {
            return new PooledBlobRegistered(
                    in.u32(),
                    BlobId.decode(in),
                    in.u64(),
                    in.u8(),
                    in.bool(),
                    SuiAddress.decode(in),
                    SuiAddress.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .blobId("blob_id", blobId)
                    .u64("unencoded_size", unencodedSize)
                    .u8("encoding_type", encodingType)
                    .bool("deletable", deletable)
                    .id("object_id", objectId)
                    .id("storage_pool_id", storagePoolId);
        }
    }

    /** A quorum of storage nodes has the pooled blob. */
    record PooledBlobCertified(
            long epoch, BlobId blobId, boolean deletable, SuiAddress objectId, SuiAddress storagePoolId)
            implements BlobEvent {
        static PooledBlobCertified decode(BcsReader in) {
            return new PooledBlobCertified(
                    in.u32(), BlobId.decode(in), in.bool(), SuiAddress.decode(in), SuiAddress.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .blobId("blob_id", blobId)
                    .bool("deletable", deletable)
                    .id("object_id", objectId)
                    .id("storage_pool_id", storagePoolId);
        }
    }

    /** A deletable pooled blob was deleted while its pool was alive. */
    record PooledBlobDeleted(
            long epoch, BlobId blobId, SuiAddress objectId, boolean wasCertified, SuiAddress storagePoolId)
            implements BlobEvent {
        static PooledBlobDeleted decode(BcsReader in) {
            return new PooledBlobDeleted(
                    in.u32(), BlobId.decode(in), SuiAddress.decode(in), in.bool(), SuiAddress.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .blobId("blob_id", blobId)
                    .id("object_id", objectId)
                    .bool("was_certified", wasCertified)
                    .id("storage_pool_id", storagePoolId);
        }
    }
}
