package dev.vibrissa.indexer;

import dev.vibrissa.indexer.PreparedCheckpoints.Prepared;
import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.extract.StoredObject;
import dev.vibrissa.indexer.project.Projections;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.indexer.trust.HandOvers;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.indexer.write.ChainState;
import dev.vibrissa.indexer.write.FactWriter;
import dev.vibrissa.indexer.write.HandOverProofs;
import dev.vibrissa.indexer.write.ReportedChain;
import dev.vibrissa.indexer.write.Strays;
import dev.vibrissa.indexer.write.Watermarks;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.CertificateCheck;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Indexes one source from the watermark to its end, or for as long as it is followed.
 *
 * <p>Fetching, decoding, digests, certificates and extraction run ahead on several threads; one thread accepts
 * checkpoints in order and commits them in batches. A batch is one transaction with facts, projections, watermark
 * and cursor, so that a crash at any point loses nothing and doubles nothing.
 *
 * <p>A checkpoint that must not be believed stops the source. What came before it is kept, nothing of it is.
 */
public final class Ingest {
    private static final Logger LOG = Logger.getLogger(Ingest.class);

    /** SQLSTATE classes of values that do not fit, each for itself or with others. */
    private static final String DATA_FAULT = "22";

    private static final String CONSTRAINT_VIOLATED = "23";

    /** The class of values that are too much for an index, a row or a statement. */
    private static final String TOO_LARGE = "54";

    private final Database database;
    private final WalrusNetwork network;
    private final Optional<String> label;
    private final TrustAnchor anchor;
    private final Limits limits;
    private final Snapshot snapshot;
    private final Optional<PreparedCheckpoints.Elsewhere> elsewhere;

    /** The state of a network, for an index that begins at the tip. */
    @FunctionalInterface
    public interface Snapshot {
        Snapshot NONE = (_, _) -> List.of();

        /**
         * The inner objects of System and Staking, and the pools of storage nodes.
         *
         * @param source what is about to be indexed
         * @param first the checkpoint that the index begins with
         * @return objects in BCS, of the version that the checkpoint found; those that nobody tells are left out
         */
        List<Bytes> before(CheckpointSource source, long first) throws InterruptedException;
    }

    /**
     * How much of the machine to use.
     *
     * @param bytesInFlight checkpoints held at a time, under way and in the open batch; one more may go beyond
     * @param decoders threads that decode and verify
     * @param batchCheckpoints most checkpoints in one transaction
     * @param batchFacts facts after which a transaction is committed
     */
    public record Limits(long bytesInFlight, int decoders, int batchCheckpoints, int batchFacts) {
        public static Limits ofThisMachine() {
            return new Limits(128L << 20, Runtime.getRuntime().availableProcessors(), 500, 20_000);
        }

        /** For work that goes on beside other work. */
        public Limits halved() {
            return new Limits(bytesInFlight / 2, Math.max(1, decoders / 2), batchCheckpoints, batchFacts);
        }

        public Limits withBatchOf(int checkpoints) {
            return new Limits(bytesInFlight, decoders, checkpoints, batchFacts);
        }
    }

    /** Facts came from another process, and history that was filled in meanwhile told of packages that it did not know. */
    private static final class StaleFactsException extends RuntimeException {
        StaleFactsException(long checkpoint) {
            super("the facts from checkpoint %d on were read without packages that are known by now"
                    .formatted(checkpoint));
        }
    }

    /** What a run did. */
    public record Outcome(long first, long last, long checkpoints, long facts, boolean anchored) {}

    /**
     * @param label what every answer calls the network, where it is not a public one
     */
    public Ingest(Database database, WalrusNetwork network, Optional<String> label, TrustAnchor anchor, Limits limits) {
        this(database, network, label, anchor, limits, Snapshot.NONE);
    }

    /**
     * @param snapshot asked once, if nothing is indexed yet; nothing of it is ever called verified
     */
    public Ingest(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor anchor,
            Limits limits,
            Snapshot snapshot) {
        this(database, network, label, anchor, limits, snapshot, Optional.empty());
    }

