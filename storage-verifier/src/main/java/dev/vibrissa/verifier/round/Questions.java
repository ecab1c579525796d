package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How nodes are asked: over the wire, by {@link Prober}, or in a test of what follows from answers. */
public interface Questions {
    /** Gets what the answer to a draw is held against, so that a burst need not wait for it. */
    void prepare(Draw draw, FrameBlob blob, StorageNode node, List<StorageNode> others) throws InterruptedException;

    /**
     * Asks until something is proven, false or refused for good, or as often as the method says.
     *
     * @param epoch of the committee that {@code node} is asked as a member of
     * @param node whose draw it is
     * @param heir who owns the shard in the epoch that is beginning, if that is another: asked once, when the member fails
     * @param others who may have the blob's metadata
     * @param burstAt when this and the member's other questions of the wave were let go
     */
    Asked ask(
            Draw draw,
            FrameBlob blob,
            long epoch,
            StorageNode node,
            Optional<StorageNode> heir,
            List<StorageNode> others,
            Instant burstAt)
            throws InterruptedException;

    /** The node's word that it keeps its part of a blob, whatever was drawn. */
    Answer claim(FrameBlob blob, long epoch, StorageNode node) throws InterruptedException;

    /** Reads a sliver for nothing: not every read of ours is to be an audit. */
    void cover(FrameBlob blob, int shard, StorageNode node, List<StorageNode> others) throws InterruptedException;

    /** Whether a node says anything at all, when it is asked what any reader asks. */
    boolean hears(BlobId blob, StorageNode node) throws InterruptedException;
}
