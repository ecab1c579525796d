package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader;
import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.ConsistencyCheck;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.verifier.node.Failure;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.Outcome;
import dev.vibrissa.verifier.node.Refusal;
import dev.vibrissa.verifier.node.StorageNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Event blobs as the storage nodes keep them: metadata from whoever has it, as many primary slivers as decode the blob,
 * each proven, and at the end the whole blob encoded again, so that not even its writers could have meant two things.
 *
 * <p>Slivers are held in memory until the blob is decoded, about as much as the blob has; the blob itself is a mapped
 * file. Nodes choose what they answer, so every body has a bound, every question a deadline, and the whole another.
 */
public final class NodeEventBlobs implements EventBlobSource {
    /** Writers cut a file at the first checkpoint with which it exceeds 100 MiB, and no checkpoint comes near the rest. */
    public static final long MOST_BYTES = 160L << 20;

    /** Nodes asked at the same time. */
    private static final int IN_FLIGHT = 12;

    /** A node that failed so often is asked for its other slivers when all others were. */
    private static final int STRIKES = 2;

    private final NodeClient client;
    private final EncodingConfig config;
    private final List<Holder> holders;
    private final Path folder;
    private final Duration deadline;
    private final RandomGenerator random;
    private final int threads;

    /** A node and the shards that it keeps. */
    public record Holder(StorageNode node, List<Integer> shards) {
        public Holder {
            shards = List.copyOf(shards);
        }
    }

    /**
     * @param holders a committee; its shards must be those of {@code config}
     * @param folder where blobs are put, under their ids
     * @param deadline for one blob
     */
    public NodeEventBlobs(
            NodeClient client,
            EncodingConfig config,
            List<Holder> holders,
            Path folder,
            Duration deadline,
            RandomGenerator random) {
        this.client = client;
        this.config = config;
        this.holders = List.copyOf(holders);
        this.folder = folder;
        this.deadline = deadline;
        this.random = random;
        this.threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    }

    /** Where a blob is once it was fetched. */
    public static Path file(Path folder, BlobId blobId) {
        return folder.resolve(blobId + ".event-blob");
    }

