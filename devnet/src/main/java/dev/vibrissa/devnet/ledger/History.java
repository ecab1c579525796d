package dev.vibrissa.devnet.ledger;

import com.github.luben.zstd.ZstdException;
import dev.vibrissa.devnet.ledger.ChainReader.EpochSpan;
import dev.vibrissa.devnet.ledger.Sealed.Tip;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.TransactionEffects;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.sui.proof.ChainPosition;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The sealed part of the chain: its checkpoints on the disk, what is live after the last one, and where things are. */
final class History implements AutoCloseable {
    /** How many checkpoints an opening ledger has to replay at most, about; a replay takes about a millisecond each. */
    static final int CHECKPOINTS_PER_SNAPSHOT = 1_000;

    private static final Logger LOG = Logger.getLogger(History.class);

    private final CheckpointFolder folder;
    private final Validators validators;
    private final int checkpointsPerSnapshot;
    private final ExecutorService snapshots = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("ledger-snapshot").daemon().factory());

    /** Guards what follows; the index guards itself. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private final LiveObjects live = new LiveObjects();
    private final ChainIndex index;
    private final List<Long> lastOfEpoch = new ArrayList<>();
    private List<ChainIndex.Entry> sinceSnapshot = new ArrayList<>();
    private Optional<Tip> last = Optional.empty();
    private Optional<Digest> first = Optional.empty();

    private History(CheckpointFolder folder, Validators validators, int checkpointsPerSnapshot) {
        this.folder = folder;
        index = new ChainIndex(folder);
        this.validators = validators;
        this.checkpointsPerSnapshot = checkpointsPerSnapshot;
    }

    static History open(Path path, Validators validators, int checkpointsPerSnapshot) {
        var history = new History(new CheckpointFolder(path), validators, checkpointsPerSnapshot);
        history.load();
        return history;
    }

    private void load() {
        long end = folder.last();
        if (end < 0) {
            return;
        }
        long next = restore(end) + 1;
        for (; next < end; next++) {
            replay(read(next));
        }
        if (next == end) {
            replayLast(end);
        }
        last.ifPresent(this::checkSeed);
    }

    /** The last file may be half written where a file system keeps no order; nobody was told of it then. */
    private void replayLast(long sequenceNumber) {
        Checkpoint checkpoint;
        try {
            checkpoint = read(sequenceNumber);
        } catch (CheckpointFormatException | ZstdException e) {
            LOG.warnf("dropped checkpoint=%d reason=%s", sequenceNumber, e.getMessage());
            folder.deleteCheckpoint(sequenceNumber);
            return;
        }
        replay(checkpoint);
    }

    /** Goes to where the snapshot is; gives its checkpoint, or -1 if there is none that can be used. */
    private long restore(long end) {
        try {
            var snapshot = Snapshot.read(folder).filter(found -> found.sequenceNumber() <= end);
            snapshot.ifPresent(this::restore);
            return snapshot.map(Snapshot::sequenceNumber).orElse(-1L);
        } catch (BcsException | ZstdException | IllegalStateException e) {
            LOG.warnf("replaying from checkpoint 0 folder=%s reason=%s", folder.path(), e.getMessage());
            Snapshot.delete(folder);
            ChainIndex.delete(folder);
            return -1;
        }
    }

    private void restore(Snapshot snapshot) {
        index.restore(snapshot.sequenceNumber());
        Checkpoint checkpoint = read(snapshot.sequenceNumber());
        first = Optional.of(read(0).digest());
        last = Optional.of(new Tip(checkpoint.summary(), checkpoint.digest()));
        lastOfEpoch.addAll(folder.readEpochs().stream()
                .filter(each -> each <= snapshot.sequenceNumber())
                .toList());
        snapshot.objects().forEach(bcs -> live.put(StoredObject.of(bcs)));
    }

    private Checkpoint read(long sequenceNumber) {
        return folder.readCheckpoint(sequenceNumber)
                .map(message -> CheckpointFile.read(message, "checkpoint " + sequenceNumber))
                .orElseThrow(() -> new IllegalStateException(
                        "checkpoint %d is missing from %s".formatted(sequenceNumber, folder.path())));
    }

    private void replay(Checkpoint checkpoint) {
        last.map(tip -> new ChainPosition(
                                tip.summary().sequenceNumber(),
                                tip.digest(),
                                tip.summary().networkTotalTransactions())
                        .follow(checkpoint))
                .filter(link -> !(link instanceof ChainPosition.Link.Linked))
                .ifPresent(link -> {
                    throw new IllegalStateException("in %s: %s".formatted(folder.path(), link.describe()));
                });
        var all = new ArrayList<TransactionEffects>();
        for (ExecutedTransaction transaction : checkpoint.transactions()) {
            TransactionEffects effects = transaction.effects().decoded().orElseThrow();
            all.add(effects);
            for (ChangedObject change : effects.changedObjects()) {
                if (change.out() instanceof OutputState.Absent) {
                    live.remove(change.id());
                } else {
                    live.put(StoredObject.of(checkpoint
                            .objects()
                            .after(effects, change)
                            .orElseThrow()
                            .bcs()
                            .detached()));
                }
            }
        }
        accept(new Tip(checkpoint.summary(), checkpoint.digest()), all);
        if (checkpoint.summary().endOfEpoch().isPresent()) {
            folder.writeEpochs(lastOfEpoch); // may have been due when the process ended
        }
    }

    private void checkSeed(Tip tip) {
        var verifier = new CommitteeVerifier(validators.committee(tip.summary().epoch()));
        if (!(verifier.verify(read(tip.summary().sequenceNumber())) instanceof CertificateCheck.Valid)) {
            throw new IllegalArgumentException("%s holds the chain of another seed".formatted(folder.path()));
        }
    }

    private void accept(Tip tip, List<TransactionEffects> effects) {
        long sequenceNumber = tip.summary().sequenceNumber();
        var entry = ChainIndex.entry(sequenceNumber, tip.digest(), effects);
        index.add(entry);
        sinceSnapshot.add(entry);
        last = Optional.of(tip);
        if (sequenceNumber == 0) {
            first = Optional.of(tip.digest());
        }
        if (tip.summary().endOfEpoch().isPresent()) {
            lastOfEpoch.add(sequenceNumber);
        }
        if (sinceSnapshot.size() >= checkpointsPerSnapshot) {
            snapshot(sequenceNumber);
        }
    }

    private void snapshot(long sequenceNumber) {
        var snapshot = Snapshot.of(sequenceNumber, live);
        var entries = sinceSnapshot;
        sinceSnapshot = new ArrayList<>();
        snapshots.execute(() -> {
            try {
                index.store(entries); // first: a snapshot that is there has its index
                snapshot.write(folder);
            } catch (RuntimeException e) {
                LOG.errorf(
                        e,
                        "no snapshot checkpoint=%d objects=%d",
                        sequenceNumber,
                        snapshot.objects().size());
            }
        });
    }

    /** Puts a checkpoint on the disk, then shows it to readers. */
    void append(Sealed sealed, List<Pending> transactions) {
        long sequenceNumber = sealed.summary().sequenceNumber();
        folder.writeCheckpoint(sequenceNumber, sealed.message());
        if (sealed.summary().endOfEpoch().isPresent()) {
            folder.writeEpochs(Stream.concat(lastOfEpoch.stream(), Stream.of(sequenceNumber))
                    .toList());
        }
        lock.writeLock().lock();
        try {
            for (Pending transaction : transactions) {
                transaction.removed().forEach(live::remove);
                transaction.written().forEach(live::put);
            }
            accept(sealed.tip(), transactions.stream().map(Pending::effects).toList());
        } finally {
            lock.writeLock().unlock();
        }
    }

    private <T> T reading(Supplier<T> question) {
        lock.readLock().lock();
        try {
            return question.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    Path folder() {
        return folder.path();
    }

    ChainIndex index() {
        return index;
    }

    Optional<Tip> last() {
        return reading(() -> last);
    }

    long tip() {
        return last().map(tip -> tip.summary().sequenceNumber()).orElse(-1L);
    }

    /** The epoch of the next checkpoint. */
    long epoch() {
        return last().map(Tip::nextEpoch).orElse(0L);
    }

    /** Spent in that epoch so far. */
    GasCost gas() {
        return last().map(Tip::gas).orElse(new GasCost(0, 0, 0, 0));
    }

    Digest chainId() {
        return reading(() -> first).orElseThrow();
    }

    Optional<byte[]> checkpoint(long sequenceNumber) {
        return sequenceNumber < 0 || sequenceNumber > tip() ? Optional.empty() : folder.readCheckpoint(sequenceNumber);
    }

    List<StoredObject> live() {
        return reading(() -> List.copyOf(live.all()));
    }

    Optional<StoredObject> object(SuiAddress id) {
        return reading(() -> live.find(id));
    }

    List<StoredObject> ownedBy(Owner owner) {
        return reading(() -> live.ownedBy(owner));
    }

    List<EpochSpan> epochs() {
        List<Long> ends = reading(() -> List.copyOf(lastOfEpoch));
        var spans = new ArrayList<EpochSpan>();
        long start = 0;
        for (int epoch = 0; epoch <= ends.size(); epoch++) {
            var end = epoch < ends.size() ? Optional.of(ends.get(epoch)) : Optional.<Long>empty();
            spans.add(new EpochSpan(epoch, validators.committee(epoch).members(), start, end));
            start = end.orElse(start) + 1;
        }
        return List.copyOf(spans);
    }

    @Override
    public void close() {
        snapshots.close();
    }
}
