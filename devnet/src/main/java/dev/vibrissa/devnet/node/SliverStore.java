package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.BlobDecoder;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What one node has on its disk: metadata and slivers of blobs, and which shards it has in full. In memory stands only which
 * slivers there are. Safe for use by several threads; one process at a time.
 */
final class SliverStore {
    private static final Logger LOG = Logger.getLogger(SliverStore.class);

    /** How the name of a file ends that is being written. */
    static final String UNFINISHED = ".new";

    private final EncodingConfig config;
    private final Path blobFolder;
    private final Path shardFile;
    private final Map<BlobId, Pairs> pairs = new ConcurrentHashMap<>();
    private volatile Set<Integer> shards = Set.of();

    /** Which slivers of a blob are there; never changed. */
    private record Pairs(BitSet primary, BitSet secondary) {
        boolean has(SliverType type, int pair) {
            return (type == SliverType.PRIMARY ? primary : secondary).get(pair);
        }
    }

    private SliverStore(Path folder, EncodingConfig config) {
        this.config = config;
        blobFolder = folder.resolve("blobs");
        shardFile = folder.resolve("shards");
    }

    /** Opens what a folder has; an empty one is begun if there is none. */
    static SliverStore open(Path folder, EncodingConfig config) {
        var store = new SliverStore(folder, config);
        try {
            Files.createDirectories(store.blobFolder);
            store.read();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the slivers in %s".formatted(folder), e);
        }
        return store;
    }

