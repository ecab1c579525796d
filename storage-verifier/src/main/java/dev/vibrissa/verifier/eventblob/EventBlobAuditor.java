package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.eventblob.EventBlobStore.Audited;
import dev.vibrissa.verifier.eventblob.EventBlobStore.Facts;
import dev.vibrissa.verifier.eventblob.EventBlobStore.Outcome;
import dev.vibrissa.verifier.eventblob.EventBlobStore.Progress;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs.Holder;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeHealth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Compares each event blob of the network with our rows, the newest first, back to where our history begins; and asks
 * the nodes how far they are. What is done is in the database, so a restart goes on where the last run ended. One
 * process at a time does it, the one that has the turn.
 */
public final class EventBlobAuditor {
    private static final Logger LOG = Logger.getLogger(EventBlobAuditor.class);

    /** "eventblb" as eight ASCII bytes: any number will do, as long as it is ours. */
    static final long LOCK = 0x6576656e74626c62L;

    /** Nodes know an event blob some seconds after its certification. */
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private static final int MOST_DOUBLINGS = 10;

    /**
     * As after so many tries in vain, about an hour: a file in which our history begins is compared again no sooner.
     * Every chunk that is filled in would have it fetched once more.
     */
    private static final int STRADDLES = 7;

    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private final Database database;
    private final Sources sources;
    private final Optional<NodeClient> client;
    private final Duration betweenProgress;
    private final Duration tryAgain;
    private final Clock clock;
    private final Path folder;
    private OptionalLong progressNanos = OptionalLong.empty();

    /** How event blobs are looked for, given who keeps them. */
    @FunctionalInterface
    public interface Sources {
        EventBlobSource of(EncodingConfig config, List<Holder> holders, Path folder);
    }

    /**
     * @param folder for files being compared, which are deleted afterwards
     * @param betweenProgress how often each node is asked how far it is
     */
    public EventBlobAuditor(Database database, NodeClient client, Path folder, Duration betweenProgress, Clock clock) {
        this(
                database,
                (config, holders, into) ->
                        new NodeEventBlobs(client, config, holders, into, DEADLINE, new SplittableRandom()),
                Optional.of(client),
                folder,
                betweenProgress,
                TRY_AGAIN,
                clock);
    }

    /** One that takes event blobs from elsewhere and asks no node how it is: for tests. */
    EventBlobAuditor(
            Database database,
            Sources sources,
            Optional<NodeClient> client,
            Path folder,
            Duration betweenProgress,
            Duration tryAgain,
            Clock clock) {
        this.database = database;
        this.sources = sources;
        this.client = client;
        this.folder = folder;
        this.betweenProgress = betweenProgress;
        this.tryAgain = tryAgain;
        this.clock = clock;
    }

    /**
     * Audits one event blob, if one is due and it is our turn; blocks until it is done.
     *
     * @return whether one was
     */
    public boolean step() throws SQLException, IOException, InterruptedException {
        Optional<Turn> turn = takeTurn();
        if (turn.isEmpty()) {
            return false;
        }
        try (Turn ours = turn.get()) {
            return step(ours);
        }
    }

    /** Empty while another process audits event blobs, and we stand by. */
    public Optional<Turn> takeTurn() throws SQLException {
        return Turn.tryTake(database, LOCK);
    }

    /**
     * A step in a turn that was taken before. A fault that lies in one file is written down as its outcome before it is
     * thrown, so that the next step goes on with another.
     *
     * @return whether an event blob was due
     * @throws dev.vibrissa.migrations.TurnLostException if it is lost meanwhile
     * @throws IOException if our own disk fails, which is the fault of no file
     */
    public boolean step(Turn turn) throws SQLException, IOException, InterruptedException {
        try (Connection db = turn.connect()) {
            db.setAutoCommit(false);
            progress(db);
            return audit(db);
        } catch (SQLException fault) {
            throw turn.explained(fault);
        }
    }

