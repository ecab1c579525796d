package dev.vibrissa.api.blob;

import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.util.Optional;

/** The status of one blob, for other packages. */
public final class BlobStatuses {
    private BlobStatuses() {}

    /** The event that the status of a blob names: what raised the end of a permanent one, or made it invalid. */
    public static Optional<EventId> decidingEvent(Snapshot db, Moment moment, BlobId blobId) {
        var life = BlobFacts.fold(blobId, moment, BlobFacts.of(db, blobId, moment));
        return switch (life.status(Math.max(moment.epoch(), life.epoch()))) {
            case BlobStatus.Permanent permanent -> permanent.statusEvent();
            case BlobStatus.Invalid(var event) -> Optional.of(event);
            case BlobStatus.Deletable _, BlobStatus.Nonexistent _ -> Optional.empty();
        };
    }
}
