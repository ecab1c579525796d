package dev.vibrissa.protocol.walrus.snapshot;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.walrus.status.EventId;

/**
 * Which moment a snapshot shows: {@code epoch} has just begun and what ended with it is gone.
 *
 * @param event the {@code EpochChangeStart} of the epoch
 * @param nextEventIndex number of the element that follows it, of all that event blobs have
 */
public record SnapshotHeader(long epoch, EventId event, long nextEventIndex) {
    static SnapshotHeader decode(BcsReader in) {
        long epoch = in.u32();
        in.variant("cursor", 1);
        return new SnapshotHeader(epoch, SnapshotEntry.eventId(in), in.u64());
    }

    void encode(BcsWriter out) {
        out.u32(epoch).uleb(0);
        SnapshotEntry.encode(event, out);
        out.u64(nextEventIndex);
    }
}
