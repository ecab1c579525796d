package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.StoragePoolEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The naive twin of {@link BlobLife}: tables and counters as a storage node keeps them, rows removed at every epoch
 * change, counters moved by every event. Written from the node's transition tables, for one blob id.
 */
final class NodeTables {
    private record Row(@Nullable SuiAddress pool, long end, boolean deletable, boolean certified) {}

    /** Several permanent objects: how many, and how long the longest lives. */
    private record PermanentInfo(int count, long end, EventId event) {
        static PermanentInfo plusOne(@Nullable PermanentInfo info, long end, EventId event) {
            if (info == null) {
                return new PermanentInfo(1, end, event);
            }
            return end > info.end
                    ? new PermanentInfo(info.count + 1, end, event)
                    : new PermanentInfo(info.count + 1, info.end, info.event);
        }

        static @Nullable PermanentInfo minusOne(PermanentInfo info) {
            return info.count == 1 ? null : new PermanentInfo(info.count - 1, info.end, info.event);
        }

        PermanentInfo extended(long newEnd, EventId cause) {
            return newEnd > end ? new PermanentInfo(count, newEnd, cause) : this;
        }
    }

    private final Map<SuiAddress, Row> rows = new HashMap<>();
    private final Map<SuiAddress, Long> pools = new HashMap<>();
    private int deletableTotal;
    private int deletableCertified;
    private @Nullable PermanentInfo permanentTotal;
    private @Nullable PermanentInfo permanentCertified;
    private @Nullable Long initialCertifiedEpoch;
    private @Nullable EventId invalid;
    private BlobStatus.Why why = BlobStatus.Why.NEVER;

    void happened(EventId id, WalrusEvent event) {
        switch (event) {
            case BlobEvent.BlobRegistered e -> {
                rows.put(e.objectId(), new Row(null, e.endEpoch(), e.deletable(), false));
                if (e.deletable()) {
                    deletableTotal++;
                } else {
                    permanentTotal = PermanentInfo.plusOne(permanentTotal, e.endEpoch(), id);
                }
            }
            case BlobEvent.PooledBlobRegistered e -> {
                rows.put(e.objectId(), new Row(e.storagePoolId(), 0, e.deletable(), false));
                deletableTotal++;
            }
            case BlobEvent.BlobCertified e
            when e.isExtension() -> {
                rows.put(e.objectId(), new Row(null, e.endEpoch(), e.deletable(), true));
                if (!e.deletable()) {
                    permanentTotal = present(permanentTotal).extended(e.endEpoch(), id);
                    permanentCertified = present(permanentCertified).extended(e.endEpoch(), id);
                }
            }
            case BlobEvent.BlobCertified e -> {
                boolean was = wasCertified(e.epoch());
                rows.put(e.objectId(), new Row(null, e.endEpoch(), e.deletable(), true));
                if (e.deletable()) {
                    deletableCertified++;
                } else {
                    permanentCertified = PermanentInfo.plusOne(permanentCertified, e.endEpoch(), id);
                }
                certified(was, e.epoch());
            }
            case BlobEvent.PooledBlobCertified e -> {
                boolean was = wasCertified(e.epoch());
                rows.put(e.objectId(), new Row(e.storagePoolId(), 0, e.deletable(), true));
                deletableCertified++;
                certified(was, e.epoch());
            }
            case BlobEvent.BlobDeleted e -> remove(e.objectId(), BlobStatus.Why.DELETED);
            case BlobEvent.PooledBlobDeleted e -> remove(e.objectId(), BlobStatus.Why.DELETED);
            case BlobEvent.InvalidBlobID _ -> invalid = invalid == null ? id : invalid;
            case StoragePoolEvent.StoragePoolCreated e -> pools.put(e.storagePoolId(), e.endEpoch());
            case StoragePoolEvent.StoragePoolExtended e -> pools.merge(e.storagePoolId(), e.newEndEpoch(), Math::max);
            case EpochEvent.EpochChangeStart e -> collect(e.epoch());
            default -> throw new AssertionError(event);
        }
    }

    private void collect(long epoch) {
        pools.values().removeIf(end -> end <= epoch);
        for (var object : List.copyOf(rows.keySet())) {
            var row = present(rows.get(object));
            if (row.pool == null ? row.end <= epoch : !pools.containsKey(row.pool)) {
                remove(object, BlobStatus.Why.EXPIRED);
            }
        }
    }

    private void remove(SuiAddress object, BlobStatus.Why why) {
        var row = present(rows.remove(object));
        if (row.pool != null || row.deletable) {
            deletableTotal--;
            deletableCertified -= row.certified ? 1 : 0;
        } else {
            permanentTotal = PermanentInfo.minusOne(present(permanentTotal));
            if (row.certified) {
                permanentCertified = PermanentInfo.minusOne(present(permanentCertified));
            }
        }
        if (deletableCertified == 0 && permanentCertified == null) {
            initialCertifiedEpoch = null;
        }
        this.why = why;
    }

    private boolean wasCertified(long epoch) {
        return initialCertifiedEpoch != null
                && initialCertifiedEpoch <= epoch
                && ((permanentCertified != null && permanentCertified.end > epoch) || deletableCertified > 0);
    }

    private void certified(boolean was, long epoch) {
        if (!was || initialCertifiedEpoch == null || initialCertifiedEpoch > epoch) {
            initialCertifiedEpoch = epoch;
        }
    }

    BlobStatus status(long epoch) {
        if (invalid != null) {
            return new BlobStatus.Invalid(invalid);
        }
        var counts = new BlobStatus.DeletableCounts(deletableTotal, deletableCertified);
        var initial = Optional.ofNullable(initialCertifiedEpoch);
        if (permanentCertified != null && permanentCertified.end > epoch) {
            return new BlobStatus.Permanent(
                    permanentCertified.end, true, Optional.of(permanentCertified.event), counts, initial);
        }
        if (permanentTotal != null && permanentTotal.end > epoch) {
            return new BlobStatus.Permanent(
                    permanentTotal.end, false, Optional.of(permanentTotal.event), counts, initial);
        }
        return deletableTotal > 0 || deletableCertified > 0
                ? new BlobStatus.Deletable(initial, counts)
                : new BlobStatus.Nonexistent(why);
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("the history is not legal");
        }
        return value;
    }
}
