package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.contract.NodeCommittee.Weight;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.object.MoveTable;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.StoragePool;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Storage pools: storage that many blobs share, and that they all end with. */
final class PoolFunctions {
    private static final String SYSTEM = SystemState.MODULE;

    private PoolFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "system")
                .gives("create_storage_pool", PoolFunctions::create)
                .gives("create_storage_pool_with_storage", PoolFunctions::createWithStorage)
                .does("extend_storage_pool", PoolFunctions::extend)
                .does("increase_storage_pool_capacity", PoolFunctions::increase)
                .does("increase_storage_pool_capacity_with_storage", PoolFunctions::increaseWithStorage)
                .gives("decrease_storage_pool_capacity_by_size", call -> decrease(call, _ -> call.u64(2)))
                .gives("decrease_storage_pool_unused_capacity_by_percent", PoolFunctions::decreaseByPercent)
                .does("register_pooled_blob", PoolFunctions::register)
                .does("certify_pooled_blob", PoolFunctions::certify)
                .does("delete_pooled_blob", PoolFunctions::delete)
                .does("burn_expired_pooled_blob", PoolFunctions::burnExpired);
        MoveModule.walrus(modules, types, "storage_pool").gives("destroy", PoolFunctions::destroy);
    }

    private static MoveValue create(WalrusCall call) {
        var system = call.system(0);
        Storage storage =
                call.paying(3, payment -> system.state().reserve(call.newId(), call.u64(1), call.u32(2), payment));
        system.save();
        return create(call, storage, system.state().epoch());
    }

    private static MoveValue createWithStorage(WalrusCall call) {
        long epoch = call.system(0).state().epoch();
        return create(call, call.move().take(1, call.types().storage), epoch);
    }

    private static MoveValue create(WalrusCall call, Storage storage, long epoch) {
        String function = "create_storage_pool_with_storage";
        Abort.unless(storage.storageSize() != 0, SYSTEM, function, 11);
        Abort.unless(storage.startEpoch() <= epoch && storage.endEpoch() > epoch, SYSTEM, function, 2);
        StoragePool pool = OpenStoragePool.create(call, storage);
        call.emit(new StoragePoolCreated(
                epoch, pool.id(), storage.storageSize(), storage.startEpoch(), storage.endEpoch()));
        return call.types().storagePool.of(pool);
    }

    private static void extend(WalrusCall call) {
        var system = call.system(0);
        var pool = OpenStoragePool.at(call, 1);
        Storage storage = pool.storage();
        long epochs = call.u32(2);
        checkAlive(pool, system.state().epoch(), "extend_storage_pool");
        call.paying(3, payment -> {
            system.state().extend(storage.storageSize(), storage.endEpoch(), epochs, payment, "extend_storage_pool");
            return pool;
        });
        system.save();
        pool.storage(Storages.until(storage, storage.endEpoch() + epochs));
        call.emit(new StoragePoolExtended(
                system.state().epoch(), pool.id(), pool.storage().endEpoch()));
    }

    private static void increase(WalrusCall call) {
        var system = call.system(0);
        var pool = OpenStoragePool.at(call, 1);
        Storage storage = pool.storage();
        long more = call.u64(2);
        Abort.unless(more != 0, SYSTEM, "increase_storage_pool_capacity", 11);
        checkAlive(pool, system.state().epoch(), "increase_storage_pool_capacity");
        call.paying(3, payment -> {
            system.state().enlarge(more, storage.endEpoch(), payment);
            return pool;
        });
        system.save();
        pool.storage(Storages.sized(storage, U64.add(storage.storageSize(), more)));
    }

    private static void increaseWithStorage(WalrusCall call) {
        long epoch = call.system(0).state().epoch();
        var pool = OpenStoragePool.at(call, 1);
        Storage more = call.move().take(2, call.types().storage);
        checkAlive(pool, epoch, "increase_storage_pool_capacity_with_storage");
        Abort.unless(more.startEpoch() <= epoch, OpenStoragePool.MODULE, "increase_capacity_with_storage", 1);
        Storage storage = pool.storage();
        Abort.unless(
                more.endEpoch() == storage.endEpoch(), OpenStoragePool.MODULE, "increase_capacity_with_storage", 11);
        call.tx().delete(more.id());
        pool.storage(Storages.sized(storage, U64.add(storage.storageSize(), more.storageSize())));
    }

    private static MoveValue decreaseByPercent(WalrusCall call) {
        int percent = call.move().u8(2);
        Abort.unless(percent <= 100, OpenStoragePool.MODULE, "decrease_unused_capacity_by_percent", 14);
        return decrease(call, pool -> U64.multiplyDivide(pool.unused(), percent, 100));
    }

    private static MoveValue decrease(WalrusCall call, ToLongFunction<OpenStoragePool> size) {
        var pool = OpenStoragePool.at(call, 1);
        checkAlive(pool, call.system(0).state().epoch(), "decrease_storage_pool_capacity_by_size");
        long less = size.applyAsLong(pool);
        Abort.unless(less != 0, "system", "decrease_storage_pool_capacity_by_size", 2);
        Abort.unless(
                Long.compareUnsigned(pool.unused(), less) >= 0, OpenStoragePool.MODULE, "decrease_capacity_by_size", 6);
        var split = Storages.splitBySize(pool.storage(), pool.storage().storageSize() - less, call.newId());
        pool.storage(split.kept());
        return call.types().storage.of(split.rest());
    }

    private static void register(WalrusCall call) {
        var system = call.system(0);
        var pool = OpenStoragePool.at(call, 1);
        long epoch = system.state().epoch();
        Abort.unless(epoch >= pool.storage().startEpoch(), SYSTEM, "register_pooled_blob", 2);
        checkAlive(pool, epoch, "register_pooled_blob");
        var content = new Blobs.Content(
                call.blobId(2),
                call.move().take(3, MoveType.U256),
                call.u64(4),
                call.move().u8(5));
        content.check(OpenStoragePool.MODULE, "new_pooled_blob", 3);
        var blob = new PooledBlob(
                call.newId(),
                epoch,
                content.blobId(),
                content.size(),
                content.encodingType(),
                Optional.empty(),
                pool.id(),
                call.move().bool(6));
        call.emit(new PooledBlobRegistered(
                epoch,
                blob.blobId(),
                blob.unencodedSize(),
                blob.encodingType(),
                blob.deletable(),
                blob.id(),
                pool.id()));
        long encoded = system.state().encodedSize(content.size(), content.encodingType());
        pool.add(blob, encoded);
        call.paying(7, payment -> {
            system.state().payWrite(encoded, payment);
            return blob;
        });
        system.save();
    }

    private static void certify(WalrusCall call) {
        String function = "certify";
        var system = call.system(0).state();
        var pool = OpenStoragePool.at(call, 1);
        var message = NodeCommittee.verify(system.committee(), call.certificate(3), Weight.QUORUM, BlobStored.class);
        PooledBlob blob = pool.blob(call.blobId(2));
        String module = OpenStoragePool.MODULE;
        Abort.unless(blob.blobId().equals(message.blobId()), module, function, 3);
        Abort.unless(system.epoch() < pool.storage().endEpoch(), module, function, 1);
        Abort.unless(blob.certifiedEpoch().isEmpty(), module, function, 2);
        Abort.unless(blob.deletable() == message.deletableObject().isPresent(), module, function, 4);
        Abort.unless(
                message.deletableObject().filter(id -> !id.equals(blob.id())).isEmpty(), module, function, 5);
        pool.replace(new PooledBlob(
                blob.id(),
                blob.registeredEpoch(),
                blob.blobId(),
                blob.unencodedSize(),
                blob.encodingType(),
                Optional.of(system.epoch()),
                blob.storagePoolId(),
                blob.deletable()));
        call.emit(new PooledBlobCertified(system.epoch(), blob.blobId(), blob.deletable(), blob.id(), pool.id()));
    }

    private static void delete(WalrusCall call) {
        var system = call.system(0).state();
        var pool = OpenStoragePool.at(call, 1);
        checkAlive(pool, system.epoch(), "delete_pooled_blob");
        PooledBlob blob = pool.remove(call.blobId(2), system.committee().nShards());
        Abort.unless(blob.deletable(), OpenStoragePool.MODULE, "delete_blob_object", 0);
        call.emit(new PooledBlobDeleted(
                system.epoch(), blob.blobId(), blob.id(), blob.certifiedEpoch().isPresent(), pool.id()));
    }

    private static void burnExpired(WalrusCall call) {
        var system = call.system(0).state();
        var pool = OpenStoragePool.at(call, 1);
        Abort.unless(pool.storage().endEpoch() <= system.epoch(), SYSTEM, "burn_expired_pooled_blob", 2);
        pool.remove(call.blobId(2), system.committee().nShards());
    }

    private static MoveValue destroy(WalrusCall call) {
        StoragePool pool = call.move().take(0, call.types().storagePool);
        StoragePoolInner inner = call.tx()
                .fields(pool.id(), MoveType.U64, call.types().storagePoolInner)
                .remove(pool.version());
        MoveTable blobs = inner.blobs();
        Abort.unless(inner.blobCount() == 0 && blobs.size() == 0, OpenStoragePool.MODULE, "destroy", 7);
        call.tx().delete(blobs.id());
        call.tx().delete(pool.id());
        return call.types().storage.of(inner.storage());
    }

    private static void checkAlive(OpenStoragePool pool, long epoch, String function) {
        Abort.unless(epoch < pool.storage().endEpoch(), SYSTEM, function, 2);
    }
}