    /**
     * @param elsewhere where checkpoints are extracted, if not here; the source then only tells what is needed beside them
     */
    public Ingest(
            Database database,
            WalrusNetwork network,
            Optional<String> label,
            TrustAnchor anchor,
            Limits limits,
            Snapshot snapshot,
            Optional<PreparedCheckpoints.Elsewhere> elsewhere) {
        this.elsewhere = elsewhere;
        this.snapshot = snapshot;
        this.database = database;
        this.network = network;
        this.label = label;
        this.anchor = anchor;
        this.limits = limits;
    }

    /**
     * Indexes {@code source} until it ends.
     *
     * @throws ChainException if a checkpoint must not be believed
     * @throws SourceException if the source cannot give its checkpoints
     * @throws IndexerBusyException if another indexer works on the database
     */
    public Outcome run(CheckpointSource source, Progress progress) throws SQLException, InterruptedException {
        return run(source, progress, TipPriority.ofATip());
    }

    /** The same beside a backfill, which gives way while this is behind the end of its source. */
    public Outcome run(CheckpointSource source, Progress progress, TipPriority tip)
            throws SQLException, InterruptedException {
        try (Turn turn = takeTurn()) {
            return run(turn, source, progress, tip);
        }
    }

    /**
     * The right to index this database, for whoever opens the source only then.
     *
     * @throws IndexerBusyException if another indexer works on the database
     */
    public Turn takeTurn() throws SQLException {
        return IndexerLock.TIP.take(database, "another indexer");
    }

    /**
     * The same in a turn that was taken before.
     *
     * @throws dev.vibrissa.migrations.TurnLostException if it is lost meanwhile: others may have gone on
     */
    public Outcome run(Turn turn, CheckpointSource source, Progress progress, TipPriority tip)
            throws SQLException, InterruptedException {
        while (true) {
            try {
                return once(turn, source, progress, tip);
            } catch (StaleFactsException stale) {
                LOG.infof("again reason=\"%s\"", stale.getMessage());
            }
        }
    }

    private Outcome once(Turn turn, CheckpointSource source, Progress progress, TipPriority tip)
            throws SQLException, InterruptedException {
        tip.fallBehind();
        try (Connection db = turn.connect()) {
            db.setAutoCommit(false);
            // Network and source become rows with the first batch: a source that is refused leaves no trace.
            var state = ChainState.open(db, network, label);
            int sourceId = state.sourceId(source.kind(), source.location());
            return new Run(db, state, source, sourceId, progress, tip).run();
        } catch (SQLException fault) {
            throw turn.explained(fault);
        } finally {
            tip.catchUp(); // whatever ended it, nobody has to wait for it any more
        }
    }

    private final class Run {
        private final Connection db;
        private final ChainState state;
        private final CheckpointSource source;
        private final int sourceId;
        private final Progress progress;
        private final TipPriority tip;
        private final ChainVerifier verifier;
        private final List<FactWriter.Accepted> batch = new ArrayList<>();
        private final List<ChainState.HandOver> handOvers = new ArrayList<>();
        private volatile PackageChain packages;
        private Optional<Long> anchoredAt = Optional.empty();
        private boolean anchored;
        private boolean chainClaimed;
        /** Network and source are stored. */
        private boolean isKnown;

        private List<Bytes> reported = List.of();
        /** While something is reported: the first versions of objects that checkpoints write. */
        private final Map<SuiAddress, Long> writtenFirst = new HashMap<>();

        private List<HandOvers.HandOver> proofs = List.of();
        private long batchFacts;
        private long first;
        private long last;
        private long checkpoints;
        private long facts;
        /** Where the open batch began. */
        private Standing standing;
        /** Up to here each checkpoint is a batch: one of them could not be stored. */
        private long oneByOneTo = -1;

        /** What accepting a checkpoint changes, to be gone back to. */
        private record Standing(
                ChainVerifier.Place place,
                PackageChain packages,
                Optional<Long> anchoredAt,
                List<ChainState.HandOver> handOvers) {}

