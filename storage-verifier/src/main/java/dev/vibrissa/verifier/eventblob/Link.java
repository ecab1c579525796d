package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.BlobId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the chain's head, or a newer event blob, says of an event blob.
 *
 * @param lastCheckpoint that it must end with
 * @param nextIndex of the element that must follow it; empty where the newer file could not be read so far
 */
public record Link(BlobId blobId, long lastCheckpoint, OptionalLong nextIndex) {
    public Link(BlobId blobId, long lastCheckpoint) {
        this(blobId, lastCheckpoint, OptionalLong.empty());
    }

    /** Why a file is not the one that is meant; empty if it is. */
    Optional<String> fault(EventBlobFile file) {
        if (file.lastCheckpoint() != lastCheckpoint) {
            return Optional.of("event blob %s ends with checkpoint %d, where %d is due"
                    .formatted(blobId, file.lastCheckpoint(), lastCheckpoint));
        }
        if (nextIndex.isPresent()
                && file.extent().isPresent()
                && file.extent().get().elements() > 0
                && file.extent().get().nextIndex() != nextIndex.getAsLong()) {
            return Optional.of("event blob %s ends before element %d, where %d is due"
                    .formatted(blobId, file.extent().get().nextIndex(), nextIndex.getAsLong()));
        }
        return Optional.empty();
    }
}
