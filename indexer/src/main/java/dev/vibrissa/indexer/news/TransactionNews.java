package dev.vibrissa.indexer.news;

import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.changes.v1.Holder;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
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
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochParametersSelected;
import dev.vibrissa.protocol.walrus.StoragePoolEvent.StoragePoolExtended;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a transaction says by itself: of blobs, epochs, committees and prices. */
final class TransactionNews {
    private final TransactionFacts transaction;
    private final List<Change.Builder> news = new ArrayList<>();
    /** Objects whose beginning or end an event tells already. */
    private final Set<SuiAddress> told = new HashSet<>();

    private TransactionNews(TransactionFacts transaction) {
        this.transaction = transaction;
    }

    static List<Change.Builder> of(TransactionFacts transaction) {
        var read = new TransactionNews(transaction);
        for (EventFact each : transaction.events()) {
            each.event().ifPresent(read::happened);
        }
        transaction.objects().forEach(read::changedHands);
        read.pricesChanged();
        return read.news;
    }

    private Change.Builder tell() {
        var change = Change.newBuilder();
        news.add(change);
        return change;
    }

    private void happened(WalrusEvent event) {
        switch (event) {
            case BlobRegistered e -> {
                told.add(e.objectId());
                tell().getBlobRegisteredBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEpoch((int) e.epoch())
                        .setEndEpoch((int) e.endEpoch())
                        .setSize(e.size())
                        .setDeletable(e.deletable())
                        .setHolder(holder(e.objectId()));
            }
            case PooledBlobRegistered e -> {
                told.add(e.objectId());
                tell().getBlobRegisteredBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEpoch((int) e.epoch())
                        .setSize(e.unencodedSize())
                        .setDeletable(e.deletable())
                        .setHolder(held(Holder.Kind.POOL, e.storagePoolId()));
            }
            case BlobCertified e
            when e.isExtension() -> {
                var change = tell().getBlobExtendedBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEndEpoch((int) e.endEpoch())
                        .setHolder(holder(e.objectId()));
                before(e.objectId())
                        .ifPresent(blob ->
                                change.setEndEpochBefore((int) blob.storage().endEpoch()));
            }
            case BlobCertified e ->
                tell().getBlobCertifiedBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEpoch((int) e.epoch())
                        .setEndEpoch((int) e.endEpoch())
                        .setDeletable(e.deletable())
                        .setHolder(holder(e.objectId()));
            case PooledBlobCertified e ->
                tell().getBlobCertifiedBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEpoch((int) e.epoch())
                        .setDeletable(e.deletable())
                        .setHolder(held(Holder.Kind.POOL, e.storagePoolId()));
            case BlobDeleted e -> {
                told.add(e.objectId());
                tell().getBlobDeletedBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEpoch((int) e.epoch())
                        .setWasCertified(e.wasCertified())
                        .setHolderBefore(holderBefore(e.objectId()));
            }
            case PooledBlobDeleted e -> {
                told.add(e.objectId());
                tell().getBlobDeletedBuilder()
                        .setBlobId(e.blobId().toString())
                        .setObjectId(e.objectId().toString())
                        .setEpoch((int) e.epoch())
                        .setWasCertified(e.wasCertified())
                        .setHolderBefore(held(Holder.Kind.POOL, e.storagePoolId()));
            }
            case InvalidBlobID e ->
                tell().getBlobInvalidatedBuilder()
                        .setBlobId(e.blobId().toString())
                        .setEpoch((int) e.epoch());
            case DenyListBlobDeleted e ->
                tell().getBlobDeniedBuilder().setBlobId(e.blobId().toString()).setEpoch((int) e.epoch());
            case StoragePoolExtended e ->
                tell().getStoragePoolExtendedBuilder()
                        .setStoragePoolId(e.storagePoolId().toString())
                        .setEpoch((int) e.epoch())
                        .setEndEpoch((int) e.newEndEpoch());
            case EpochChangeStart e -> tell().getEpochBeganBuilder().setEpoch((int) e.epoch());
            case EpochParametersSelected e -> chosen(e.nextEpoch());
            default -> {
                // Votes and upgrades are read from what was folded; the rest is how nodes go about their work.
            }
        }
    }

    /** Who comes and who goes, as soon as the next committee is chosen. */
    private void chosen(long nextEpoch) {
        var staking = transaction.objects().stream()
                .flatMap(object -> object.after().flatMap(ObjectState::value).stream())
                .filter(StakingInner.class::isInstance)
                .map(StakingInner.class::cast)
                .reduce((_, last) -> last);
        var next = staking.flatMap(StakingInner::nextCommittee);
        if (staking.isEmpty() || next.isEmpty()) {
            return;
        }
        var here = staking.get().committee().shards();
        var then = next.get().shards();
        then.forEach((node, shards) -> {
            if (!here.containsKey(node)) {
                tell().getNodeJoiningBuilder()
                        .setNodeId(node.toString())
                        .setEpoch((int) nextEpoch)
                        .setShards(shards.size());
            }
        });
        here.forEach((node, shards) -> {
            if (!then.containsKey(node)) {
                tell().getNodeLeavingBuilder()
                        .setNodeId(node.toString())
                        .setEpoch((int) nextEpoch)
                        .setShardsBefore(shards.size());
            }
        });
    }