        Run(
                Connection db,
                ChainState state,
                CheckpointSource source,
                int sourceId,
                Progress progress,
                TipPriority tip) {
            this.db = db;
            this.state = state;
            this.source = source;
            this.sourceId = sourceId;
            this.progress = progress;
            this.tip = tip;
            this.packages = state.packages();
            this.verifier = new ChainVerifier(anchor, state.committees());
            this.standing = standing();
        }

        private Standing standing() {
            return new Standing(verifier.place(), packages, anchoredAt, List.copyOf(handOvers));
        }

        Outcome run() throws SQLException, InterruptedException {
            var watermark = state.watermark();
            if (watermark.isEmpty()) {
                first = source.first();
                reported = snapshot.before(source, first); // soon, while what was there before it is still kept
                leadTo(first);
            } else {
                verifier.resumeAfter(
                        watermark.get().lastCheckpoint(),
                        watermark.get().lastDigest(),
                        watermark.get().suiEpoch(),
                        watermark.get().verified());
                db.commit(); // nothing stays locked while the network is waited for
                if (!watermark.get().verified()) {
                    leadToEpoch(watermark.get().suiEpoch());
                }
                skipIndexed(watermark.get());
                first = watermark.get().lastCheckpoint() + 1;
            }
            claimChain();
            if (watermark.isPresent()) {
                db.commit();
                isKnown = true;
            }
            last = first - 1;
            try (var ahead = open()) {
                index(ahead);
            }
            if (source.last().filter(end -> last < end).isPresent()) {
                throw new SourceException("%s ends after checkpoint %d, before %d"
                        .formatted(source.location(), last, source.last().get()));
            }
            if (checkpoints == 0 && watermark.isEmpty()) { // more likely a wrong address than an empty chain
                throw new SourceException(
                        "%s has no checkpoint %d: nothing is indexed".formatted(source.location(), first));
            }
            return new Outcome(first, last, checkpoints, facts, anchored);
        }

        private void index(PreparedCheckpoints ahead) throws SQLException, InterruptedException {
            boolean isMore = true;
            while (isMore) {
                try {
                    isMore = takeNext(ahead);
                } catch (ChainException | SourceException | CheckpointFormatException fault) {
                    if (commit(ahead)) { // what came before the fault is good
                        throw fault;
                    }
                }
            }
        }

        /** Gets false once there is no next, and all before it is stored. */
        private boolean takeNext(PreparedCheckpoints ahead) throws SQLException, InterruptedException {
            Optional<Prepared> next = ahead.next();
            if (next.isEmpty()) {
                return !commit(ahead);
            }
            accept(ahead, next.get());
            if (!batch.isEmpty() && (isFull() || !ahead.isReady())) {
                commit(ahead);
                ahead.release();
            }
            return true;
        }

        private boolean isFull() {
            return batch.size() >= limits.batchCheckpoints()
                    || batchFacts >= limits.batchFacts()
                    || batch.getLast().sequenceNumber() <= oneByOneTo;
        }

        private PreparedCheckpoints open() throws SQLException, InterruptedException {
            return elsewhere.isPresent()
                    ? elsewhere.get().open(first, source.last(), () -> packages, verifier, tip)
                    : new ReadHere();
        }

        /** Read ahead in this process. */
        private final class ReadHere implements PreparedCheckpoints {
            private final ReadAhead<Prepared> ahead =
                    new ReadAhead<>(source, first, limits.bytesInFlight(), limits.decoders(), this::prepare, tip);

            private Prepared prepare(RawCheckpoint raw) {
                var checkpoint = IntactCheckpoint.read(raw, network);
                return new Prepared(
                        Optional.of(raw),
                        checkpoint,
                        Extractor.extract(checkpoint, packages, network),
                        verifier.checkAhead(checkpoint));
            }

            @Override
            public Optional<Prepared> next() throws InterruptedException {
                return ahead.next();
            }

