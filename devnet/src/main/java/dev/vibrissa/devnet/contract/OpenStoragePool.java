package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.StoragePool;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;

/**
 * A storage pool with its state and its blobs, which lie in fields.
 *
 * @see "Move: walrus::storage_pool"
 */
final class OpenStoragePool {
    static final String MODULE = "storage_pool";
    private static final long VERSION = 1;

    private final WalrusCall call;
    private final StoragePool pool;
    private final Fields<Long, StoragePoolInner> field;

    private OpenStoragePool(WalrusCall call, StoragePool pool) {
        this.call = call;
        this.pool = pool;
        this.field = call.tx().fields(pool.id(), MoveType.U64, call.types().storagePoolInner);
    }

    /** The pool at this argument, {@code &mut StoragePool}. */
    static OpenStoragePool at(WalrusCall call, int index) {
        return new OpenStoragePool(
                call, call.move().borrow(index, call.types().storagePool).get());
    }

    static StoragePool create(WalrusCall call, Storage storage) {
        var pool = new StoragePool(call.newId(), VERSION);
        call.tx()
                .fields(pool.id(), MoveType.U64, call.types().storagePoolInner)
                .add(VERSION, new StoragePoolInner(storage, 0, 0, new MoveTable(call.newId(), 0)));
        return pool;
    }

    SuiAddress id() {
        return pool.id();
    }

    Storage storage() {
        return inner().storage();
    }

    void storage(Storage storage) {
        field.update(
                pool.version(),
                before -> new StoragePoolInner(storage, before.usedEncodedBytes(), before.blobCount(), before.blobs()));
    }

    /** Encoded bytes that no blob takes. */
    long unused() {
        return inner().storage().storageSize() - inner().usedEncodedBytes();
    }

    PooledBlob blob(BlobId blobId) {
        return blobs().get(blobId);
    }

    void replace(PooledBlob blob) {
        blobs().set(blob.blobId(), blob);
    }

    void add(PooledBlob blob, long encodedSize) {
        Abort.unless(Long.compareUnsigned(encodedSize, unused()) <= 0, MODULE, "add_blob", 6);
        blobs().add(blob.blobId(), blob);
        count(encodedSize, 1);
    }

    /** Takes a blob out, with its attributes, for good. */
    PooledBlob remove(BlobId blobId, int nShards) {
        PooledBlob blob = blobs().remove(blobId);
        count(-SystemState.encodedSize(nShards, blob.unencodedSize(), blob.encodingType()), -1);
        BlobMetadata.of(call, blob.id()).removeIfExists();
        call.tx().delete(blob.id());
        return blob;
    }

    private void count(long encodedBytes, int blobs) {
        field.update(
                pool.version(),
                before -> new StoragePoolInner(
                        before.storage(),
                        before.usedEncodedBytes() + encodedBytes,
                        before.blobCount() + blobs,
                        new MoveTable(before.blobs().id(), before.blobs().size() + blobs)));
    }

    private StoragePoolInner inner() {
        return field.get(pool.version());
    }

    private Fields<BlobId, PooledBlob> blobs() {
        return call.tx().objectFields(inner().blobs().id(), WalrusTypes.BLOB_ID, call.types().pooledBlob);
    }
}