    private boolean audit(Connection db) throws SQLException, IOException, InterruptedException {
        Optional<Facts> facts = EventBlobStore.facts(db);
        Optional<Link> due = facts.isEmpty() ? Optional.empty() : due(db, facts.get());
        var shards = EventBlobStore.shards(db);
        List<Holder> holders = EventBlobStore.holders(db);
        db.commit(); // no transaction is open while nodes are waited for
        clear(due);
        if (due.isEmpty() || shards.isEmpty() || holders.isEmpty()) {
            return false;
        }
        Files.createDirectories(folder);
        var source = sources.of(new EncodingConfig(shards.getAsInt()), holders, folder);
        try {
            audit(db, source, due.get());
        } catch (UncheckedIOException fault) {
            throw fault; // our disk
        } catch (RuntimeException fault) {
            passOver(db, due.get(), fault);
            throw fault;
        } catch (SQLException fault) {
            if (liesInTheData(fault)) {
                passOver(db, due.get(), fault);
            }
            throw fault;
        }
        return true;
    }

    private void audit(Connection db, EventBlobSource source, Link link)
            throws SQLException, IOException, InterruptedException {
        switch (source.fetch(link.blobId())) {
            case Fetched.Gone(String reason) -> failed(db, link, Outcome.UNAVAILABLE, reason);
            case Fetched.Unavailable(String reason) -> failed(db, link, Outcome.UNAVAILABLE, reason);
            case Fetched.Unfit(String reason) -> failed(db, link, Outcome.MALFORMED, reason);
            case Fetched.Found found -> {
                try {
                    compare(db, link, found);
                } finally {
                    if (found.file().startsWith(folder)) {
                        Files.deleteIfExists(found.file());
                    }
                }
            }
        }
    }

