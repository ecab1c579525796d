package dev.vibrissa.indexer;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.project.Projections;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.source.PrunedCheckpointException;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.indexer.trust.Verification;
import dev.vibrissa.indexer.write.BackfillGoal;
import dev.vibrissa.indexer.write.ChainState;
import dev.vibrissa.indexer.write.FactWriter;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.indexer.write.StoredRange;
import dev.vibrissa.indexer.write.Strays;
import dev.vibrissa.indexer.write.Watermarks;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Fills history in behind the first checkpoint that is indexed, while the tip goes on.
 *
 * <p>Checkpoints are read downwards, and each must be the one that its successor names: so all are believed as much as
 * the first one is, whoever hands them out. Each transaction moves the beginning of the facts down, so that they are one
 * range without a gap at any time. Once the goal is reached, what had been read without knowing of earlier history is
 * read again, and the projections are folded over everything beside the live ones and exchanged: until then answers
 * begin where they began before.
 *
 * <p>Stopped at any point, it goes on where it stopped.
 */
public final class Backfill {
    private static final Logger LOG = Logger.getLogger(Backfill.class);

    /** A commit of the tip waits for one of ours: 100 ms or so. */
    private static final int MOST_FACTS = 5_000;

    private final Database database;
    private final WalrusNetwork network;
    private final Optional<String> label;
    private final Ingest.Limits limits;
    private final TipPriority tip;

    /** What is being done, in this order. */
    public enum Phase {
        /** Earlier checkpoints are read, downwards. */
        FILL,
        /** Facts are read again that turned out to depend on earlier history. */
        READ_AGAIN,
        /** Projections are folded over all facts. */
        FOLD
    }

    /** Told after every transaction. */
    @FunctionalInterface
    public interface Progress {
        Progress SILENT = (_, _, _) -> {};

        /**
         * @param checkpoint reached
         * @param end the checkpoint at which the phase ends
         */
        void reached(Phase phase, long checkpoint, long end);
    }

    /**
     * What a run did.
     *
     * @param first the first checkpoint that is indexed now
     * @param checkpoints filled in
     * @param goalReached false if the source has nothing before {@code first}, or no longer
     */
    public record Outcome(long first, long checkpoints, boolean goalReached) {}

    /** @param tip what is indexed meanwhile, by whomever */
    public Backfill(
            Database database, WalrusNetwork network, Optional<String> label, Ingest.Limits limits, TipPriority tip) {
        this.database = database;
        this.network = network;
        this.label = label;
        this.limits = limits;
        this.tip = tip;
    }

    /**
     * Announces that history from {@code goal} on is wanted. Said before the tip is indexed, it saves reading again what
     * was read without knowing.
     */
    public void announce(long goal) throws SQLException {
        try (Connection db = database.connect()) {
            db.setAutoCommit(false);
            BackfillGoal.announce(db, goal);
            db.commit();
        }
    }

    /**
     * Fills in everything from {@code goal} on.
     *
     * @return empty if nothing is indexed yet that history could be filled in behind
     * @throws ChainException if what the source has is not what the first checkpoint says came before it
     * @throws SourceException if the source cannot give its checkpoints
     * @throws IndexerBusyException if another backfill or a rebuild works on the database
     */
    public Optional<Outcome> run(CheckpointSource source, long goal, Progress progress)
            throws SQLException, InterruptedException {
        try (var turn = IndexerLock.BACKFILL.take(database, "another backfill");
                Connection db = turn.connect()) {
            db.setAutoCommit(false);
            BackfillGoal.announce(db, goal);
            boolean nothing = Watermarks.facts(db).isEmpty();
            db.commit(); // the tip takes the same locks, but begins with the source's
            if (nothing) {
                return Optional.empty();
            }
            var state = ChainState.open(db, network, label);
            int sourceId = state.sourceId(source.kind(), source.location());
            db.commit();
            var run = new Run(db, state, source, sourceId, goal, progress);
            run.fill();
            run.readAgain();
            if (Watermarks.isHistoryHidden(db)) {
                db.commit(); // the exchange waits for everybody who looks
                new Rebuild(database)
                        .overAllFacts(position -> progress.reached(
                                Phase.FOLD, position.last(), position.until().orElse(position.last())));
            }
            return Optional.of(run.outcome());
        }
    }

