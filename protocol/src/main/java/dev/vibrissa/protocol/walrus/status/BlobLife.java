package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.DenyListEvent;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.PackageEvent;
import dev.vibrissa.protocol.walrus.ProtocolEvent;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The life of one blob id, folded from its facts in chain order.
 *
 * <p>Nothing is ever removed when it expires: an object is alive in epoch {@code e} if it was not deleted and ends
 * after {@code e}. So expiry needs no event, and {@link #status} is a function of the objects and of the epoch asked
 * for. Only two things depend on the order of events and are carried along: since when the blob is certified without
 * interruption, and which event first brought about the greatest end.
 *
 * <p>A complete life knows every fact from the blob's first on and refuses what cannot follow. A partial one begins
 * somewhere: there an event may speak of an object or pool never heard of, which is then taken in as the event has it.
 *
 * <p>Mutable, not safe for use by several threads; whoever folds owns it.
 *
 * @see "walrus, crates/walrus-service/src/node/storage/blob_info.rs"
 */
public final class BlobLife {
    /** The greatest end so far of some objects, and the first event that brought it about, if we saw it. */
    private record Peak(long endEpoch, Optional<EventId> event) {
        static final Peak NONE = new Peak(0, Optional.empty());

        Peak raised(long end, Optional<EventId> cause) {
            return end > endEpoch ? new Peak(end, cause) : this;
        }
    }

    private final BlobId blobId;
    private final boolean complete;
    private final Map<SuiAddress, BlobObject> objects = new LinkedHashMap<>();
    private final Map<SuiAddress, Long> poolEnds = new HashMap<>();
    // Permanent objects cannot be deleted and leave in the order of their ends, so a peak stands until it expires.
    private Peak permanent = Peak.NONE;
    private Peak permanentCertified = Peak.NONE;
    private Optional<Long> certifiedSince = Optional.empty();
    private Optional<EventId> invalid = Optional.empty();
    private Optional<EventId> denyListing = Optional.empty();
    private OptionalLong size = OptionalLong.empty();
    private long epoch;
    private Position position = new Position(-1, -1);
    private @Nullable EventId lastEvent;

    private BlobLife(BlobId blobId, boolean complete) {
        this.blobId = blobId;
        this.complete = complete;
    }

    /** A life of which every fact will be told. */
    public static BlobLife complete(BlobId blobId) {
        return new BlobLife(blobId, true);
    }

    /** A life that may have begun before the first fact. */
    public static BlobLife partial(BlobId blobId) {
        return new BlobLife(blobId, false);
    }

    public BlobId blobId() {
        return blobId;
    }

    /**
     * Takes in the next fact.
     *
     * @return this
     * @throws BrokenHistoryException if the fact cannot follow those before it; the life is then of no further use
     * @throws IllegalArgumentException if the fact does not concern this blob id
     */
    public BlobLife apply(BlobFact fact) {
        if (fact.position().compareTo(position) < 0) {
            throw new BrokenHistoryException(fact.position(), "comes after " + position);
        }
        position = fact.position();
        switch (fact) {
            case BlobFact.Happened happened -> happened(happened.id(), happened.event());
            case BlobFact.Observed observed -> observe(observed);
            case BlobFact.PoolObserved pool -> poolEnds.merge(pool.poolId(), pool.endEpoch(), Math::max);
            case BlobFact.Burned burned -> burn(burned.objectId());
        }
        return this;
    }

    private void happened(EventId id, WalrusEvent event) {
        if (lastEvent != null
                && lastEvent.transaction().equals(id.transaction())
                && lastEvent.ordinal() >= id.ordinal()) {
            throw broken(
                    "event %d of the transaction comes after event %d".formatted(id.ordinal(), lastEvent.ordinal()));
        }
        lastEvent = id;
        advanceClock(event);
        switch (event) {
            case BlobEvent e -> {
                if (!e.blobId().equals(blobId)) {
                    throw new IllegalArgumentException(
                            "%s of %s in the life of %s".formatted(e.name(), e.blobId(), blobId));
                }
                happenedToBlob(id, e);
            }
            case StoragePoolEvent e -> happenedToPool(e);
            case EpochEvent.EpochChangeStart _ -> {} // the clock has moved, and that is all
            case EpochEvent _, PackageEvent _, ProtocolEvent _, DenyListEvent _ ->
                throw new IllegalArgumentException("%s is no part of a blob's life".formatted(event.name()));
        }
    }

    private void advanceClock(WalrusEvent event) {
        boolean isStart = event instanceof EpochEvent.EpochChangeStart;
        // An extension names the epoch of the first certification, which may be long past.
        boolean isExtension = event instanceof BlobEvent.BlobCertified certified && certified.isExtension();
        if (isStart ? event.epoch() <= epoch : event.epoch() < epoch && !isExtension) {
            throw broken("%s of epoch %d in epoch %d".formatted(event.name(), event.epoch(), epoch));
        }
        epoch = Math.max(epoch, event.epoch());
    }

    private void happenedToBlob(EventId id, BlobEvent event) {
        switch (event) {
            case BlobEvent.BlobRegistered e -> {
                if (e.endEpoch() <= e.epoch()) {
                    throw broken("registered in epoch %d until %d".formatted(e.epoch(), e.endEpoch()));
                }
                size = OptionalLong.of(e.size());
                register(id, e.objectId(), new Term.Own(e.endEpoch()), e.deletable());
            }
            case BlobEvent.PooledBlobRegistered e -> {
                size = OptionalLong.of(e.unencodedSize());
                register(id, e.objectId(), inLivePool(e.storagePoolId()), e.deletable());
            }
            case BlobEvent.BlobCertified e when e.isExtension() -> extend(id, e);
            case BlobEvent.BlobCertified e -> certify(id, e.objectId(), new Term.Own(e.endEpoch()), e.deletable());
            case BlobEvent.PooledBlobCertified e ->
                certify(id, e.objectId(), inLivePool(e.storagePoolId()), e.deletable());
            case BlobEvent.BlobDeleted e -> delete(e.objectId(), new Term.Own(e.endEpoch()), e.wasCertified());
            case BlobEvent.PooledBlobDeleted e -> delete(e.objectId(), inLivePool(e.storagePoolId()), e.wasCertified());
            case BlobEvent.InvalidBlobID _ -> invalid = invalid.or(() -> Optional.of(id));
            case BlobEvent.DenyListBlobDeleted _ -> denyListing = denyListing.or(() -> Optional.of(id));
        }
    }

    private void happenedToPool(StoragePoolEvent event) {
        switch (event) {
            case StoragePoolEvent.StoragePoolCreated e -> {
                if (complete && poolEnds.containsKey(e.storagePoolId())) {
                    throw broken("pool %s is created twice".formatted(e.storagePoolId()));
                }
                poolEnds.merge(e.storagePoolId(), e.endEpoch(), Math::max);
            }
            case StoragePoolEvent.StoragePoolExtended e -> {
                inLivePool(e.storagePoolId());
                poolEnds.merge(e.storagePoolId(), e.newEndEpoch(), Math::max);
            }
        }
    }

    /** An event proves its pool alive; of a pool never heard of we know no more than that. */
    private Term inLivePool(SuiAddress pool) {
        long end = poolEnds.getOrDefault(pool, 0L);
        if (complete && end <= epoch) {
            throw broken("pool %s is used in epoch %d but ended in %d".formatted(pool, epoch, end));
        }
        poolEnds.put(pool, Math.max(end, epoch + 1));
        return new Term.InPool(pool);
    }

    private void register(EventId id, SuiAddress objectId, Term term, boolean deletable) {
        if (objects.containsKey(objectId)) {
            throw broken("object %s is registered twice".formatted(objectId));
        }
        adopt(new BlobObject(objectId, term, Optional.of(epoch), Optional.empty(), deletable), Optional.of(id));
    }

    private void certify(EventId id, SuiAddress objectId, Term term, boolean deletable) {
        var object = objects.get(objectId);
        if (object == null) {
            refuseStranger("certified", objectId);
            object = new BlobObject(objectId, term, Optional.empty(), Optional.empty(), deletable);
            adopt(object, Optional.empty()); // what registered it lies before our history
        }
        // Nodes ignore the flag of a pooled blob's events, so it is no reason to call a history broken.
        boolean sameFlag = term instanceof Term.InPool || object.deletable() == deletable;
        if (object.isCertified() || !isAlive(object, epoch) || !object.term().equals(term) || !sameFlag) {
            throw broken("certified in epoch %d for %s, deletable %b, but it is %s"
                    .formatted(epoch, term, deletable, object));
        }
        certified(object.certified(epoch), Optional.of(id));
    }

    private void extend(EventId id, BlobEvent.BlobCertified event) {
        var object = objects.get(event.objectId());
        if (object == null) {
            refuseStranger("extended", event.objectId());
            var since = Optional.of(event.epoch());
            adopt(
                    new BlobObject(
                            event.objectId(),
                            new Term.Own(event.endEpoch()),
                            Optional.empty(),
                            since,
                            event.deletable()),
                    Optional.of(id));
            return;
        }
        if (!object.isCertified()
                || !isAlive(object, epoch)
                || !(object.term() instanceof Term.Own(long endEpoch))
                || event.endEpoch() <= endEpoch
                || event.deletable() != object.deletable()) {
            throw broken("extended to %d, deletable %b, but it is %s"
                    .formatted(event.endEpoch(), event.deletable(), object));
        }
        objects.put(object.objectId(), object.extended(event.endEpoch()));
        if (object.isPermanent()) {
            permanent = permanent.raised(event.endEpoch(), Optional.of(id));
            permanentCertified = permanentCertified.raised(event.endEpoch(), Optional.of(id));
        }
    }

    private void delete(SuiAddress objectId, Term term, boolean wasCertified) {
        var object = objects.get(objectId);
        if (object == null) {
            refuseStranger("deleted", objectId);
            object = new BlobObject(objectId, term, Optional.empty(), Optional.empty(), true);
        } else if (object.isPermanent()
                || !isAlive(object, epoch)
                || !object.term().equals(term)
                || object.isCertified() != wasCertified) {
            throw broken("deleted in epoch %d from %s, certified %b, but it is %s"
                    .formatted(epoch, term, wasCertified, object));
        }
        objects.put(objectId, object.deleted(epoch));
    }

    private void observe(BlobFact.Observed observed) {
        if (!observed.blobId().equals(blobId)) {
            throw new IllegalArgumentException("%s observed in the life of %s".formatted(observed.blobId(), blobId));
        }
        if (objects.containsKey(observed.objectId())) {
            return;
        }
        refuseStranger("observed", observed.objectId());
        size = OptionalLong.of(observed.size());
        epoch = Math.max(epoch, observed.certifiedEpoch().orElse(observed.registeredEpoch()));
        adopt(
                new BlobObject(
                        observed.objectId(),
                        observed.term(),
                        Optional.of(observed.registeredEpoch()),
                        observed.certifiedEpoch(),
                        observed.deletable()),
                Optional.empty());
    }

    private void burn(SuiAddress objectId) {
        var object = objects.get(objectId);
        if (object == null) {
            refuseStranger("burned", objectId);
            return; // of an object never heard of there is no state to change
        }
        objects.put(objectId, object.asBurned());
    }

    private void adopt(BlobObject object, Optional<EventId> cause) {
        objects.put(object.objectId(), object);
        if (object.isPermanent()) {
            permanent = permanent.raised(endEpoch(object), cause);
        }
        if (object.isCertified()) {
            certified(object, cause);
        }
    }

    /** Notes an object that is certified by now; what it does for the blob id depends on the others. */
    private void certified(BlobObject object, Optional<EventId> cause) {
        if (isAlive(object, epoch)) {
            // Either it joins the interval that runs already, or it begins one. Intervals that only touch do not join.
            boolean wasCertified = alive(epoch)
                    .anyMatch(other -> other.isCertified() && !other.objectId().equals(object.objectId()));
            var since = object.certifiedEpoch();
            certifiedSince = wasCertified ? earlier(certifiedSince, since) : since;
        }
        objects.put(object.objectId(), object);
        if (object.isPermanent()) {
            permanentCertified = permanentCertified.raised(endEpoch(object), cause);
        }
    }

    private static Optional<Long> earlier(Optional<Long> one, Optional<Long> other) {
        return Stream.concat(one.stream(), other.stream()).min(Comparator.naturalOrder());
    }

    /** Only a partial life may hear of an object for the first time from anything but its registration. */
    private void refuseStranger(String what, SuiAddress objectId) {
        if (complete) {
            throw broken("object %s is %s but was never registered".formatted(objectId, what));
        }
    }

    private BrokenHistoryException broken(String what) {
        return new BrokenHistoryException(position, "blob %s: %s".formatted(blobId, what));
    }

    /** The status as a storage node whose current epoch is {@code at} gives it. */
    public BlobStatus status(long at) {
        refusePast(at);
        if (invalid.isPresent()) {
            return new BlobStatus.Invalid(invalid.get());
        }
        var counts = new BlobStatus.DeletableCounts(
                (int) alive(at).filter(object -> !object.isPermanent()).count(), (int) alive(at)
                        .filter(object -> !object.isPermanent() && object.isCertified())
                        .count());
        if (permanent.endEpoch > at) {
            boolean isCertified = permanentCertified.endEpoch > at;
            var peak = isCertified ? permanentCertified : permanent;
            return new BlobStatus.Permanent(peak.endEpoch, isCertified, peak.event, counts, initialCertifiedEpoch(at));
        }
        return counts.total() > 0
                ? new BlobStatus.Deletable(initialCertifiedEpoch(at), counts)
                : new BlobStatus.Nonexistent(whyGone());
    }

    /** What became of the blob, in our words, in epoch {@code at}. */
    public BlobState state(long at) {
        return switch (status(at)) {
            case BlobStatus.Invalid _ -> BlobState.INVALID;
            case BlobStatus.Nonexistent(BlobStatus.Why why) ->
                switch (why) {
                    case NEVER -> BlobState.NEVER_SEEN;
                    case EXPIRED -> BlobState.EXPIRED;
                    case DELETED -> BlobState.DELETED;
                };
            case BlobStatus.Permanent _, BlobStatus.Deletable _ -> {
                if (alive(at).allMatch(BlobObject::burned)) {
                    yield BlobState.BURNED;
                }
                yield alive(at).anyMatch(BlobObject::isCertified) ? BlobState.CERTIFIED : BlobState.REGISTERED;
            }
        };
    }

    /** Since which epoch some object of the blob has been certified without interruption up to epoch {@code at}. */
    public Optional<Long> initialCertifiedEpoch(long at) {
        refusePast(at);
        return alive(at).anyMatch(BlobObject::isCertified) ? certifiedSince : Optional.empty();
    }

    /** The greatest end, exclusive, of the objects that are alive in epoch {@code at}. */
    public OptionalLong registeredUntil(long at) {
        refusePast(at);
        return alive(at).mapToLong(this::endEpoch).max();
    }

    /** The greatest end, exclusive, of the certified objects that are alive in epoch {@code at}. */
    public OptionalLong certifiedUntil(long at) {
        refusePast(at);
        return alive(at)
                .filter(BlobObject::isCertified)
                .mapToLong(this::endEpoch)
                .max();
    }

    /** The event that deny-listed the blob. A flag beside the status: no status word of Walrus's knows it. */
    public Optional<EventId> denyListing() {
        return denyListing;
    }

    /** Unencoded bytes, unsigned; unknown if neither a registration nor an object was seen. */
    public OptionalLong size() {
        return size;
    }

    /** The least epoch that can be the current one after what was told. */
    public long epoch() {
        return epoch;
    }

    /** All objects of the blob id, dead ones included, in the order in which they became known. */
    public List<BlobObject> objects() {
        return List.copyOf(objects.values());
    }

    /**
     * When an object ends or ended, exclusive: its own end or its pool's, whether or not it was deleted before. 0 if
     * its pool was never told of.
     */
    public long endEpoch(BlobObject object) {
        return switch (object.term()) {
            case Term.Own(long endEpoch) -> endEpoch;
            case Term.InPool(var pool) -> poolEnds.getOrDefault(pool, 0L);
        };
    }

    /** Whether an object is stored in epoch {@code at}. */
    public boolean isAlive(BlobObject object, long at) {
        return !object.isDeleted() && endEpoch(object) > at;
    }

    private Stream<BlobObject> alive(long at) {
        return objects.values().stream().filter(object -> isAlive(object, at));
    }

    /** What removed the last object, all being gone. */
    private BlobStatus.Why whyGone() {
        if (objects.isEmpty()) {
            return BlobStatus.Why.NEVER;
        }
        long lastExpiry = objects.values().stream()
                .filter(object -> !object.isDeleted())
                .mapToLong(this::endEpoch)
                .max()
                .orElse(-1);
        long lastDeletion = objects.values().stream()
                .flatMap(object -> object.deletedEpoch().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(-1);
        // What ends in an epoch goes at its very start, before anything can be deleted in it.
        return lastDeletion >= lastExpiry ? BlobStatus.Why.DELETED : BlobStatus.Why.EXPIRED;
    }

    private void refusePast(long at) {
        if (at < epoch) {
            throw new IllegalArgumentException(
                    "epoch %d is asked for, but the facts reach into epoch %d".formatted(at, epoch));
        }
    }
}