            @Override
            public boolean isReady() {
                return ahead.isReady();
            }

            @Override
            public Prepared instead(Prepared refused, ChainException fault) throws InterruptedException {
                return DamagedBodies.instead(source, refused.raw().orElseThrow(), fault, this::prepare);
            }

            @Override
            public Prepared readWith(Prepared stale, PackageChain known) {
                return new Prepared(
                        stale.raw(),
                        stale.checkpoint(),
                        Extractor.extract(stale.checkpoint(), known, network),
                        stale.certificate());
            }

            @Override
            public void release() {
                ahead.release();
            }

            @Override
            public void close() {
                ahead.close();
            }
        }

        /** Known once a full node was asked: before the first batch at the latest. */
        private void claimChain() throws SQLException {
            if (!chainClaimed && source.chain().isPresent()) {
                ReportedChain.claim(db, source.chain().get());
                chainClaimed = true;
            }
        }

        /** What is stored already must be what the source has, else it is another chain. */
        private void skipIndexed(ChainState.Watermark watermark) throws InterruptedException, SQLException {
            long begin = source.firstFrom(watermark.lastCheckpoint());
            if (begin > watermark.lastCheckpoint() + 1) {
                throw new ChainException("gap: %s begins with checkpoint %d, but the database ends with %d"
                        .formatted(source.location(), begin, watermark.lastCheckpoint()));
            }
            long shared = Math.min(source.last().orElse(Long.MAX_VALUE), watermark.lastCheckpoint());
            if (begin <= shared && shared >= watermark.firstCheckpoint()) {
                var stored = state.digestOf(db, shared);
                var fetched =
                        DamagedBodies.fetch(source, shared, Room.UNBOUNDED, raw -> readSame(raw, stored), () -> {});
                if (fetched.isPresent()) {
                    vouch(fetched.get(), shared);
                }
            }
        }

        private static Checkpoint readSame(RawCheckpoint raw, Optional<Digest> stored) {
            var checkpoint = CheckpointFile.read(raw.bytes(), raw.name());
            if (stored.isPresent() && !stored.get().equals(checkpoint.digest())) {
                throw new ChainException("checkpoint %d is %s here and %s in the database: another chain or a fork"
                        .formatted(raw.sequenceNumber(), checkpoint.digest(), stored.get()));
            }
            return checkpoint;
        }

        /** Where indexing begins behind the anchor, the committees between are fetched by themselves. */
        private void leadTo(long begin) throws SQLException, InterruptedException {
            var checkpoint = anchor instanceof TrustAnchor.Unverified
                    ? Optional.<Checkpoint>empty()
                    : DamagedBodies.fetch(
                            source,
                            begin,
                            Room.UNBOUNDED,
                            raw -> CheckpointFile.read(raw.bytes(), raw.name()),
                            () -> {});
            if (checkpoint.isPresent()) {
                leadToEpoch(checkpoint.get().summary().epoch());
            }
        }

        /** The same where the anchor was given later than what is indexed. They are stored with what is vouched for next. */
        private void leadToEpoch(long suiEpoch) throws SQLException, InterruptedException {
            if (anchor instanceof TrustAnchor.Unverified) {
                return;
            }
            var fetched = new HandOvers(source).leadTo(suiEpoch, anchor, state.committees());
            fetched.forEach(each -> {
                verifier.trust(each.committee());
                handOvers.add(new ChainState.HandOver(each.committee(), each.checkpoint()));
            });
            proofs = fetched;
        }

        /** An anchor given later than the checkpoints vouches for them through one that both sides have. */
        private void vouch(Checkpoint checkpoint, long sequenceNumber) throws SQLException {
            if (verifier.checkAhead(checkpoint).check().orElse(null) instanceof CertificateCheck.Valid) {
                Watermarks.hold(db);
                state.raiseVerification(db, sequenceNumber + 1);
                trust();
                db.commit();
                handOvers.clear();
                proofs = List.of();
                anchored = true;
            }
        }

