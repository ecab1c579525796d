package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.walrus.BlobId;
import java.io.IOException;

/** Where event blobs come from: storage nodes, or a folder of files. */
@FunctionalInterface
public interface EventBlobSource {
    /**
     * Looks for a blob and proves it.
     *
     * @throws IOException if our own disk fails
     */
    Fetched fetch(BlobId blobId) throws IOException, InterruptedException;
}
