package dev.vibrissa.devnet.rpc;

import com.github.luben.zstd.ZstdInputStream;
import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CommitteeMember;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ObjectSet.RawObject;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** A chain of one of the scenarios, of which a test seals as many checkpoints as it wants. */
final class RecordedChain implements ChainReader {
    /** Checkpoints whose reading fails. */
    final Set<Long> unreadable = ConcurrentHashMap.newKeySet();

    private record Version(SuiAddress id, long version) {}

    private final Path folder;
    private final long first;
    private final Map<Long, byte[]> stored = new HashMap<>();
    private final Map<Digest, Long> byDigest = new HashMap<>();
    private final Map<Digest, Position> transactions = new HashMap<>();
    private final Map<Version, SuiObject> versions = new HashMap<>();
    private final TreeMap<SuiAddress, SuiObject> live = new TreeMap<>();
    private final List<EpochSpan> epochs = new ArrayList<>();
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore subscribed = new Semaphore(0);
    private final Semaphore left = new Semaphore(0);
    private long tip;

    private RecordedChain(Path folder, long first) throws IOException {
        this.folder = folder;
        this.first = first;
        this.tip = first - 1;
        var anchor = new BcsReader(Files.readAllBytes(folder.resolve("trust-anchor.committee.bcs")));
        epochs.add(new EpochSpan(anchor.u64(), anchor.list(CommitteeMember::decode), first, Optional.empty()));
    }

    /** A scenario up to and with one of its checkpoints. */
    static RecordedChain of(String scenario, long first, long tip) {
        try {
            var chain = new RecordedChain(
                    Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios", scenario),
                    first);
            chain.sealTo(tip);
            return chain;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RecordedChain blobLife(long tip) {
        return of("blob-life", 1_000, tip);
    }

    void sealTo(long checkpoint) {
        while (tip() < checkpoint) {
            seal();
        }
    }

    void seal() {
        long number = tip() + 1;
        byte[] message = read(number);
        synchronized (this) {
            stored.put(number, message);
            apply(CheckpointFile.read(message, "checkpoint " + number));
            tip = number;
        }
        listeners.forEach(listener -> listener.accept(number));
    }

    private byte[] read(long number) {
        try (var in = new ZstdInputStream(
                new ByteArrayInputStream(Files.readAllBytes(folder.resolve(number + ".binpb.zst"))))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void apply(Checkpoint checkpoint) {
        long number = checkpoint.summary().sequenceNumber();
        byDigest.put(checkpoint.digest(), number);
        for (RawObject raw : checkpoint.objects().all()) {
            raw.object().decoded().ifPresent(object -> {
                versions.put(new Version(raw.id(), raw.version()), object);
                live.putIfAbsent(raw.id(), object); // read before it was ever written
            });
        }
        for (var transaction : checkpoint.transactions()) {
            transactions.put(transaction.digest(), new Position(number, transaction.index()));
            var effects = transaction.effects().decoded().orElseThrow();
            for (var change : effects.changedObjects()) {
                if (change.out() instanceof OutputState.Absent) {
                    live.remove(change.id());
                }
                checkpoint
                        .objects()
                        .after(effects, change)
                        .flatMap(raw -> raw.object().decoded())
                        .ifPresent(object -> live.put(object.id(), object));
            }
        }
        checkpoint.summary().endOfEpoch().ifPresent(end -> {
            var ended = epochs.removeLast();
            epochs.add(new EpochSpan(
                    ended.epoch(), ended.committeeMembers(), ended.firstCheckpoint(), Optional.of(number)));
            epochs.add(new EpochSpan(ended.epoch() + 1, end.nextCommittee(), number + 1, Optional.empty()));
        });
    }

    /** A checkpoint as its file says. */
    Checkpoint decoded(long number) {
        return CheckpointFile.read(checkpoint(number).orElseThrow(), "checkpoint " + number);
    }

    List<SuiObject> liveObjects() {
        synchronized (this) {
            return List.copyOf(live.values());
        }
    }

    @Override
    public Digest chainId() {
        return new Digest(new byte[Digest.SIZE]);
    }

    @Override
    public long lowest() {
        return first;
    }

    @Override
    public synchronized long tip() {
        return tip;
    }

    @Override
    public synchronized Optional<byte[]> checkpoint(long sequenceNumber) {
        if (unreadable.contains(sequenceNumber)) {
            throw new UncheckedIOException(new IOException("bad sector"));
        }
        return Optional.ofNullable(stored.get(sequenceNumber));
    }

    @Override
    public synchronized Optional<Long> checkpointByDigest(Digest digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }

    @Override
    public synchronized Optional<Position> transaction(Digest digest) {
        return Optional.ofNullable(transactions.get(digest));
    }

    @Override
    public synchronized Optional<SuiObject> object(SuiAddress id) {
        return Optional.ofNullable(live.get(id));
    }

    @Override
    public synchronized Optional<SuiObject> object(SuiAddress id, long version) {
        return Optional.ofNullable(versions.get(new Version(id, version)));
    }

    @Override
    public synchronized List<SuiObject> ownedBy(Owner owner) {
        return live.values().stream()
                .filter(object -> object.owner().equals(owner))
                .toList();
    }

    @Override
    public synchronized List<EpochSpan> epochs() {
        return List.copyOf(epochs);
    }

    @Override
    public synchronized long epoch() {
        return epochs.isEmpty() ? 0 : epochs.getLast().epoch();
    }

    @Override
    public Subscription subscribe(LongConsumer sealed) {
        listeners.add(sealed);
        subscribed.release();
        return () -> {
            listeners.remove(sealed);
            left.release();
        };
    }

    /** Waits for one subscription that nobody waited for yet. */
    void awaitSubscriber() throws InterruptedException {
        if (!subscribed.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody subscribed within 30 s");
        }
    }

    /** Waits for the end of one subscription. */
    boolean awaitLeft() throws InterruptedException {
        return left.tryAcquire(30, TimeUnit.SECONDS);
    }

    int subscribers() {
        return listeners.size();
    }
}