    @Override
    public Fetched fetch(BlobId blobId) throws IOException, InterruptedException {
        Path target = file(folder, blobId);
        if (Files.exists(target)) {
            if (BlobFile.id(target, config, threads).equals(blobId)) {
                return new Fetched.Found(target, Files.size(target));
            }
            Files.delete(target);
        }
        long end = System.nanoTime() + deadline.toNanos();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var metadata = metadata(pool, blobId, end);
                if (!(metadata instanceof Proof.Of(VerifiedMetadata proof))) {
                    return switch (metadata) {
                        case Proof.None(Fetched why) -> why;
                        case Proof.Of _ -> throw new IllegalStateException();
                    };
                }
                long bytes = proof.metadata().unencodedBytes();
                if (bytes < EventBlobReader.MIN_BYTES || Long.compareUnsigned(bytes, MOST_BYTES) > 0) {
                    return new Fetched.Unfit("blob %s has %s bytes, an event blob %d to %d"
                            .formatted(blobId, Long.toUnsignedString(bytes), EventBlobReader.MIN_BYTES, MOST_BYTES));
                }
                var slivers = new ArrayList<Sliver>();
                Optional<String> missing = slivers(pool, proof, end, slivers);
                return missing.isPresent()
                        ? new Fetched.Unavailable(missing.get())
                        : decode(blobId, proof, slivers, target);
            } finally {
                pool.shutdownNow(); // whoever still answers is not waited for
            }
        }
    }

    private sealed interface Proof {
        record Of(VerifiedMetadata metadata) implements Proof {}

        record None(Fetched why) implements Proof {}
    }

    /** From the first node that has it; that it is gone takes the word of a quorum. */
    private Proof metadata(ExecutorService pool, BlobId blobId, long end) throws InterruptedException {
        record Told(Holder holder, Outcome<VerifiedMetadata> outcome) {}
        var answers = new ExecutorCompletionService<Told>(pool);
        var due = new ArrayDeque<>(shuffled(holders));
        int inFlight = 0;
        int gone = 0;
        int failed = 0;
        var last = "no node is known";
        while (!due.isEmpty() || inFlight > 0) {
            while (!due.isEmpty() && inFlight < IN_FLIGHT) {
                Holder holder = due.poll();
                answers.submit(() -> new Told(holder, client.metadata(holder.node(), config, blobId)));
                inFlight++;
            }
            Future<Told> done = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (done == null) {
                return new Proof.None(new Fetched.Unavailable(
                        "nobody gave metadata of %s within %d s".formatted(blobId, deadline.toSeconds())));
            }
            inFlight--;
            var told = result(done);
            switch (told.outcome()) {
                case Outcome.Answered<VerifiedMetadata> answered -> {
                    return new Proof.Of(answered.value());
                }
                case Outcome.Failed<VerifiedMetadata> fault -> {
                    if (fault.failure() instanceof Failure.Refused refused
                            && refused.refusal() == Refusal.NOT_FOUND
                            && fault.traffic().pinned()) {
                        gone += told.holder().shards().size();
                    } else {
                        failed++;
                        last = fault.failure().toString();
                    }
                }
            }
        }
        if (gone > 2 * config.faulty()) {
            return new Proof.None(new Fetched.Gone(
                    "nodes with %d of %d shards do not have blob %s".formatted(gone, config.shards(), blobId)));
        }
        return new Proof.None(new Fetched.Unavailable(
                "of %d nodes nobody gave metadata of %s: those with %d of %d shards do not have it, %d failed, such as: %s"
                        .formatted(holders.size(), blobId, gone, config.shards(), failed, last)));
    }

    private record Ask(Holder holder, int pair) {}

    /** @return why there are too few; empty if there are enough */
    private Optional<String> slivers(ExecutorService pool, VerifiedMetadata metadata, long end, List<Sliver> found)
            throws InterruptedException {
        record Told(Ask ask, Outcome<Sliver> outcome) {}
        int needed = config.sliversToDecode(SliverType.PRIMARY);
        var asks = new ArrayList<Ask>();
        for (Holder holder : holders) {
            for (int shard : holder.shards()) {
                asks.add(new Ask(holder, config.pairOf(shard, metadata.blobId())));
            }
        }
        var due = new ArrayDeque<>(shuffled(asks));
        var later = new ArrayDeque<Ask>();
        Map<SuiAddress, Integer> strikes = new HashMap<>();
        var indexes = new BitSet();
        var answers = new ExecutorCompletionService<Told>(pool);
        int inFlight = 0;
        int failed = 0;
        var last = "";
        while (found.size() < needed) {
            while (inFlight < IN_FLIGHT && inFlight + found.size() < needed + IN_FLIGHT / 2) {
                if (due.isEmpty() && later.isEmpty()) {
                    break;
                }
                Ask ask = due.isEmpty() ? later.poll() : due.poll();
                if (!due.isEmpty() && strikes.getOrDefault(ask.holder().node().id(), 0) >= STRIKES) {
                    later.add(ask);
                    continue;
                }
                answers.submit(() ->
                        new Told(ask, client.sliver(ask.holder().node(), metadata, ask.pair(), SliverType.PRIMARY)));
                inFlight++;
            }
            if (inFlight == 0) {
                return Optional.of("%d of %d slivers of %s, %d could not be had, such as: %s"
                        .formatted(found.size(), needed, metadata.blobId(), failed, last));
            }
            Future<Told> done = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (done == null) {
                return Optional.of("%d of %d slivers of %s within %d s"
                        .formatted(found.size(), needed, metadata.blobId(), deadline.toSeconds()));
            }
            inFlight--;
            var told = result(done);
            switch (told.outcome()) {
                case Outcome.Answered<Sliver> answered -> {
                    // While shards move, two nodes may have the same one.
                    if (!indexes.get(answered.value().index())) {
                        indexes.set(answered.value().index());
                        found.add(answered.value());
                    }
                }
                case Outcome.Failed<Sliver> fault -> {
                    strikes.merge(told.ask().holder().node().id(), 1, Integer::sum);
                    failed++;
                    last = fault.failure().toString();
                }
            }
        }
        return Optional.empty();
    }

    private Fetched decode(BlobId blobId, VerifiedMetadata metadata, List<Sliver> slivers, Path target)
            throws IOException {
        Files.createDirectories(folder);
        long bytes = metadata.metadata().unencodedBytes();
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new IOException("%s has %d bytes left, where %d are due".formatted(folder, free, bytes));
        }
        Path part = folder.resolve(UUID.randomUUID() + ".part");
        try (var arena = Arena.ofShared()) {
            MemorySegment blob = BlobFile.create(part, bytes, arena);
            new BlobDecoder(config, threads).decode(slivers, blob);
            slivers.clear(); // encoding takes room of its own
            if (!ConsistencyCheck.STRICT.holds(metadata, blob, new BitSet(), threads)) {
                return new Fetched.Unfit("blob %s is inconsistent: encoded again it has another id".formatted(blobId));
            }
            blob.force();
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return new Fetched.Found(target, bytes);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private <T> List<T> shuffled(List<T> items) {
        var copy = new ArrayList<>(items);
        Collections.shuffle(copy, random);
        return copy;
    }

    /** The client answers with values; what is thrown is a fault of ours. */
    private static <T> T result(Future<T> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