    /** A checkpoint that is whole, and its facts as read with the packages known then. */
    private record Prepared(RawCheckpoint raw, Checkpoint checkpoint, CheckpointFacts facts) {
        long sequenceNumber() {
            return checkpoint.summary().sequenceNumber();
        }
    }

    private final class Run {
        private final Connection db;
        private final ChainState state;
        private final CheckpointSource source;
        private final int sourceId;
        private final long goal;
        private final Progress progress;
        private volatile PackageChain packages;
        private long first;
        private long checkpoints;

        Run(Connection db, ChainState state, CheckpointSource source, int sourceId, long goal, Progress progress) {
            this.db = db;
            this.state = state;
            this.source = source;
            this.sourceId = sourceId;
            this.goal = goal;
            this.progress = progress;
            this.packages = state.packages();
        }

        Outcome outcome() {
            return new Outcome(first, checkpoints, first <= goal);
        }

        private Prepared prepare(RawCheckpoint raw) {
            var checkpoint = IntactCheckpoint.read(raw, network);
            return new Prepared(raw, checkpoint, Extractor.extract(checkpoint, packages, network));
        }

        void fill() throws SQLException, InterruptedException {
            var facts = Watermarks.facts(db).orElseThrow();
            first = facts.first();
            if (first <= goal) {
                db.commit();
                return;
            }
            Digest expected =
                    facts.firstPrevious().isPresent() ? facts.firstPrevious().get() : previousOfFirst();
            db.commit();
            var batch = new ArrayList<Prepared>();
            int batchFacts = 0;
            try (var ahead = ReadAhead.between(
                    source, first - 1, goal, limits.bytesInFlight(), limits.decoders(), this::prepare)) {
                tip.giveWay();
                for (var next = nextKept(ahead); next.isPresent(); next = nextKept(ahead)) {
                    var linked = linked(next.get(), expected);
                    var checkpoint = linked.checkpoint();
                    batch.add(linked);
                    batchFacts += rows(linked.facts());
                    boolean isFirst = checkpoint.summary().previousDigest().isEmpty();
                    if (isFirst
                            || batch.size() >= limits.batchCheckpoints()
                            || batchFacts >= Math.min(MOST_FACTS, limits.batchFacts())
                            || !ahead.isReady()) {
                        store(batch);
                        batch.clear();
                        batchFacts = 0;
                        ahead.release();
                        tip.giveWay();
                    }
                    if (isFirst) {
                        break; // checkpoint 0
                    }
                    expected = checkpoint.summary().previousDigest().orElseThrow();
                }
            } catch (ChainException | SourceException | CheckpointFormatException fault) {
                store(batch); // what lies behind the fault is good
                throw fault;
            }
            store(batch);
            if (first > goal) {
                BackfillGoal.sourceEnded(db);
                db.commit();
                LOG.infof("backfill source=%s ended checkpoint=%d goal=%d", source.location(), first, (Object) goal);
            }
        }

        private static int rows(CheckpointFacts facts) {
            return 1
                    + facts.transactions().stream()
                            .mapToInt(each ->
                                    1 + each.events().size() + each.objects().size())
                            .sum();
        }

        /** What everybody has pruned is the end of what can be had. */
        private Optional<Prepared> nextKept(ReadAhead<Prepared> ahead) throws InterruptedException {
            try {
                return ahead.next();
            } catch (PrunedCheckpointException pruned) {
                LOG.infof("backfill reason=\"%s\"", pruned.getMessage());
                return Optional.empty();
            }
        }

