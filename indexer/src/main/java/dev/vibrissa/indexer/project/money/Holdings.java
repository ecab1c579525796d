package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.Storage;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The storage behind the blobs and pools that a transaction touches, followed from what it found through its calls. */
final class Holdings {
    /**
     * @param bytes reserved, encoded
     * @param endEpoch exclusive
     */
    record Holding(long bytes, long endEpoch) {
        static Holding of(Storage storage) {
            return new Holding(storage.storageSize(), storage.endEpoch());
        }
    }

    private final Map<SuiAddress, Holding> blobs = new HashMap<>();
    private final Map<SuiAddress, Holding> pools = new HashMap<>();
    private final Map<SuiAddress, SuiAddress> payingSharedBlobs = new HashMap<>();
    private @Nullable SuiAddress lastCreated;

    Holdings(TransactionFacts transaction) {
        for (ObjectFact object : transaction.objects()) {
            // What was there before is where calls begin; what was not was made by them, and only its size counts.
            object.after().ifPresent(this::take);
            object.before().ifPresent(this::take);
            if (value(object.before()) instanceof SharedBlob before
                    && value(object.after()) instanceof SharedBlob after
                    && after.funds() < before.funds()) {
                payingSharedBlobs.put(before.blob().id(), object.id());
            }
        }
    }

    private static @Nullable WalrusObject value(Optional<ObjectState> state) {
        return state.flatMap(ObjectState::value).orElse(null);
    }

    private void take(ObjectState state) {
        switch (state.value().orElse(null)) {
            case Blob blob -> blobs.put(blob.id(), Holding.of(blob.storage()));
            case SharedBlob shared ->
                blobs.put(shared.blob().id(), Holding.of(shared.blob().storage()));
            case StoragePoolInner inner
            when state.owner() instanceof Owner.ObjectOwner(var pool) -> pools.put(pool, Holding.of(inner.storage()));
            case null, default -> {}
        }
    }

    Optional<Holding> blob(SuiAddress objectId) {
        return Optional.ofNullable(blobs.get(objectId));
    }

    Optional<Holding> pool(SuiAddress poolId) {
        return Optional.ofNullable(pools.get(poolId));
    }

    Optional<SuiAddress> payingSharedBlob(SuiAddress blobObject) {
        return Optional.ofNullable(payingSharedBlobs.get(blobObject));
    }

    Optional<SuiAddress> lastCreated() {
        return Optional.ofNullable(lastCreated);
    }

    void extended(SuiAddress blobObject, long endEpoch) {
        blobs.computeIfPresent(blobObject, (_, was) -> new Holding(was.bytes(), endEpoch));
    }

    void created(StoragePoolCreated event) {
        lastCreated = event.storagePoolId();
        pools.put(event.storagePoolId(), new Holding(event.reservedEncodedCapacityBytes(), event.endEpoch()));
    }

    void extendedPool(SuiAddress poolId, long endEpoch) {
        pools.computeIfPresent(poolId, (_, was) -> new Holding(was.bytes(), endEpoch));
    }

    void enlarged(SuiAddress poolId, long bytes) {
        pools.computeIfPresent(poolId, (_, was) -> new Holding(was.bytes() + bytes, was.endEpoch()));
    }
}
