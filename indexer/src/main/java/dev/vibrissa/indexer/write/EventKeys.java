package dev.vibrissa.indexer.write;

import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobEvent.DenyListBlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.InvalidBlobID;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import org.jspecify.annotations.Nullable;

/** The identifiers by which an event is looked up. */
final class EventKeys {
    private EventKeys() {}

    static byte @Nullable [] blobId(@Nullable WalrusEvent event) {
        return switch (event) {
            case BlobRegistered e -> e.blobId().toByteArray();
            case BlobCertified e -> e.blobId().toByteArray();
            case BlobDeleted e -> e.blobId().toByteArray();
            case InvalidBlobID e -> e.blobId().toByteArray();
            case DenyListBlobDeleted e -> e.blobId().toByteArray();
            case PooledBlobRegistered e -> e.blobId().toByteArray();
            case PooledBlobCertified e -> e.blobId().toByteArray();
            case PooledBlobDeleted e -> e.blobId().toByteArray();
            case null, default -> null;
        };
    }

    static byte @Nullable [] objectId(@Nullable WalrusEvent event) {
        return switch (event) {
            case BlobRegistered e -> e.objectId().toByteArray();
            case BlobCertified e -> e.objectId().toByteArray();
            case BlobDeleted e -> e.objectId().toByteArray();
            case PooledBlobRegistered e -> e.objectId().toByteArray();
            case PooledBlobCertified e -> e.objectId().toByteArray();
            case PooledBlobDeleted e -> e.objectId().toByteArray();
            case null, default -> null;
        };
    }

    static byte @Nullable [] storagePoolId(@Nullable WalrusEvent event) {
        return switch (event) {
            case PooledBlobRegistered e -> e.storagePoolId().toByteArray();
            case PooledBlobCertified e -> e.storagePoolId().toByteArray();
            case PooledBlobDeleted e -> e.storagePoolId().toByteArray();
            case StoragePoolCreated e -> e.storagePoolId().toByteArray();
            case StoragePoolExtended e -> e.storagePoolId().toByteArray();
            case null, default -> null;
        };
    }
}
