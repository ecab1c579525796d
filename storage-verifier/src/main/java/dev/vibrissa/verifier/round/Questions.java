package dev.vibrissa.verifier.round;

import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.FrameBlob;
import java.util.List;
import java.util.Optional;

/** How nodes are asked: over the wire, by {@link Prober}, or in a test of what follows from answers. */
public interface Questions {
    /**
     * Asks until something is proven, false or refused for good, or as often as the method says.
     *
     * @param epoch of the committee that {@code node} is asked as a member of
     * @param node whose draw it is
     * @param heir who owns the shard in the epoch that is beginning, if that is another: asked once, when the member fails
     * @param others who may have the blob's metadata
     */
    Asked ask(
            Draw draw,
            FrameBlob blob,
            long epoch,
            StorageNode node,
            Optional<StorageNode> heir,
            List<StorageNode> others)
            throws InterruptedException;

    /** The node's word that it keeps its part of a blob, whatever was drawn. */
    Answer claim(FrameBlob blob, long epoch, StorageNode node) throws InterruptedException;
}
