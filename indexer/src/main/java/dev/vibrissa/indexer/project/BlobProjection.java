package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.project.BlobRows.Place;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobEvent.DenyListBlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.InvalidBlobID;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobDeleted;
import dev.vibrissa.protocol.walrus.BlobEvent.PooledBlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolCreated;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.Metadata;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.StoragePool;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import dev.vibrissa.protocol.walrus.object.WalrusObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Blobs, their objects, terms and attributes, storage pools and shared blobs.
 *
 * <p>Events say what the contract did; object changes say who holds what. Within a transaction events come first:
 * an object that is gone although no event deleted it was burned.
 */
final class BlobProjection {
    private final BlobRows rows;
    private final long checkpoint;
    private final TransactionFacts transaction;
    private final PackageChain packages;
    private final TermReasons reasons;

    private BlobProjection(BlobRows rows, CheckpointFacts checkpoint, TransactionFacts transaction) {
        this.rows = rows;
        this.checkpoint = checkpoint.sequenceNumber();
        this.packages = checkpoint.packagesAfter();
        this.transaction = transaction;
        this.reasons = new TermReasons(transaction);
    }

    /** Folds {@code batch} and writes what changed. */
    static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var days = EndingDays.load(db);
        int stored = 0;
        for (int next = 0; next < batch.size(); next++) {
            if (days.isBegunBy(batch.get(next))) {
                foldPart(db, batch.subList(stored, next));
                days.begin(batch.get(next));
                stored = next;
            }
        }
        foldPart(db, batch.subList(stored, batch.size()));
    }

    private static void foldPart(Connection db, List<CheckpointFacts> batch) throws SQLException {
        if (batch.isEmpty()) {
            return;
        }
        var rows = BlobRows.load(db, batch);
        for (CheckpointFacts each : batch) {
            for (TransactionFacts transaction : each.transactions()) {
                new BlobProjection(rows, each, transaction).fold();
            }
            rows.checkpointIsOver(each.sequenceNumber());
        }
        rows.store(db);
    }

    private void fold() {
        transaction.objects().forEach(this::observe);
        transaction.events().forEach(event -> event.event().ifPresent(known -> happened(event, known)));
        transaction.objects().forEach(this::changed);
        // Last: what a Blob's own disappearance cannot tell, the field or SharedBlob that took it in does.
        transaction.objects().forEach(this::inField);
        transaction.objects().forEach(this::shared);
    }

    /** Takes in what our history shows for the first time as the input of a transaction (DECISIONS 3). */
    private void observe(ObjectFact fact) {
        var before = fact.before().orElse(null);
        @Nullable WalrusObject value = before == null ? null : before.value().orElse(null);
        if (before == null || value == null) {
            return;
        }
        switch (value) {
            case Blob blob -> {
                if (rows.object(blob.id()) == null) {
                    var row = BlobObjectRow.observed(blob);
                    row.ownedBy(before.owner());
                    rows.put(row, checkpoint);
                    rows.term(blob.id(), before(), blob.storage().endEpoch(), "observed");
                }
            }
            case PooledBlob blob -> {
                if (rows.object(blob.id()) == null) {
                    rows.put(BlobObjectRow.observed(blob), checkpoint);
                }
            }
            case SharedBlob shared -> {
                if (rows.object(shared.blob().id()) == null) {
                    var row = BlobObjectRow.observed(shared.blob());
                    row.inSharedBlob(shared.id());
                    rows.put(row, checkpoint);
                    rows.term(
                            shared.blob().id(),
                            before(),
                            shared.blob().storage().endEpoch(),
                            "observed");
                }
            }
            case StoragePoolInner inner -> {
                var poolId = parent(fact);
                if (poolId != null && rows.pool(poolId) == null) {
                    var storage = inner.storage();
                    rows.put(new StoragePoolRow(poolId, true, storage.startEpoch(), storage.endEpoch()));
                    rows.poolTerm(poolId, before(), storage.endEpoch());
                }
            }
            default -> {}
        }
    }

    private void happened(EventFact fact, WalrusEvent event) {
        var at = new Place(checkpoint, transaction.index(), fact.ordinal(), transaction.digest());
        switch (event) {
            case BlobRegistered e -> {
                var row = new BlobObjectRow(e.objectId(), e.blobId(), null, e.deletable(), false);
                row.size = BlobObjectRow.unsigned(e.size());
                row.encodingType = e.encodingType();
                row.endEpoch = e.endEpoch();
                registered(row, e.epoch());
                // Until an object change says otherwise: created and destroyed within the transaction.
                row.eventBlob = EventBlobs.isOne(transaction, packages, e);
                row.gone(row.eventBlob ? "event-blob" : "burned");
                rows.put(row, checkpoint);
                rows.term(e.objectId(), at, e.endEpoch(), "registered");
            }
            case PooledBlobRegistered e -> {
                var row = new BlobObjectRow(e.objectId(), e.blobId(), e.storagePoolId(), e.deletable(), false);
                row.size = BlobObjectRow.unsigned(e.unencodedSize());
                row.encodingType = e.encodingType();
                registered(row, e.epoch());
                row.inPool(e.storagePoolId());
                rows.put(row, checkpoint);
            }
            case BlobCertified e -> {
                var row = rows.objectOr(e.objectId(), checkpoint, () -> {
                    var unseen = new BlobObjectRow(e.objectId(), e.blobId(), null, e.deletable(), true);
                    unseen.endEpoch = e.endEpoch();
                    unseen.certifiedEpoch = e.epoch();
                    return unseen;
                });
                if (e.isExtension()) {
                    row.endEpoch = e.endEpoch();
                    rows.term(e.objectId(), at, e.endEpoch(), reasons.of(fact, row));
                } else {
                    certified(row, e.epoch());
                }
            }
            case PooledBlobCertified e ->
                certified(
                        rows.objectOr(
                                e.objectId(),
                                checkpoint,
                                () -> unseenPooled(e.objectId(), e.blobId(), e.storagePoolId(), e.deletable())),
                        e.epoch());
            case BlobDeleted e ->
                deleted(
                        rows.objectOr(e.objectId(), checkpoint, () -> {
                            var unseen = new BlobObjectRow(e.objectId(), e.blobId(), null, true, true);
                            unseen.endEpoch = e.endEpoch();
                            return unseen;
                        }),
                        e.epoch());
            case PooledBlobDeleted e ->
                deleted(
                        rows.objectOr(
                                e.objectId(),
                                checkpoint,
                                () -> unseenPooled(e.objectId(), e.blobId(), e.storagePoolId(), true)),
                        e.epoch());
            case StoragePoolCreated e -> {
                var pool = new StoragePoolRow(e.storagePoolId(), false, e.startEpoch(), e.endEpoch());
                pool.createdCheckpoint = checkpoint;
                pool.createdTx = transaction.digest();
                pool.reserved = BlobObjectRow.unsigned(e.reservedEncodedCapacityBytes());
                rows.put(pool);
                rows.poolTerm(e.storagePoolId(), at, e.endEpoch());
            }
            case StoragePoolExtended e -> {
                var pool = rows.pool(e.storagePoolId());
                if (pool == null) {
                    pool = new StoragePoolRow(e.storagePoolId(), true, e.epoch(), e.newEndEpoch());
                }
                pool.endEpoch = Math.max(pool.endEpoch, e.newEndEpoch());
                rows.put(pool);
                rows.poolTerm(e.storagePoolId(), at, pool.endEpoch);
                rows.poolExtended(e.storagePoolId());
            }
            case InvalidBlobID e -> rows.invalid(e.blobId(), checkpoint);
            case DenyListBlobDeleted e -> rows.denyListed(e.blobId(), checkpoint);
            default -> {
                // Epochs, prices, upgrades: other projections fold them.
            }
        }
    }

    private void registered(BlobObjectRow row, long epoch) {
        row.registeredEpoch = epoch;
        row.registeredCheckpoint = checkpoint;
        row.registeredTx = transaction.digest();
    }

    private void certified(BlobObjectRow row, long epoch) {
        row.certifiedEpoch = epoch;
        row.certifiedCheckpoint = checkpoint;
        row.certifiedTx = transaction.digest();
        rows.put(row, checkpoint);
    }

    private void deleted(BlobObjectRow row, long epoch) {
        row.deletedEpoch = epoch;
        row.deletedCheckpoint = checkpoint;
        row.deletedTx = transaction.digest();
        row.gone("deleted");
        rows.put(row, checkpoint);
    }

    private static BlobObjectRow unseenPooled(SuiAddress objectId, BlobId blobId, SuiAddress pool, boolean deletable) {
        var row = new BlobObjectRow(objectId, blobId, pool, deletable, true);
        row.inPool(pool);
        return row;
    }

    private void changed(ObjectFact fact) {
        @Nullable
        WalrusObject value = fact.lastState().flatMap(ObjectState::value).orElse(null);
        switch (value) {
            case Blob blob when !blob.id().equals(fact.id()) -> {
                // In a dynamic field: folded once the Blob's own change is.
            }
            case Blob blob ->
                handle(fact, () -> {
                    // Unwrapped from somewhere before our history began.
                    var row = BlobObjectRow.observed(blob);
                    rows.term(blob.id(), before(), blob.storage().endEpoch(), "observed");
                    return row;
                });
            case PooledBlob blob -> handle(fact, () -> BlobObjectRow.observed(blob));
            case Metadata metadata -> {
                var blob = parent(fact);
                if (blob != null) {
                    rows.attributes(blob, fact.change().exists() ? Optional.of(metadata) : Optional.empty());
                    var row = rows.object(blob);
                    if (row != null) {
                        rows.put(row, checkpoint);
                    }
                }
            }
            case StoragePool _ -> {
                var pool = rows.pool(fact.id());
                if (pool != null) {
                    switch (fact.change()) {
                        case DELETED, FLEETING -> {
                            pool.held("gone", null);
                            pool.destroyedCheckpoint = checkpoint;
                            pool.destroyedTx = transaction.digest();
                        }
                        case WRAPPED -> pool.held("wrapped", null);
                        case CREATED, MUTATED, UNWRAPPED, OBSERVED ->
                            fact.after().ifPresent(state -> pool.ownedBy(state.owner()));
                    }
                    rows.put(pool);
                }
            }
            case StoragePoolInner inner -> {
                var poolId = parent(fact);
                var pool = poolId == null ? null : rows.pool(poolId);
                if (pool != null && fact.change().exists()) {
                    pool.reserved = BlobObjectRow.unsigned(inner.storage().storageSize());
                    pool.used = BlobObjectRow.unsigned(inner.usedEncodedBytes());
                    pool.blobs = BlobObjectRow.unsigned(inner.blobCount());
                    rows.put(pool);
                }
            }
            case null -> {
                var row = rows.object(fact.id());
                if (row != null) {
                    gone(fact, row); // its type cannot be told from the effects, but we know the id
                }
                var pool = rows.pool(fact.id());
                if (pool != null && fact.change() == Change.DELETED) {
                    pool.held("gone", null);
                    pool.destroyedCheckpoint = checkpoint;
                    pool.destroyedTx = transaction.digest();
                    rows.put(pool);
                }
            }
            default -> {}
        }
    }

    private void handle(ObjectFact fact, Supplier<BlobObjectRow> unseen) {
        if (!fact.change().exists()) {
            var row = rows.object(fact.id());
            if (row != null) {
                gone(fact, row);
            }
            return;
        }
        var row = rows.objectOr(fact.id(), checkpoint, unseen);
        if (row.storagePoolId != null) {
            row.inPool(row.storagePoolId);
        } else {
            fact.after().ifPresent(state -> row.ownedBy(state.owner()));
        }
        rows.put(row, checkpoint);
    }

    /** A Blob that somebody put into a dynamic field: an object of its own only in the eyes of its owner. */
    private void inField(ObjectFact fact) {
        var parent = parent(fact);
        if (parent != null
                && fact.after().flatMap(ObjectState::value).orElse(null) instanceof Blob blob
                && !blob.id().equals(fact.id())) {
            var row = rows.objectOr(blob.id(), checkpoint, () -> {
                rows.term(blob.id(), before(), blob.storage().endEpoch(), "observed");
                return BlobObjectRow.observed(blob);
            });
            row.ownedBy(new Owner.ObjectOwner(parent));
            rows.put(row, checkpoint);
        }
    }

    private void gone(ObjectFact fact, BlobObjectRow row) {
        switch (fact.change()) {
            case DELETED -> row.gone(Objects.equals(row.deletedTx, transaction.digest()) ? "deleted" : "burned");
            case WRAPPED, FLEETING -> row.wrapped();
            case CREATED, MUTATED, UNWRAPPED, OBSERVED -> {}
        }
        rows.put(row, checkpoint);
    }

    private void shared(ObjectFact fact) {
        if (fact.after().flatMap(ObjectState::value).orElse(null) instanceof SharedBlob shared) {
            var row = rows.objectOr(shared.blob().id(), checkpoint, () -> {
                rows.term(shared.blob().id(), before(), shared.blob().storage().endEpoch(), "observed");
                return BlobObjectRow.observed(shared.blob());
            });
            row.inSharedBlob(shared.id());
            rows.put(row, checkpoint);
            rows.shared(shared, fact.change() == Change.CREATED ? checkpoint : null);
        }
    }

    /** The place of a state found before the first event of the transaction. */
    private Place before() {
        return new Place(checkpoint, transaction.index(), -1, transaction.digest());
    }

    /** Whose dynamic field the object is. */
    static @Nullable SuiAddress parent(ObjectFact fact) {
        return fact.lastState()
                .map(state -> state.owner() instanceof Owner.ObjectOwner(var parent) ? parent : SuiAddress.ZERO)
                .filter(parent -> !parent.isZero())
                .orElse(null);
    }
}