        /** The checkpoint that its successor names, from another place if need be. */
        private Prepared linked(Prepared read, Digest expected) throws InterruptedException {
            return believed(
                    read,
                    each -> require(
                            each,
                            expected,
                            "checkpoint %d says its predecessor is %s".formatted(each.sequenceNumber() + 1, expected)));
        }

        /** The checkpoint that is stored, from another place if need be. */
        private Prepared same(Prepared read, Digest stored) throws InterruptedException {
            return believed(read, each -> requireSame(each, stored));
        }

        private Prepared believed(Prepared read, Consumer<Prepared> check) throws InterruptedException {
            try {
                check.accept(read);
                return read;
            } catch (ChainException fault) {
                return DamagedBodies.instead(source, read.raw(), fault, raw -> {
                    var other = prepare(raw);
                    check.accept(other);
                    return other;
                });
            }
        }

        private void requireSame(Prepared read, Digest stored) {
            require(read, stored, "checkpoint %d is %s in the database".formatted(read.sequenceNumber(), stored));
        }

        private static void require(Prepared read, Digest expected, String reason) {
            if (!read.checkpoint().digest().equals(expected)) {
                throw new ChainException("%s, but %s has %s as checkpoint %d: another chain or a fork"
                        .formatted(
                                reason, read.raw().origin(), read.checkpoint().digest(), read.sequenceNumber()));
            }
        }

        /** A database that was begun without keeping it asks for its first checkpoint again. */
        private Digest previousOfFirst() throws SQLException, InterruptedException {
            var stored = state.digestOf(db, first).orElseThrow();
            var same = DamagedBodies.fetch(
                            source,
                            first,
                            Room.UNBOUNDED,
                            raw -> {
                                var read = prepare(raw);
                                requireSame(read, stored);
                                return read;
                            },
                            () -> {})
                    .orElseThrow(() -> new SourceException(
                            "%s has no checkpoint %d, the first one indexed".formatted(source.location(), first)));
            var previous = same.checkpoint().summary().previousDigest().orElseThrow();
            Watermarks.previousOf(db, first, previous);
            return previous;
        }

        /** @param downwards what was read, the last one first */
        private void store(List<Prepared> downwards) throws SQLException {
            if (downwards.isEmpty()) {
                return;
            }
            inTransaction(() -> {
                // Whether somebody vouches for the first checkpoint cannot change once it is our turn.
                Watermarks.hold(db);
                BackfillGoal.goesOn(db);
                var facts = Watermarks.facts(db).orElseThrow();
                var verification = facts.verified() ? Verification.HASH_CHAIN : Verification.UNVERIFIED;
                var batch = downwards.reversed().stream()
                        .map(each -> new Accepted(each.checkpoint(), each.facts(), verification, sourceId))
                        .toList();
                Watermarks.extendBack(db, batch);
                var known = ChainState.packages(db);
                var complete = Strays.takeIn(db, FactWriter.readWith(known, network, batch));
                FactWriter.write(db, complete);
                Strays.remember(db, complete);
                Strays.recognise(db, complete);
                Projections.addBehind(db, complete);
                if (ChainState.learn(db, known, complete)) {
                    StoredRange.due(db, facts.first(), facts.last());
                }
                if (facts.verified()) {
                    state.trust(db, new TrustAnchor.Unverified(), handOvers(complete));
                }
                packages = ChainState.packages(db);
            });
            first = downwards.getLast().sequenceNumber();
            checkpoints += downwards.size();
            LOG.debugf("filled in checkpoint=%d checkpoints=%d", (Object) first, downwards.size());
            progress.reached(Phase.FILL, first, goal);
        }

        private static List<ChainState.HandOver> handOvers(List<Accepted> batch) {
            return batch.stream()
                    .flatMap(each -> {
                        var summary = each.checkpoint().summary();
                        return summary.endOfEpoch().stream()
                                .map(end -> new ChainState.HandOver(
                                        new Committee(summary.epoch() + 1, end.nextCommittee()),
                                        summary.sequenceNumber()));
                    })
                    .toList();
        }