        private void trust() throws SQLException {
            HandOverProofs.store(db, proofs);
            state.trust(db, anchor, handOvers);
        }

        private void accept(PreparedCheckpoints ahead, Prepared next) throws SQLException, InterruptedException {
            // Read again if a package was learned after this one had been read ahead.
            var prepared = upToDate(ahead, next);
            Optional<ChainVerifier.Accepted> believed = Optional.empty();
            while (believed.isEmpty()) {
                if (batch.isEmpty()) {
                    standing = standing();
                }
                try {
                    believed = Optional.of(verifier.accept(prepared.checkpoint(), prepared.certificate()));
                } catch (ChainException fault) {
                    if (!commit(ahead)) { // what came before is good, and must not wait for one that can be believed
                        return; // it was not, and comes again with this one
                    }
                    prepared = upToDate(ahead, ahead.instead(prepared, fault));
                }
            }
            var checkpoint = prepared.checkpoint();
            var accepted = believed.get();
            var read = prepared.facts();
            packages = read.packagesAfter();
            accepted.handedOver()
                    .ifPresent(committee -> handOvers.add(new ChainState.HandOver(
                            committee, checkpoint.summary().sequenceNumber())));
            if (anchoredAt.isEmpty() && accepted.anchorsEarlier()) {
                anchoredAt = Optional.of(checkpoint.summary().sequenceNumber());
            }
            batch.add(new FactWriter.Accepted(checkpoint, read, accepted.verification(), sourceId));
            batchFacts += 1
                    + read.transactions().stream()
                            .mapToInt(each ->
                                    1 + each.events().size() + each.objects().size())
                            .sum();
        }

        private Prepared upToDate(PreparedCheckpoints ahead, Prepared prepared)
                throws SQLException, InterruptedException {
            return prepared.facts().packages().equals(packages) ? prepared : ahead.readWith(prepared, packages);
        }

        /** Before the first checkpoint of all. One that creates the System needs no telling what it was. */
        private void beginWithSnapshot() throws SQLException {
            var begin = batch.getFirst();
            if (reported.isEmpty() || begin.facts().systemCreated()) {
                return;
            }
            var written = new HashMap<SuiAddress, Long>();
            batch.stream()
                    .flatMap(each -> each.facts().transactions().stream())
                    .flatMap(transaction -> transaction.objects().stream())
                    .forEach(object -> written.putIfAbsent(object.id(), object.version()));
            // Beside what a longer batch had told that was gone back over.
            writtenFirst.putAll(written);
            var before = reported.stream()
                    .map(bcs -> StoredObject.reported(bcs, packages, network))
                    .filter(object -> isOlder(object, Optional.ofNullable(writtenFirst.get(object.id()))))
                    .toList();
            if (!before.isEmpty()) {
                batch.set(0, begin.with(begin.facts().after(before)));
                state.beginsWithSnapshot(db, begin.sequenceNumber());
            }
        }

        /** The chain has the last word: what it writes afterwards cannot have been there before. */
        private static boolean isOlder(CheckpointFacts.ObjectFact object, Optional<Long> written) {
            boolean isOlder = written.isEmpty() || Long.compareUnsigned(object.version(), written.get()) < 0;
            if (!isOlder) {
                LOG.warnf(
                        "snapshot left out object=%s version=%d: checkpoints that follow write version %d",
                        object.id(), object.version(), written.get());
            }
            return isOlder;
        }

