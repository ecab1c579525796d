package dev.vibrissa.verifier.quilt;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.redstuff.quilt.Quilt;
import dev.vibrissa.redstuff.quilt.QuiltFormatException;
import dev.vibrissa.redstuff.quilt.QuiltPatch;
import dev.vibrissa.redstuff.quilt.QuiltPatchId;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs.Holder;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Asks storage nodes for the slivers in which a quilt's list of files stands, each proven by the blob id. */
public final class QuiltReader {
    /** Of the columns in which the list stands: a list of tens of thousands of files. */
    public static final long MOST_BYTES = 32L << 20;

    /** Nodes that are asked for metadata, one after the other. */
    private static final int MOST_ASKED = 5;

    private final NodeClient client;
    private final EncodingConfig config;
    private final List<Holder> holders;
    private final Duration deadline;
    private final RandomGenerator random;

    /** What came of it. */
    public sealed interface Read {
        /** Proven: these are the files that whoever wrote the quilt put into its list. */
        record Listed(List<File> files) implements Read {}

        /** The blob is no quilt, or none whose list could be read: that does not change. */
        record Unfit(String why) implements Read {}

        /** Too few nodes answered; others may, later. */
        record Unavailable(String why) implements Read {}
    }

    /**
     * A file.
     *
     * @param patchId by which clients read it
     */
    public record File(QuiltPatch patch, String patchId) {}

    /**
     * @param holders a committee; its shards must be those of {@code config}
     * @param deadline for all questions together; one that was put is waited for
     */
    public QuiltReader(
            NodeClient client, EncodingConfig config, List<Holder> holders, Duration deadline, RandomGenerator random) {
        this.client = client;
        this.config = config;
        this.holders = List.copyOf(holders);
        this.deadline = deadline;
        this.random = random;
    }

    public Read read(BlobId blobId) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        Optional<VerifiedMetadata> metadata = metadata(blobId, end);
        if (metadata.isEmpty()) {
            return new Read.Unavailable("no storage node that was asked gave metadata of %s".formatted(blobId));
        }
        try {
            return list(metadata.get(), end);
        } catch (QuiltFormatException e) {
            return new Read.Unfit(String.valueOf(e.getMessage()));
        }
    }

    private Optional<VerifiedMetadata> metadata(BlobId blobId, long end) throws InterruptedException {
        var asked = new ArrayList<>(holders);
        Collections.shuffle(asked, random);
        for (Holder holder : asked.subList(0, Math.min(MOST_ASKED, asked.size()))) {
            if (System.nanoTime() < end
                    && client.metadata(holder.node(), config, blobId)
                            instanceof Outcome.Answered<VerifiedMetadata> answered) {
                return Optional.of(answered.value());
            }
        }
        return Optional.empty();
    }

    /** The first sliver tells how many the list takes. */
    private Read list(VerifiedMetadata metadata, long end) throws InterruptedException {
        var slivers = new Quilt.Slivers(metadata);
        long columnBytes = slivers.quilt().layout().columnBytes();
        for (BitSet missing = slivers.missingForIndex(); !missing.isEmpty(); missing = slivers.missingForIndex()) {
            if (missing.cardinality() > Math.max(1, MOST_BYTES / columnBytes)) {
                return new Read.Unfit("its list takes %d columns of %d bytes, more than are read here"
                        .formatted(missing.cardinality(), columnBytes));
            }
            int column = missing.nextSetBit(0);
            Optional<Sliver> sliver = sliver(metadata, column, end);
            if (sliver.isEmpty()) {
                return new Read.Unavailable(
                        "nobody gave column %d of the quilt %s".formatted(column, metadata.blobId()));
            }
            slivers.add(sliver.get());
        }
        return new Read.Listed(slivers.quilt().index().patches().stream()
                .map(patch -> new File(
                        patch, QuiltPatchId.of(metadata.blobId(), patch).toString()))
                .toList());
    }

    private Optional<Sliver> sliver(VerifiedMetadata metadata, int column, long end) throws InterruptedException {
        int pair = config.sliverIndex(SliverType.SECONDARY, column);
        int shard = config.shardOf(pair, metadata.blobId());
        for (Holder holder : holders) {
            if (holder.shards().contains(shard)
                    && System.nanoTime() < end
                    && client.sliver(holder.node(), metadata, pair, SliverType.SECONDARY)
                            instanceof Outcome.Answered<Sliver> answered) {
                return Optional.of(answered.value());
            }
        }
        return Optional.empty();
    }
}