        void readAgain() throws SQLException, InterruptedException {
            for (var due = firstDue(); due.isPresent(); due = firstDue()) {
                try (var _ = IndexerLock.REBUILD.take(database, "a rebuild");
                        var ahead = ReadAhead.between(
                                source,
                                due.get().first(),
                                due.get().last(),
                                limits.bytesInFlight(),
                                limits.decoders(),
                                this::prepare)) {
                    readAgain(due.get(), ahead);
                }
            }
        }

        private Optional<StoredRange.Due> firstDue() throws SQLException {
            var due = StoredRange.firstDue(db);
            db.commit();
            return due;
        }

        private void readAgain(StoredRange.Due due, ReadAhead<Prepared> ahead)
                throws SQLException, InterruptedException {
            long answeredFrom = Watermarks.answeredFrom(db);
            db.commit();
            var batch = new ArrayList<Prepared>();
            int batchFacts = 0;
            long expected = due.first();
            tip.giveWay();
            for (var next = ahead.next(); next.isPresent(); next = ahead.next()) {
                batch.add(next.get());
                batchFacts += rows(next.get().facts());
                expected++;
                // What is seen first depends on which side of the beginning of answers it lies.
                if (expected == answeredFrom
                        || batch.size() >= limits.batchCheckpoints()
                        || batchFacts >= Math.min(MOST_FACTS, limits.batchFacts())
                        || !ahead.isReady()) {
                    storeAgain(batch, due.last());
                    batch.clear();
                    batchFacts = 0;
                    ahead.release();
                    tip.giveWay();
                }
            }
            storeAgain(batch, due.last());
            if (expected <= due.last()) {
                throw new SourceException("%s has no checkpoint %d, which has to be read again before history shows"
                        .formatted(source.location(), expected));
            }
        }

        private void storeAgain(List<Prepared> read, long end) throws SQLException, InterruptedException {
            if (read.isEmpty()) {
                return;
            }
            long from = read.getFirst().sequenceNumber();
            long to = read.getLast().sequenceNumber();
            var same = sameAsStored(read, from, to);
            inTransaction(() -> {
                Watermarks.hold(db);
                // By now somebody may vouch for them.
                Map<Long, StoredRange.Kept> kept = StoredRange.kept(db, from, to);
                var batch = same.stream()
                        .map(each -> {
                            var before = kept(kept, each);
                            return new Accepted(
                                    each.checkpoint(), each.facts(), before.verification(), before.sourceId());
                        })
                        .toList();
                Projections.forget(db, from, to);
                StoredRange.delete(db, from, to);
                var known = ChainState.packages(db);
                var complete = Strays.takeIn(db, FactWriter.readWith(known, network, batch));
                FactWriter.write(db, complete);
                Projections.addAgain(db, complete);
                ChainState.learn(db, known, complete);
                StoredRange.done(db, to);
            });
            progress.reached(Phase.READ_AGAIN, to, end);
        }

        /** Before it is our turn to change facts: other places may have to be asked. */
        private List<Prepared> sameAsStored(List<Prepared> read, long from, long to)
                throws SQLException, InterruptedException {
            Map<Long, StoredRange.Kept> kept = StoredRange.kept(db, from, to);
            db.commit();
            var same = new ArrayList<Prepared>();
            for (Prepared each : read) {
                same.add(same(each, kept(kept, each).digest()));
            }
            return same;
        }

        private static StoredRange.Kept kept(Map<Long, StoredRange.Kept> kept, Prepared read) {
            var before = kept.get(read.sequenceNumber());
            if (before == null) {
                throw new IllegalStateException("checkpoint %d was never stored".formatted(read.sequenceNumber()));
            }
            return before;
        }

        private interface Work {
            void run() throws SQLException;
        }

        private void inTransaction(Work work) throws SQLException {
            try {
                work.run();
                db.commit();
            } catch (SQLException | RuntimeException fault) {
                try {
                    db.rollback();
                } catch (SQLException rollback) {
                    fault.addSuppressed(rollback);
                }
                throw fault;
            }
        }
    }
}