    private void pricesChanged() {
        transaction.system().ifPresent(system -> {
            boolean changed = system.storagePriceBefore() != system.storagePrice()
                    || system.writePriceBefore() != system.writePrice();
            if (changed) {
                tell().getPriceChangedBuilder()
                        .setEpoch((int) system.epoch())
                        .setStoragePrice(system.storagePrice())
                        .setWritePrice(system.writePrice())
                        .setStoragePriceBefore(system.storagePriceBefore())
                        .setWritePriceBefore(system.writePriceBefore());
            }
        });
    }

    /** A Blob of its own that somebody else has now, or another object, or nobody. */
    private void changedHands(ObjectFact fact) {
        if (!(fact.lastState().flatMap(ObjectState::value).orElse(null) instanceof Blob blob)
                || !blob.id().equals(fact.id())
                || told.contains(fact.id())) {
            return;
        }
        Holder before = holderBefore(fact);
        Holder after = holder(fact);
        if (before.getKind() != Holder.Kind.KIND_UNSPECIFIED && !before.equals(after)) {
            tell().getBlobHeldBuilder()
                    .setBlobId(blob.blobId().toString())
                    .setObjectId(blob.id().toString())
                    .setEndEpoch((int) blob.storage().endEpoch())
                    .setHolder(after)
                    .setHolderBefore(before);
        }
    }

    private Holder holder(SuiAddress objectId) {
        return fact(objectId).map(TransactionNews::holder).orElseGet(TransactionNews::inside);
    }

    private Holder holderBefore(SuiAddress objectId) {
        return fact(objectId).map(TransactionNews::holderBefore).orElseGet(TransactionNews::inside);
    }

    /** The transaction shows it only inside another object, such as a SharedBlob. */
    private static Holder inside() {
        return Holder.newBuilder().setKind(Holder.Kind.WRAPPED).build();
    }

    private Optional<ObjectFact> fact(SuiAddress objectId) {
        return transaction.objects().stream()
                .filter(each -> each.id().equals(objectId))
                .findFirst();
    }

    private static Holder holder(ObjectFact fact) {
        return switch (fact.change()) {
            case CREATED, MUTATED, UNWRAPPED, OBSERVED ->
                fact.after().map(state -> holder(state.owner())).orElse(Holder.getDefaultInstance());
            case WRAPPED -> inside();
            case DELETED, FLEETING ->
                Holder.newBuilder().setKind(Holder.Kind.GONE).build();
        };
    }

    /** Unspecified where it is not known, or there was nothing. */
    private static Holder holderBefore(ObjectFact fact) {
        return switch (fact.change()) {
            case MUTATED, WRAPPED, DELETED ->
                fact.before().map(state -> holder(state.owner())).orElse(Holder.getDefaultInstance());
            case UNWRAPPED -> inside();
            case CREATED, OBSERVED, FLEETING -> Holder.getDefaultInstance();
        };
    }

    private static Holder holder(Owner owner) {
        return switch (owner) {
            case Owner.AddressOwner(var address) -> held(Holder.Kind.ADDRESS, address);
            case Owner.ConsensusAddress(var _, var address) -> held(Holder.Kind.ADDRESS, address);
            case Owner.ObjectOwner(var parent) -> held(Holder.Kind.OBJECT, parent);
            case Owner.Shared _ ->
                Holder.newBuilder().setKind(Holder.Kind.SHARED).build();
            case Owner.Immutable _ ->
                Holder.newBuilder().setKind(Holder.Kind.IMMUTABLE).build();
        };
    }

    private static Holder held(Holder.Kind kind, SuiAddress id) {
        return Holder.newBuilder().setKind(kind).setId(id.toString()).build();
    }

    /** The Blob as the transaction found it, by itself or inside another object. */
    private Optional<Blob> before(SuiAddress objectId) {
        return transaction.objects().stream()
                .flatMap(each -> each.before().flatMap(ObjectState::value).stream())
                .flatMap(value -> switch (value) {
                    case Blob blob -> Optional.of(blob).stream();
                    case SharedBlob shared -> Optional.of(shared.blob()).stream();
                    default -> Optional.<Blob>empty().stream();
                })
                .filter(blob -> blob.id().equals(objectId))
                .findFirst();
    }
}
