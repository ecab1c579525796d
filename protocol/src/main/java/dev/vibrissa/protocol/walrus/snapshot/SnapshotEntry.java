package dev.vibrissa.protocol.walrus.snapshot;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.util.Optional;

/**
 * A row of a blob-info snapshot. Epochs are unsigned 32-bit, ends exclusive; {@code event} is the last that changed the
 * row.
 *
 * @see "walrus, crates/walrus-service/src/node/storage/blob_info_snapshot.rs"
 */
public sealed interface SnapshotEntry {
    /** The object's or pool's id. */
    SuiAddress key();

    /** The value, a BCS enum of one variant so far. */
    void encode(BcsWriter out);

    /**
     * A {@code Blob} object.
     *
     * @param deleted never true in practice: what is deleted has no row
     */
    record OfObject(
            SuiAddress key,
            BlobId blobId,
            long registeredEpoch,
            Optional<Long> certifiedEpoch,
            long endEpoch,
            boolean deletable,
            EventId event,
            boolean deleted)
            implements SnapshotEntry {
        static OfObject decode(SuiAddress key, BcsReader in) {
            in.variant("per-object blob info", 1);
            return new OfObject(
                    key,
                    BlobId.decode(in),
                    in.u32(),
                    in.option(BcsReader::u32),
                    in.u32(),
                    in.bool(),
                    eventId(in),
                    in.bool());
        }

        @Override
        public void encode(BcsWriter out) {
            out.uleb(0);
            blobId.encode(out);
            out.u32(registeredEpoch)
                    .option(certifiedEpoch, BcsWriter::u32)
                    .u32(endEpoch)
                    .bool(deletable);
            SnapshotEntry.encode(event, out);
            out.bool(deleted);
        }
    }

    /** A storage pool. */
    record OfPool(SuiAddress key, long startEpoch, long endEpoch) implements SnapshotEntry {
        static OfPool decode(SuiAddress key, BcsReader in) {
            in.variant("storage pool", 1);
            return new OfPool(key, in.u32(), in.u32());
        }

        @Override
        public void encode(BcsWriter out) {
            out.uleb(0).u32(startEpoch).u32(endEpoch);
        }
    }

    /** A {@code PooledBlob} object. */
    record OfPooledObject(
            SuiAddress key,
            BlobId blobId,
            long registeredEpoch,
            Optional<Long> certifiedEpoch,
            SuiAddress poolId,
            EventId event)
            implements SnapshotEntry {
        static OfPooledObject decode(SuiAddress key, BcsReader in) {
            in.variant("pooled per-object blob info", 1);
            return new OfPooledObject(
                    key, BlobId.decode(in), in.u32(), in.option(BcsReader::u32), SuiAddress.decode(in), eventId(in));
        }

        @Override
        public void encode(BcsWriter out) {
            out.uleb(0);
            blobId.encode(out);
            out.u32(registeredEpoch).option(certifiedEpoch, BcsWriter::u32);
            poolId.encode(out);
            SnapshotEntry.encode(event, out);
        }
    }

    static EventId eventId(BcsReader in) {
        var transaction = Digest.decode(in);
        int start = in.position();
        long ordinal = in.u64();
        if (ordinal < 0 || ordinal > Integer.MAX_VALUE) {
            throw new BcsException("an event has number " + Long.toUnsignedString(ordinal), start);
        }
        return new EventId(transaction, (int) ordinal);
    }

    static void encode(EventId event, BcsWriter out) {
        event.transaction().encodeWithLength(out);
        out.u64(event.ordinal());
    }
}
