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
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Map<SuiAddress, Holding> poolsLeft = new HashMap<>();
    private final Map<Integer, SuiAddress> poolsByCommand = new HashMap<>();
    private final Set<SuiAddress> existing = new HashSet<>();

    Holdings(TransactionFacts transaction) {
        for (ObjectFact object : transaction.objects()) {
            // What was there before is where calls begin; what was not was made by them, and only its size counts.
            object.after().ifPresent(this::take);
            if (object.change().exists()) {
                existing.add(object.id());
                if (value(object.after()) instanceof SharedBlob shared) {
                    existing.add(shared.blob().id());
                }
            }
        }
        poolsLeft.putAll(pools);
        for (ObjectFact object : transaction.objects()) {
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

    /** Whether an object is there after the transaction, as far as it shows. */
    boolean exists(SuiAddress objectId) {
        return existing.contains(objectId);
    }

    /** Bytes of a pool as the transaction left it. */
    Optional<Long> bytesLeft(SuiAddress poolId) {
        return Optional.ofNullable(poolsLeft.get(poolId)).map(Holding::bytes);
    }

    Optional<SuiAddress> madeBy(int command) {
        return Optional.ofNullable(poolsByCommand.get(command));
    }

    void madeBy(int command, SuiAddress poolId) {
        poolsByCommand.put(command, poolId);
    }

    /** The pool that the transaction touches, if it is one. */
    Optional<SuiAddress> onlyPool() {
        return pools.size() == 1 ? pools.keySet().stream().findFirst() : Optional.empty();
    }

    void extended(SuiAddress blobObject, long endEpoch) {
        blobs.computeIfPresent(blobObject, (_, was) -> new Holding(was.bytes(), endEpoch));
    }

    void created(StoragePoolCreated event) {
        pools.put(event.storagePoolId(), new Holding(event.reservedEncodedCapacityBytes(), event.endEpoch()));
    }

    void extendedPool(SuiAddress poolId, long endEpoch) {
        pools.computeIfPresent(poolId, (_, was) -> new Holding(was.bytes(), endEpoch));
    }

    void enlarged(SuiAddress poolId, long bytes) {
        pools.computeIfPresent(poolId, (_, was) -> new Holding(was.bytes() + bytes, was.endEpoch()));
    }
}