        /**
         * @return false if facts of other processes cannot be stored: then nothing of the batch is, and it comes again
         * @throws ChainException if it came often enough
         */
        private boolean commit(PreparedCheckpoints ahead) throws SQLException {
            if (batch.isEmpty()) {
                return true;
            }
            long begin = System.nanoTime();
            beginWithSnapshot();
            var tip = batch.getLast();
            boolean isOfFacts = false;
            // The first transaction also says which network and source these are, so it is gone back in, not back to
            // its
            // begin. No later one stays open while others are asked.
            Savepoint begun = isKnown || !ahead.hasOthers() ? null : db.setSavepoint();
            try {
                Watermarks.extend(db, batch);
                claimChain();
                // A backfill may have learned packages meanwhile. Now that the facts are ours to extend, nobody can.
                PackageChain known = ChainState.packages(db);
                if (elsewhere.isPresent()
                        && !batch.getFirst().facts().packages().equals(known)) {
                    throw new StaleFactsException(batch.getFirst().sequenceNumber());
                }
                isOfFacts = true;
                List<FactWriter.Accepted> complete = Strays.takeIn(db, FactWriter.readWith(known, network, batch));
                long rows = FactWriter.write(db, complete);
                Strays.remember(db, complete);
                Projections.fold(db, complete);
                ChainState.learn(db, known, complete);
                isOfFacts = false;
                packages = complete.getLast().facts().packagesAfter();
                trust();
                if (anchoredAt.isPresent() && !anchored) {
                    // A verified checkpoint vouches by digests for everything before it.
                    state.raiseVerification(db, anchoredAt.get());
                }
                ahead.storing(db, tip.sequenceNumber());
                db.commit();
                isKnown = true;
                anchored = anchoredAt.isPresent();
                last = tip.sequenceNumber();
                checkpoints += batch.size();
                facts += rows;
            } catch (SQLException | RuntimeException fault) {
                if (isOfFacts && ahead.hasOthers() && mayBeTheirs(fault)) {
                    if (begun == null) {
                        db.rollback();
                    } else {
                        db.rollback(begun);
                    }
                    goBack(ahead, fault);
                    return false;
                }
                try {
                    db.rollback();
                } catch (SQLException rollback) {
                    fault.addSuppressed(rollback);
                }
                throw fault;
            }
            LOG.debugf("committed checkpoint=%d checkpoints=%d facts=%d", (Object) last, batch.size(), batchFacts);
            progress.committed(new Progress.Position(
                    first,
                    last,
                    source.last(),
                    tip.checkpoint().summary().timestamp(),
                    checkpoints,
                    facts,
                    Duration.ofNanos(System.nanoTime() - begin)));
            batch.clear();
            handOvers.clear();
            proofs = List.of();
            reported = List.of();
            writtenFirst.clear();
            batchFacts = 0;
            return true;
        }

        /** A fault of the database itself, or of the way to it, says nothing about what was to be stored. */
        private static boolean mayBeTheirs(Exception fault) {
            return !(fault instanceof SQLException refusal)
                    || (refusal.getSQLState() != null
                            && Stream.of(DATA_FAULT, CONSTRAINT_VIOLATED, TOO_LARGE)
                                    .anyMatch(refusal.getSQLState()::startsWith));
        }

        /** Together they cannot be stored, so they are tried one by one; one alone is the culprit, and another is asked for. */
        private void goBack(PreparedCheckpoints ahead, Exception fault) throws SQLException {
            long begin = batch.getFirst().sequenceNumber();
            long end = batch.getLast().sequenceNumber();
            LOG.warnf("not stored first=%d last=%d reason=\"%s\"", (Object) begin, end, reason(fault));
            LOG.debug("not stored", fault);
            verifier.goBackTo(standing.place());
            packages = standing.packages();
            anchoredAt = standing.anchoredAt();
            handOvers.clear();
            handOvers.addAll(standing.handOvers());
            chainClaimed = false;
            batch.clear();
            batchFacts = 0;
            if (begin < end) {
                oneByOneTo = end;
                ahead.goBack(begin);
            } else {
                ahead.refuse(
                        begin,
                        new ChainException("checkpoint %d cannot be stored: %s".formatted(begin, reason(fault))));
            }
        }

        /** In one line: the database tells more in others. */
        private static String reason(Exception fault) {
            String reason = fault instanceof SQLException refusal
                    ? "SQLSTATE %s: %s".formatted(refusal.getSQLState(), refusal.getMessage())
                    : fault.toString();
            return reason.lines().findFirst().orElse(reason);
        }
    }
}