    /** Whether a statement failed for what it was to write, and will every time: data (22), constraints (23), limits (54). */
    private static boolean liesInTheData(SQLException fault) {
        String state = fault.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    /** A file that brings about a fault would be the newest that is due for ever, and hide all before it. */
    private void passOver(Connection db, Link link, Exception fault) {
        try {
            failed(db, link, Outcome.UNAVAILABLE, "auditing it failed: " + fault);
        } catch (SQLException e) {
            fault.addSuppressed(e);
        }
    }

    /** Nobody else fetches in our turn: what a killed process left would take the room of what is due. */
    private void clear(Optional<Link> due) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Optional<Path> used = due.map(link -> NodeEventBlobs.file(folder, link.blobId()));
        try (var left = Files.newDirectoryStream(folder, "*.{part,event-blob}")) {
            for (Path each : left) {
                if (!used.equals(Optional.of(each))) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /**
     * The newest event blob that is due: never looked at, not to be had a while ago, or compared when our history began
     * later than it does now.
     */
    private Optional<Link> due(Connection db, Facts facts) throws SQLException {
        Optional<Link> next = EventBlobStore.head(db);
        while (next.isPresent() && next.get().lastCheckpoint() >= facts.first()) {
            Link link = next.get();
            if (link.lastCheckpoint() > facts.last()) {
                return Optional.empty(); // history is being filled in behind a snapshot
            }
            Optional<Audited> known = EventBlobStore.audited(db, link.blobId());
            if (known.isEmpty()) {
                return Optional.of(link);
            }
            Audited audited = known.get();
            if (isDue(audited, facts.first())) {
                return Optional.of(link);
            }
            // One that cannot be read hides what is before it, unless the chain itself told us of those.
            next = audited.firstCheckpoint().isPresent()
                    ? audited.older()
                    : EventBlobStore.headBefore(db, link.lastCheckpoint());
        }
        return Optional.empty();
    }

    /** @param ours the first checkpoint that we have the facts of */
    private boolean isDue(Audited audited, long ours) {
        if (audited.comparedFrom().isEmpty() || audited.outcome() == Outcome.UNAVAILABLE) {
            return audited.outcome() == Outcome.UNAVAILABLE && waited(audited, Math.max(1, audited.tries()));
        }
        long first = audited.firstCheckpoint().orElse(ours);
        if (audited.comparedFrom().getAsLong() <= Math.max(ours, first)) {
            return false;
        }
        return ours <= first
                ? audited.tries() == 0 || waited(audited, audited.tries())
                : waited(audited, Math.max(STRADDLES, audited.tries()));
    }

    /** Longer and longer, to some 17 hours: what has expired does not come back. */
    private boolean waited(Audited audited, int tries) {
        Duration pause = tryAgain.multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
        Duration since = Duration.between(audited.at(), clock.instant());
        return since.isNegative() || since.compareTo(pause) >= 0; // a clock that was set back is not waited for
    }

    private void compare(Connection db, Link link, Fetched.Found found) throws SQLException, IOException {
        switch (EventBlobFile.inspect(link.blobId(), found.file())) {
            case EventBlobFile.Malformed(String reason) -> failed(db, link, Outcome.MALFORMED, reason);
            case EventBlobFile.Readable(EventBlobFile file) -> {
                Optional<String> fault = link.fault(file);
                Optional<BlobId> certified = EventBlobStore.certified(db, file.lastCheckpoint());
                if (fault.isEmpty() && certified.isPresent() && !certified.get().equals(link.blobId())) {
                    fault = Optional.of("the chain certified %s for checkpoint %d, not %s"
                            .formatted(certified.get(), file.lastCheckpoint(), link.blobId()));
                }
                if (fault.isPresent()) {
                    failed(db, link, Outcome.MALFORMED, fault.get());
                    return;
                }
                long from = Math.max(
                        file.firstCheckpoint(),
                        EventBlobStore.facts(db).orElseThrow().first());
                Comparison comparison = Comparison.of(db, file, from);
                Outcome outcome = file.unknown().isPresent()
                        ? Outcome.INCOMPLETE
                        : comparison.differences().isEmpty() ? Outcome.AGREES : Outcome.DIFFERS;
                String detail = file.unknown().map(Object::toString).orElse("");
                EventBlobStore.compared(db, file, outcome, detail, comparison, from, clock.instant());
                db.commit();
                LOG.infof(
                        "event blob audited outcome=%s blobId=%s checkpoints=%d-%d events=%d differences=%d",
                        outcome,
                        link.blobId(),
                        file.firstCheckpoint(),
                        file.lastCheckpoint(),
                        comparison.events(),
                        comparison.differences().kept().size());
            }
        }
    }

    private void failed(Connection db, Link link, Outcome outcome, String reason) throws SQLException {
        db.rollback();
        EventBlobStore.failed(db, link, outcome, reason, clock.instant());
        db.commit();
        LOG.warnf("event blob not audited outcome=%s blobId=%s reason=\"%s\"", outcome, link.blobId(), reason);
    }

    private void progress(Connection db) throws SQLException, InterruptedException {
        long now = System.nanoTime();
        if (client.isEmpty()
                || progressNanos.isPresent() && now - progressNanos.getAsLong() < betweenProgress.toNanos()) {
            return;
        }
        progressNanos = OptionalLong.of(now);
        Map<SuiAddress, Holder> nodes = new HashMap<>();
        EventBlobStore.holders(db).forEach(each -> nodes.put(each.node().id(), each));
        db.commit();
        if (nodes.isEmpty()) {
            return;
        }
        var said = new ArrayList<Progress>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Progress>>();
            for (Holder each : nodes.values()) {
                asked.add(pool.submit((Callable<Progress>) () -> ask(client.get(), each)));
            }
            try {
                for (Future<Progress> each : asked) {
                    said.add(each.get());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } finally {
                pool.shutdownNow();
            }
        }
        // Read after the answers: whoever is ahead of us is ahead of what we had when it spoke, or before.
        Optional<Facts> facts = EventBlobStore.facts(db);
        if (facts.isPresent()) {
            long tip = facts.get().last();
            OptionalLong next = EventBlobStore.nextIndex(db, tip);
            EventBlobStore.progress(db, said, next, tip, clock.instant());
        }
        db.commit();
    }

    private static Progress ask(NodeClient client, Holder holder) throws InterruptedException {
        return switch (client.health(holder.node(), false)) {
            case dev.vibrissa.verifier.node.Outcome.Answered<NodeHealth> answered ->
                new Progress(holder.node().id(), Optional.of(answered.value()), "");
            case dev.vibrissa.verifier.node.Outcome.Failed<NodeHealth> failed ->
                new Progress(
                        holder.node().id(),
                        Optional.empty(),
                        failed.failure().getClass().getSimpleName());
        };
    }
}