    private void read() throws IOException {
        try (Stream<Path> files = Files.list(blobFolder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(UNFINISHED)) {
                    Files.delete(file); // the process ended while it wrote this
                    continue;
                }
                try {
                    var blob = BlobId.parse(name);
                    file(blob)
                            .checkedHead()
                            .ifPresent(head -> pairs.put(blob, new Pairs(head.primary(), head.secondary())));
                } catch (IOException | IllegalArgumentException | ArithmeticException e) {
                    // One blob that this node has lost, as after a power cut: no reason not to start.
                    LOG.warnf("deleted file=%s reason=\"%s\"", file, e.getMessage());
                    Files.delete(file);
                }
            }
        }
        if (Files.exists(shardFile)) {
            shards = Files.readAllLines(shardFile).stream()
                    .map(Integer::valueOf)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private BlobFile file(BlobId blobId) {
        return new BlobFile(blobFolder.resolve(blobId.toString()), config);
    }

    EncodingConfig config() {
        return config;
    }

    /** Blobs of which there is at least the metadata. */
    Set<BlobId> blobs() {
        return Set.copyOf(pairs.keySet());
    }

    boolean hasMetadata(BlobId blobId) {
        return pairs.containsKey(blobId);
    }

    boolean has(BlobId blobId, SliverType type, int pair) {
        Pairs present = pairs.get(blobId);
        return present != null && present.has(type, pair);
    }

    /** Shards whose slivers of all blobs are here. */
    Set<Integer> shards() {
        return shards;
    }

    /** Blob id and metadata, as they are answered. */
    Optional<byte[]> metadataAnswer(BlobId blobId) {
        try {
            return file(blobId).head().map(BlobFile.Head::metadata);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the metadata of %s".formatted(blobId), e);
        }
    }

    Optional<VerifiedMetadata> metadata(BlobId blobId) {
        return metadataAnswer(blobId).map(body -> switch (VerifiedMetadata.verify(
                config, EncodedBlob.codecId(blobId), body)) {
            case MetadataVerdict.Accepted(VerifiedMetadata metadata) -> metadata;
            case MetadataVerdict.Refused(var reason, String detail) ->
                throw new IllegalStateException(
                        "the metadata of %s on disk is damaged: %s, %s".formatted(blobId, reason, detail));
        });
    }

    /** A sliver, as it is answered. */
    Optional<byte[]> sliverAnswer(BlobId blobId, SliverType type, int pair) {
        try {
            return file(blobId).sliver(new BlobFile.Place(type, pair));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read %s sliver of pair %d of %s".formatted(type, pair, blobId), e);
        }
    }

    /** Adds what is not there yet; slivers have been verified. */
    synchronized void put(VerifiedMetadata metadata, Collection<Sliver> slivers) {
        byte[] id = metadata.blobId().toByteArray();
        byte[] written = metadata.metadata().encode();
        byte[] answer = new byte[id.length + written.length];
        System.arraycopy(id, 0, answer, 0, id.length);
        System.arraycopy(written, 0, answer, id.length, written.length);
        var added = new HashMap<BlobFile.Place, byte[]>();
        for (Sliver each : slivers) {
            added.put(
                    new BlobFile.Place(each.type(), config.sliverIndex(each.type(), each.index())), // the same mirror
                    each.encode());
        }
        add(EncodedBlob.idOf(metadata), answer, added);
    }

    private void add(BlobId blobId, byte[] metadataAnswer, Map<BlobFile.Place, byte[]> added) {
        Pairs present = pairs.get(blobId);
        var primary =
                present == null ? new BitSet() : (BitSet) present.primary().clone();
        var secondary =
                present == null ? new BitSet() : (BitSet) present.secondary().clone();
        added.keySet().forEach(place -> (place.type() == SliverType.PRIMARY ? primary : secondary).set(place.pair()));
        var next = new Pairs(primary, secondary);
        if (!next.equals(present)) {
            write(blobId, new BlobFile.Head(metadataAnswer, primary, secondary), added);
        }
    }

    private void write(BlobId blobId, BlobFile.Head head, Map<BlobFile.Place, byte[]> added) {
        try {
            file(blobId).write(head, added);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write slivers of %s".formatted(blobId), e);
        }
        pairs.put(blobId, new Pairs(head.primary(), head.secondary()));
    }

    /** Copies all metadata, and all slivers of those of {@code wanted} that are there in full, as they are here then. */
    synchronized void receive(Set<Integer> wanted, SliverStore from) {
        var moved = new TreeSet<>(wanted);
        moved.retainAll(from.shards());
        for (BlobId blob : from.blobs()) {
            from.metadataAnswer(blob).ifPresent(metadata -> {
                var added = new HashMap<BlobFile.Place, byte[]>();
                for (BlobFile.Place place : placesOf(moved, blob)) {
                    if (!has(blob, place.type(), place.pair())) {
                        from.sliverAnswer(blob, place.type(), place.pair())
                                .ifPresent(sliver -> added.put(place, sliver));
                    }
                }
                add(blob, metadata, added);
            });
        }
        take(moved);
    }

    private List<BlobFile.Place> placesOf(Set<Integer> some, BlobId blob) {
        return some.stream()
                .map(shard -> config.pairOf(shard, EncodedBlob.codecId(blob)))
                .flatMap(pair -> Stream.of(SliverType.values()).map(type -> new BlobFile.Place(type, pair)))
                .toList();
    }

    /** Says of shards that their slivers are here: those of a new network have none. */
    synchronized void take(Set<Integer> taken) {
        var all = new TreeSet<>(shards);
        all.addAll(taken);
        keep(all);
    }

    /** Decodes a blob from what others have of it and adds what the shards lack. */
    void recover(Collection<Integer> of, BlobId blob, Collection<SliverStore> others) {
        var lacking = placesOf(Set.copyOf(of), blob).stream()
                .filter(place -> !has(blob, place.type(), place.pair()))
                .toList();
        if (lacking.isEmpty()) {
            return;
        }
        decoded(blob, others).ifPresent(content -> {
            EncodedBlob encoded = EncodedBlob.of(config, content);
            if (!encoded.blobId().equals(blob)) {
                throw new IllegalStateException("slivers of %s come to %s".formatted(blob, encoded.blobId()));
            }
            put(
                    encoded.metadata(),
                    lacking.stream()
                            .map(place -> encoded.sliver(place.type(), place.pair()))
                            .toList());
        });
    }

    private Optional<byte[]> decoded(BlobId blob, Collection<SliverStore> others) {
        var slivers = new ArrayList<Sliver>();
        for (int pair = 0;
                pair < config.shards() && slivers.size() < config.sliversToDecode(SliverType.PRIMARY);
                pair++) {
            sliverAnyHas(blob, pair, others).ifPresent(slivers::add);
        }
        Optional<VerifiedMetadata> metadata =
                others.stream().flatMap(each -> each.metadata(blob).stream()).findFirst();
        if (metadata.isEmpty() || slivers.size() < config.sliversToDecode(SliverType.PRIMARY)) {
            return Optional.empty();
        }
        byte[] content = new byte[Math.toIntExact(metadata.get().metadata().unencodedBytes())];
        new BlobDecoder(config).decode(slivers, MemorySegment.ofArray(content));
        return Optional.of(content);
    }

    private static Optional<Sliver> sliverAnyHas(BlobId blob, int pair, Collection<SliverStore> others) {
        return others.stream()
                .filter(each -> each.has(blob, SliverType.PRIMARY, pair))
                .flatMap(each -> each.sliverAnswer(blob, SliverType.PRIMARY, pair).stream())
                .map(answer -> Sliver.decode(SliverType.PRIMARY, answer))
                .findFirst();
    }

    /** Removes shards with their slivers; metadata stays, as all nodes have that of all blobs. */
    synchronized void drop(Set<Integer> dropped) {
        var rest = new TreeSet<>(shards);
        rest.removeAll(dropped);
        keep(rest); // first, so that a crash leaves no shard that only seems to be whole
        for (BlobId blob : blobs()) {
            Pairs present = pairs.get(blob);
            Optional<byte[]> metadata = metadataAnswer(blob);
            if (present == null || metadata.isEmpty()) {
                continue;
            }
            var primary = (BitSet) present.primary().clone();
            var secondary = (BitSet) present.secondary().clone();
            for (BlobFile.Place place : placesOf(dropped, blob)) {
                (place.type() == SliverType.PRIMARY ? primary : secondary).clear(place.pair());
            }
            if (!new Pairs(primary, secondary).equals(present)) {
                write(blob, new BlobFile.Head(metadata.get(), primary, secondary), Map.of());
            }
        }
    }

    private void keep(Set<Integer> all) {
        Path next = shardFile.resolveSibling(shardFile.getFileName() + UNFINISHED);
        try {
            Files.write(next, all.stream().map(String::valueOf).toList());
            Files.move(next, shardFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(shardFile), e);
        }
        shards = Set.copyOf(all);
    }

    synchronized void delete(BlobId blobId) {
        pairs.remove(blobId);
        try {
            Files.deleteIfExists(file(blobId).path());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete %s".formatted(blobId), e);
        }
    }
}
