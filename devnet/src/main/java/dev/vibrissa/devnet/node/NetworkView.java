package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.status.BlobStatus;
import java.util.Set;

/**
 * The chain as one storage node sees it, as of now. Asked several times for each question to the node, so it answers from
 * memory. Safe for use by several threads.
 */
public interface NetworkView {
    /** The Walrus epoch. */
    long epoch();

    /** The shards that the committee of {@code epoch} assigns to this node; none if it is no member. */
    Set<Integer> shards(long epoch);

    BlobStatus status(BlobId blobId);

    /** Whether {@code object} is a live deletable object of the blob. */
    boolean isRegistered(BlobId blobId, SuiAddress object);

    /** Whether the blob is on the node's own deny list. */
    boolean isDenied(BlobId blobId);

    /** Walrus events that the node has handled. */
    long events();

    /** The last Sui checkpoint that the node has seen. */
    long checkpoint();
}
