package dev.vibrissa.protocol.walrus.eventblob;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.DenyListEvent;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.PackageEvent;
import dev.vibrissa.protocol.walrus.ProtocolEvent;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.status.BlobFact;
import dev.vibrissa.protocol.walrus.status.BlobLife;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.protocol.walrus.status.BrokenHistoryException;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.protocol.walrus.status.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * All blobs at once, folded from the elements of event blobs, oldest first. What has ended is forgotten where an epoch
 * turns, as storage nodes do, so that memory goes with the blobs that there are, not with those that ever were.
 *
 * <p>Mutable, not safe for use by several threads.
 */
public final class BlobHistory {
    private final Optional<Long> partialSince;
    private final Map<BlobId, BlobLife> lives = new TreeMap<>();
    private final Map<SuiAddress, Long> poolEnds = new HashMap<>();
    private final Map<SuiAddress, Set<BlobId>> blobsInPool = new HashMap<>();
    private long epoch;

    private BlobHistory(Optional<Long> partialSince) {
        this.partialSince = partialSince;
        this.epoch = partialSince.orElse(0L);
    }

    /** One that begins with the first event blob of all. */
    public static BlobHistory complete() {
        return new BlobHistory(Optional.empty());
    }

    /**
     * One whose beginning is lost. By the nodes' own rule events of what had ended before are left out; pools created
     * before cannot be known.
     *
     * @param epoch in force where it begins
     */
    public static BlobHistory partial(long epoch) {
        return new BlobHistory(Optional.of(epoch));
    }

    /**
     * Takes in the next element.
     *
     * @throws BrokenHistoryException if it cannot follow those before it
     */
    public void apply(Element element) {
        switch (element) {
            case Element.Boundary _ -> {}
            case Element.Occurrence occurrence -> apply(occurrence);
        }
    }

    private void apply(Element.Occurrence element) {
        var position = new Position(element.checkpoint(), Math.toIntExact(element.counter()));
        switch (element.event()) {
            case BlobEvent event -> {
                if (!isBefore(event)) {
                    happened(position, element.id(), event);
                }
            }
            case StoragePoolEvent event -> {
                switch (event) {
                    case StoragePoolEvent.StoragePoolCreated e ->
                        poolEnds.merge(e.storagePoolId(), e.endEpoch(), Math::max);
                    case StoragePoolEvent.StoragePoolExtended e ->
                        poolEnds.merge(e.storagePoolId(), e.newEndEpoch(), Math::max);
                }
                for (BlobId member : blobsInPool.getOrDefault(pool(event), Set.of())) {
                    life(member).apply(new BlobFact.Happened(position, element.id(), event));
                }
            }
            case EpochEvent.EpochChangeStart start -> turn(start.epoch());
            case EpochEvent _, PackageEvent _, ProtocolEvent _, DenyListEvent _ -> {}
        }
    }

    private void happened(Position position, EventId id, BlobEvent event) {
        var life = life(event.blobId());
        var pool = pool(event);
        if (pool.isPresent()
                && blobsInPool.computeIfAbsent(pool.get(), _ -> new HashSet<>()).add(event.blobId())
                && poolEnds.containsKey(pool.get())) {
            life.apply(new BlobFact.PoolObserved(position, pool.get(), poolEnds.get(pool.get())));
        }
        life.apply(new BlobFact.Happened(position, id, event));
    }

    private BlobLife life(BlobId blobId) {
        return lives.computeIfAbsent(
                blobId, id -> partialSince.isPresent() ? BlobLife.partial(id) : BlobLife.complete(id));
    }

    private void turn(long next) {
        epoch = next;
        lives.values()
                .removeIf(life -> life.epoch() <= epoch
                        && life.status(epoch) instanceof BlobStatus.Nonexistent
                        && life.denyListing().isEmpty());
        poolEnds.values().removeIf(end -> end <= epoch);
        blobsInPool.keySet().retainAll(poolEnds.keySet());
    }

    /** Whether it speaks of what had ended before the history begins. */
    private boolean isBefore(BlobEvent event) {
        if (partialSince.isEmpty()) {
            return false;
        }
        long since = partialSince.get();
        return switch (event) {
            case BlobEvent.BlobRegistered e -> e.endEpoch() <= since;
            case BlobEvent.BlobCertified e -> e.endEpoch() <= since;
            case BlobEvent.BlobDeleted e -> e.endEpoch() <= since;
            case BlobEvent.InvalidBlobID _,
                    BlobEvent.DenyListBlobDeleted _,
                    BlobEvent.PooledBlobRegistered _,
                    BlobEvent.PooledBlobCertified _,
                    BlobEvent.PooledBlobDeleted _ -> false;
        };
    }

    private static SuiAddress pool(StoragePoolEvent event) {
        return switch (event) {
            case StoragePoolEvent.StoragePoolCreated e -> e.storagePoolId();
            case StoragePoolEvent.StoragePoolExtended e -> e.storagePoolId();
        };
    }

    private static Optional<SuiAddress> pool(BlobEvent event) {
        return switch (event) {
            case BlobEvent.PooledBlobRegistered e -> Optional.of(e.storagePoolId());
            case BlobEvent.PooledBlobCertified e -> Optional.of(e.storagePoolId());
            case BlobEvent.PooledBlobDeleted e -> Optional.of(e.storagePoolId());
            case BlobEvent.BlobRegistered _,
                    BlobEvent.BlobCertified _,
                    BlobEvent.BlobDeleted _,
                    BlobEvent.InvalidBlobID _,
                    BlobEvent.DenyListBlobDeleted _ -> Optional.empty();
        };
    }

    /** The running epoch. */
    public long epoch() {
        return epoch;
    }

    /** Hands out every blob that a storage node would call anything but nonexistent, by ascending id. */
    public void statuses(BiConsumer<BlobId, BlobStatus> sink) {
        lives.forEach((id, life) -> {
            var status = life.status(Math.max(epoch, life.epoch()));
            if (!(status instanceof BlobStatus.Nonexistent)) {
                sink.accept(id, status);
            }
        });
    }
}
