package dev.vibrissa.verifier.round;

import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.Turn;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.node.Blame;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Circumstances;
import dev.vibrissa.verifier.probe.Said;
import dev.vibrissa.verifier.round.AuditStore.Chain;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Draws;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameBlob;
import dev.vibrissa.verifier.sample.FrameMember;
import dev.vibrissa.verifier.sample.FrameStore;
import dev.vibrissa.verifier.sample.Seed;
import dev.vibrissa.verifier.score.NodeScore;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Audits a living network, step by step: a frame for each epoch, a round at each seed, and every wave written down
 * before the next is asked. Whatever a crash leaves unfinished is taken up where the log ends, while its epoch lasts.
 */
public final class Auditor {
    private static final Logger LOG = Logger.getLogger(Auditor.class);

    /** Questions in flight over all nodes; the client bounds what each may take. */
    private static final int IN_FLIGHT = 64;

    /** For how long the chain may lag behind the answers, until the benefit of the doubt is the nodes'. */
    private static final int MOST_LOOKS = 240;

    /** Of what is judged: an operator sees its failure within a minute, whoever else takes his time. */
    private static final Duration WRITE_WITHIN = Duration.ofSeconds(10);

    /** Of blobs that are read as cover. */
    private static final long MOST_COVER_BYTES = 4 << 20;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** So many of those who were heard are asked again whether we hear. */
    private static final int MOST_WITNESSES = 8;

    private final Database database;
    private final AuditLog log;
    private final Method method;
    private final Function<EncodingConfig, Questions> questions;
    private final Budget budget;
    private final Pause pause;
    private final BooleanSupplier controls;
    private final Duration writeWithin;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, EncodingConfig> configs = new HashMap<>();
    private Optional<String> hindrance = Optional.empty();

    /**
     * @param log that has begun
     * @param controls whether any control target can be reached: something that no storage node answers for
     */
    public Auditor(
            Database database,
            AuditLog log,
            Method method,
            NodeClient client,
            Pause pause,
            BooleanSupplier controls,
            Clock clock) {
        this(database, log, method, client, new Budget(method), pause, controls, WRITE_WITHIN, clock);
    }

    private Auditor(
            Database database,
            AuditLog log,
            Method method,
            NodeClient client,
            Budget budget,
            Pause pause,
            BooleanSupplier controls,
            Duration writeWithin,
            Clock clock) {
        this(
                database,
                log,
                method,
                config -> new Prober(client, config, method, budget, pause, clock),
                budget,
                pause,
                controls,
                writeWithin,
                clock);
    }

    /** @param writeWithin what can be judged is written at least so often while a wave is under way */
    static Auditor writingWithin(
            Duration writeWithin,
            Database database,
            AuditLog log,
            Method method,
            NodeClient client,
            BooleanSupplier controls,
            Clock clock) {
        return new Auditor(database, log, method, client, new Budget(method), _ -> {}, controls, writeWithin, clock);
    }

    /** @param questions how nodes are asked, given the encoding of their network */
    public Auditor(
            Database database,
            AuditLog log,
            Method method,
            Function<EncodingConfig, Questions> questions,
            Pause pause,
            BooleanSupplier controls,
            Clock clock) {
        this(database, log, method, questions, new Budget(method), pause, controls, WRITE_WITHIN, clock);
    }

    private Auditor(
            Database database,
            AuditLog log,
            Method method,
            Function<EncodingConfig, Questions> questions,
            Budget budget,
            Pause pause,
            BooleanSupplier controls,
            Duration writeWithin,
            Clock clock) {
        this.database = database;
        this.log = log;
        this.method = method;
        this.questions = questions;
        this.budget = budget;
        this.pause = pause;
        this.controls = controls;
        this.writeWithin = writeWithin;
        this.clock = clock;
    }

    /** What a step did. */
    public enum Step {
        FRAME,
        ROUND,
        /** Nothing was due. */
        NOTHING
    }

    /** Makes a frame or runs a round, if one is due and it is our turn; blocks until it is done. */
    public Step step() throws SQLException, InterruptedException {
        Optional<Turn> turn = takeTurn();
        if (turn.isEmpty()) {
            return Step.NOTHING;
        }
        try (Turn ours = turn.get()) {
            return step(ours);
        }
    }

    /** Why nothing could be asked when a step last looked; empty if it could, or if there is no chain to ask about yet. */
    public Optional<String> hindrance() {
        return hindrance;
    }

    /** Empty while somebody else audits with this key, and we stand by. */
    public Optional<Turn> takeTurn() throws SQLException {
        return log.tryTurn(database);
    }

    /**
     * A step in a turn that was taken before.
     *
     * @throws dev.vibrissa.migrations.TurnLostException if it is lost meanwhile
     */
    public Step step(Turn turn) throws SQLException, InterruptedException {
        try (Connection db = turn.connect()) {
            db.setAutoCommit(false);
            try {
                return step(db);
            } finally {
                if (!db.isClosed()) {
                    db.rollback();
                }
            }
        } catch (SQLException fault) {
            throw turn.explained(fault);
        }
    }

    private Step step(Connection db) throws SQLException, InterruptedException {
        Announcements.log(db, log);
        log.signIfDue(db);
        compare(db);
        Optional<RoundRecord> interrupted = AuditStore.runningRound(db, log.prover());
        if (interrupted.isPresent()
                && AuditStore.chain(db).filter(each -> !lags(each)).isPresent()) {
            RoundRecord round = interrupted.get();
            run(db, AuditStore.frame(db, round.walrusEpoch()).orElseThrow(), round);
            return Step.ROUND;
        }
        Optional<Chain> chain = AuditStore.chain(db);
        db.commit();
        hindrance = chain.filter(this::lags)
                .map(each -> "the chain is seen %d s late: nothing is asked"
                        .formatted(
                                Duration.between(each.tipAt(), clock.instant()).toSeconds()));
        if (chain.isEmpty() || lags(chain.get())) {
            return Step.NOTHING;
        }
        Optional<Frame> frame = AuditStore.frame(db, chain.get().epoch());
        if (frame.isEmpty()) {
            return makeFrame(db, chain.get());
        }
        if (!AuditStore.hasAdopted(db, chain.get().epoch(), log.prover())) {
            adopt(db, frame.get());
            return Step.FRAME;
        }
        Optional<RoundRecord> round = begin(db, frame.get(), chain.get());
        if (round.isEmpty()) {
            return Step.NOTHING;
        }
        run(db, frame.get(), round.get());
        return Step.ROUND;
    }

    private boolean lags(Chain chain) {
        return chain.tipAt().plus(method.mostLag()).isBefore(clock.instant());
    }

    private EncodingConfig config(int shards) {
        return configs.computeIfAbsent(shards, EncodingConfig::new);
    }

    /** What other vantages saw of rounds that all have ended, or that will not be waited for. */
    private void compare(Connection db) throws SQLException {
        for (Vantages.Comparable round : Vantages.uncompared(db, log.prover())) {
            Set<SuiAddress> found = Vantages.compare(db, log, round);
            if (!found.isEmpty()) {
                Frame frame = AuditStore.frame(db, round.epoch()).orElseThrow();
                List<Change> news = score(db, frame, found);
                log.sign(db);
                Dossier.store(db, log.prover(), round.epoch(), clock.instant());
                Outbox.append(db, news);
                LOG.infof("quorum epoch=%d round=%d nodes=%d", (Object) round.epoch(), round.round(), found.size());
            }
            db.commit();
        }
    }

    /** A frame that another vantage made is ours only after we have counted it. */
    private void adopt(Connection db, Frame frame) throws SQLException {
        FrameStore.Counted counted = FrameStore.recount(db, frame.walrusEpoch(), config(frame.shards()));
        if (!counted.root().equals(frame.root()) || !counted.strata().equals(frame.strata())) {
            throw new IllegalStateException(
                    "the blobs of the frame of epoch %d have root %s in strata of %s, not %s in %s"
                            .formatted(
                                    frame.walrusEpoch(),
                                    counted.root(),
                                    counted.strata(),
                                    frame.root(),
                                    frame.strata()));
        }
        AuditStore.adopt(db, frame, log.append(db, LogEntry.Kind.FRAME, AuditJson.MAPPER.valueToTree(frame)));
        log.sign(db); // it binds us, too, before the seed is known
        db.commit();
        LOG.infof("frame adopted epoch=%d root=%s", (Object) frame.walrusEpoch(), frame.root());
    }

    /**
     * Scores are those of the log that leads: all vantages ask the same, and one sample is not three.
     *
     * @return what they tell others, to be appended last
     */
    private List<Change> score(Connection db, Frame frame, Collection<SuiAddress> nodes) throws SQLException {
        if (!Vantages.lead(db).equals(Optional.of(log.prover()))) {
            return List.of();
        }
        var news = new ArrayList<Change>();
        for (SuiAddress node : nodes) {
            for (NodeScore score :
                    Hours.scores(db, log.prover(), node, frame.methodology(), frame.walrusEpoch(), clock.instant())) {
                Instant now = clock.instant();
                ScoreNews.of(db, score, now).ifPresent(news::add);
                Hours.store(db, score, now);
            }
        }
        return news;
    }

    private Step makeFrame(Connection db, Chain seen) throws SQLException {
        db.commit();
        AuditStore.lockFrames(db);
        try {
            return AuditStore.frame(db, seen.epoch()).isPresent() ? Step.NOTHING : makeFrameAlone(db, seen);
        } finally {
            db.rollback();
            AuditStore.unlockFrames(db);
        }
    }

    private Step makeFrameAlone(Connection db, Chain seen) throws SQLException {
        db.commit();
        db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            Chain chain = AuditStore.chain(db).orElseThrow();
            if (chain.epoch() != seen.epoch() || chain.tip() < chain.doneAt() + method.settlingCheckpoints()) {
                db.rollback();
                return Step.NOTHING;
            }
            FrameStore.Counted counted = FrameStore.fill(db, chain.epoch(), config(chain.shards()));
            var frame = new Frame(
                    method.version(),
                    method.hash(),
                    chain.network(),
                    chain.epoch(),
                    chain.shards(),
                    counted.strata(),
                    counted.root(),
                    FrameStore.members(db, chain.epoch()),
                    chain.tip(),
                    chain.tipDigest(),
                    // The chain has gone on while this was read.
                    method.firstSeed(tipNow()),
                    method.seedInterval(),
                    method.plan(),
                    method.waveSize());
            LogEntry entry = log.append(db, LogEntry.Kind.FRAME, AuditJson.MAPPER.valueToTree(frame));
            AuditStore.insert(db, frame, entry);
            AuditStore.adopt(db, frame, entry);
            log.sign(db); // it binds us from the moment that it is published
            db.commit();
            LOG.infof(
                    "frame epoch=%d blobs=%d members=%d root=%s firstSeed=%d",
                    (Object) frame.walrusEpoch(),
                    frame.count(),
                    frame.members().size(),
                    frame.root(),
                    frame.firstSeedHeight());
            return Step.FRAME;
        } finally {
            db.rollback();
            db.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    private long tipNow() throws SQLException {
        try (Connection other = database.connect()) {
            return AuditStore.chain(other).orElseThrow().tip();
        }
    }

    /** The newest round whose seed is there; those before it that were never begun are missed for good. */
    private Optional<RoundRecord> begin(Connection db, Frame frame, Chain chain) throws SQLException {
        if (chain.tip() < frame.firstSeedHeight()) {
            return Optional.empty();
        }
        long newest = (chain.tip() - frame.firstSeedHeight()) / frame.seedInterval();
        long last = AuditStore.lastRound(db, frame.walrusEpoch(), log.prover());
        if (newest <= last) {
            return Optional.empty();
        }
        for (long missed = last + 1; missed < newest; missed++) {
            AuditStore.insertMissed(db, frame, missed, log.prover());
        }
        Digest digest = AuditStore.digest(db, frame.seedHeight(newest))
                .orElseThrow(() -> new IllegalStateException(
                        "no checkpoint %d, though the tip is at %d".formatted(frame.seedHeight(newest), chain.tip())));
        budget.begin(AuditStore.spentSince(db, log.prover(), clock.instant().minus(AuditStore.DAY)));
        var round = new RoundRecord(
                frame.methodology(),
                frame.walrusEpoch(),
                newest,
                frame.root(),
                frame.seedHeight(newest),
                digest,
                frame.seed(newest, digest).bytes(),
                frame.plan(),
                frame.waveSize(),
                frame.members().stream()
                        .map(each -> Math.min(
                                budget.left(each.nodeId()).bytes(), frame.plan().bytesPerMember()))
                        .toList(),
                frame.members().stream()
                        .map(each -> budget.left(each.nodeId()).requests())
                        .toList());
        LogEntry entry = log.append(db, LogEntry.Kind.ROUND, AuditJson.MAPPER.valueToTree(round));
        AuditStore.insert(db, round, entry);
        db.commit();
        return Optional.of(round);
    }

    private void run(Connection db, Frame frame, RoundRecord round) throws SQLException, InterruptedException {
        EncodingConfig config = config(frame.shards());
        var draws = new Draws(frame, new Seed(round.seed()));
        List<Draw> all = IntStream.range(0, frame.members().size())
                .boxed()
                .flatMap(member -> draws.of(member, round.plan()).stream())
                .toList();
        Map<Long, FrameBlob> blobs = FrameStore.blobs(
                db,
                frame.walrusEpoch(),
                all.stream().map(Draw::position).distinct().toList());
        List<List<Draw>> waves = Waves.of(frame, round, config, blobs);
        Map<Integer, Integer> judged = AuditStore.judgedWaves(db, round, log.prover());
        budget.begin(AuditStore.spentSince(db, log.prover(), clock.instant().minus(AuditStore.DAY)));
        db.commit();
        Questions prober = questions.apply(config);
        for (int wave = 0; wave < waves.size(); wave++) {
            List<Draw> asking = waves.get(wave);
            int known = judged.getOrDefault(wave, 0);
            if (known == asking.size()) {
                continue;
            }
            if (isOver(db, frame)) {
                if (known > 0) {
                    leave(db, frame, round, wave, asking, blobs, config);
                }
                break; // whoever kept the slivers of that epoch need not any more
            }
            if (lags(AuditStore.chain(db).orElseThrow())) {
                db.commit();
                return; // it goes on where it is once the chain is seen again
            }
            run(db, frame, round, wave, asking, blobs, prober);
        }
        List<Change> news = score(
                db, frame, frame.members().stream().map(FrameMember::nodeId).toList());
        AuditStore.end(db, round, log.prover(), all.size(), clock.instant());
        ReplayBundle.store(db, log.prover(), frame, round);
        log.sign(db); // a case is worth nothing before its entries are under a root
        Dossier.store(db, log.prover(), round.walrusEpoch(), clock.instant());
        Outbox.append(db, news);
        db.commit();
        LOG.infof("round epoch=%d round=%d draws=%d done", (Object) round.walrusEpoch(), round.round(), all.size());
    }

    private static boolean isOver(Connection db, Frame frame) throws SQLException {
        boolean over = AuditStore.chain(db).orElseThrow().epoch() > frame.walrusEpoch();
        db.commit();
        return over;
    }

    private void run(
            Connection db,
            Frame frame,
            RoundRecord round,
            int number,
            List<Draw> draws,
            Map<Long, FrameBlob> blobs,
            Questions prober)
            throws SQLException, InterruptedException {
        Announcements.log(db, log);
        Instant beganAt = clock.instant();
        List<StorageNode> nodes = AuditStore.nodes(db, frame.members());
        Map<Integer, StorageNode> heirs = heirs(db, frame);
        List<FrameBlob> covers = covers(db, frame, draws);
        Set<Integer> awaited = awaited(db, frame);
        // Some were judged before a restart; they are still of this wave.
        var probes = new ArrayList<>(AuditStore.judged(db, round, log.prover(), number));
        db.commit(); // nothing is held while nodes take their time
        List<Draw> left = without(draws, probes);
        var unasked = new ArrayList<>(probes);
        var open = new ArrayList<Asked>();
        var heard = new LinkedBlockingQueue<Asked>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> asking = threads.submit(() -> {
                askAll(frame, left, blobs, nodes, heirs, covers, prober, heard::add);
                return true;
            });
            try {
                while (!isDone(asking)) {
                    heard.drainTo(open);
                    List<ProbeRecord> settled = writeSettled(db, frame, round, awaited, open);
                    probes.addAll(settled);
                    unasked.addAll(settled);
                    // Now, for a node speaks of its epoch only: the wave may end in the next one.
                    contradict(db, frame, unasked, nodes, prober);
                    unasked.clear();
                }
            } finally {
                asking.cancel(true);
            }
        }
        heard.drainTo(open);
        List<List<Answer>> all = Stream.concat(
                        probes.stream().map(ProbeRecord::answers), open.stream().map(Asked::answers))
                .toList();
        boolean controlsFailed = !controls.getAsBoolean() || hearsNobody(all, draws, blobs, nodes, number, prober);
        Wave wave = Wave.judge(
                open, all, round, log.prover(), method.judge(), known(db, frame, awaited, open), controlsFailed);
        db.commit();
        if (wave.ownOutage()) {
            var outage = new OutageRecord(
                    round.walrusEpoch(),
                    round.round(),
                    number,
                    beganAt,
                    clock.instant(),
                    controlsFailed ? OutageRecord.Cause.CONTROLS_UNREACHABLE : OutageRecord.Cause.MASS_FAILURE);
            AuditStore.insert(db, outage, log.append(db, LogEntry.Kind.OUTAGE, AuditJson.MAPPER.valueToTree(outage)));
        }
        write(db, wave.probes(), open);
        probes.addAll(wave.probes());
        unasked.addAll(wave.probes());
        contradict(db, frame, unasked, nodes, prober);
    }

    /** An operator sees its failure before it is asked what it says of that. */
    private void contradict(
            Connection db, Frame frame, List<ProbeRecord> probes, List<StorageNode> nodes, Questions prober)
            throws SQLException, InterruptedException {
        for (ContradictionRecord found : contradictions(db, frame, probes, nodes, prober)) {
            AuditStore.insert(
                    db, found, log.append(db, LogEntry.Kind.CONTRADICTION, AuditJson.MAPPER.valueToTree(found)));
        }
        AuditStore.spend(db, log.prover(), budget.unwritten(), clock.instant());
        db.commit();
    }

    private List<Draw> without(List<Draw> draws, List<ProbeRecord> judged) {
        Set<Draw> before = judged.stream().map(ProbeRecord::draw).collect(Collectors.toSet());
        return draws.stream().filter(each -> !before.contains(each)).toList();
    }

    /** Waits for the end of a wave, but no longer than what is judged may wait to be written. */
    private boolean isDone(Future<Boolean> asking) throws InterruptedException {
        try {
            return asking.get(writeWithin.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed to run", e);
        }
    }

    /** Writes what the rest of the wave will not change; what hangs on it stays in {@code open}. */
    private List<ProbeRecord> writeSettled(
            Connection db, Frame frame, RoundRecord round, Set<Integer> awaited, List<Asked> open)
            throws SQLException, InterruptedException {
        if (open.isEmpty()) {
            return List.of();
        }
        List<ProbeRecord> settled =
                Wave.settled(open, round, log.prover(), method.judge(), known(db, frame, awaited, open));
        write(db, settled, open);
        Set<Draw> written = settled.stream().map(ProbeRecord::draw).collect(Collectors.toSet());
        open.removeIf(each -> written.contains(each.draw()));
        return settled;
    }

    private void write(Connection db, List<ProbeRecord> probes, List<Asked> asked) throws SQLException {
        for (ProbeRecord probe : probes) {
            AuditStore.insert(db, probe, log.append(db, LogEntry.Kind.PROBE, AuditJson.MAPPER.valueToTree(probe)));
        }
        for (Asked each : asked) {
            for (Bytes body : each.falseBodies()) {
                AuditStore.keep(db, body);
            }
        }
        AuditStore.spend(db, log.prover(), budget.unwritten(), clock.instant());
        db.commit();
    }

    /** Of a wave that was begun in an epoch that is over nothing is left out: it is said what was not asked. */
    private void leave(
            Connection db,
            Frame frame,
            RoundRecord round,
            int number,
            List<Draw> draws,
            Map<Long, FrameBlob> blobs,
            EncodingConfig config)
            throws SQLException {
        List<ProbeRecord> probes = AuditStore.judged(db, round, log.prover(), number);
        List<StorageNode> nodes = AuditStore.nodes(db, frame.members());
        Instant now = clock.instant();
        List<Asked> unasked = without(draws, probes).stream()
                .map(draw -> Asked.not(draw, nodes.get(draw.member()), blob(blobs, draw), config, now))
                .toList();
        List<List<Answer>> all = Stream.concat(
                        probes.stream().map(ProbeRecord::answers),
                        unasked.stream().map(Asked::answers))
                .toList();
        write(
                db,
                Wave.judge(unasked, all, round, log.prover(), method.judge(), _ -> Circumstances.ORDINARY, false)
                        .probes(),
                List.of());
    }

    /** Shards that a member may still be waiting for. */
    private Set<Integer> awaited(Connection db, Frame frame) throws SQLException {
        Chain chain = AuditStore.chain(db).orElseThrow();
        return chain.epoch() == frame.walrusEpoch() && chain.tip() < chain.doneAt() + method.receivingCheckpoints()
                ? AuditStore.awaited(db, frame.walrusEpoch())
                : Set.of();
    }

    /** What the chain says of the time of some draws, once it is seen as far as they were asked. */
    private Function<Draw, Circumstances> known(Connection db, Frame frame, Set<Integer> awaited, List<Asked> asked)
            throws SQLException, InterruptedException {
        if (asked.isEmpty()) {
            return _ -> Circumstances.ORDINARY;
        }
        boolean moving = shardsMoving(db, frame, asked);
        List<FrameBlob> blobs = asked.stream().map(Asked::blob).distinct().toList();
        Map<Draw, FrameBlob> byDraw = asked.stream().collect(Collectors.toMap(Asked::draw, Asked::blob));
        Set<BlobId> gone = AuditStore.gone(db, frame.walrusEpoch(), blobs, ofClaims(asked));
        return draw -> new Circumstances(
                moving || lacks(frame, draw, awaited),
                gone.contains(Objects.requireNonNull(byDraw.get(draw)).blobId()),
                false);
    }

    /** A claim is about all shards of its member. */
    private static boolean lacks(Frame frame, Draw draw, Set<Integer> awaited) {
        return draw.depth() == Depth.CLAIM
                ? frame.members().get(draw.member()).shards().stream().anyMatch(awaited::contains)
                : awaited.contains(draw.shard());
    }

    /**
     * Whether an epoch change was under way when the last question was asked, by the chain as it was then or later: a
     * node may have seen an epoch begin, or a blob go, that was not yet indexed here. Where all is proven, nothing hangs
     * on it; where the chain cannot be seen, the doubt is the nodes' benefit.
     */
    private boolean shardsMoving(Connection db, Frame frame, List<Asked> asked)
            throws SQLException, InterruptedException {
        boolean proven =
                asked.stream().allMatch(each -> each.answers().getLast().said() == Said.PROVEN);
        Instant due = proven ? Instant.EPOCH : lastAsked(asked);
        Chain chain = AuditStore.chain(db).orElseThrow();
        for (int look = 0; look < MOST_LOOKS && chain.tipAt().isBefore(due); look++) {
            db.commit();
            pause.pause(BETWEEN_LOOKS);
            chain = AuditStore.chain(db).orElseThrow();
        }
        return chain.changing()
                || chain.epoch() != frame.walrusEpoch()
                || chain.tipAt().isBefore(due);
    }

    /** A wave is of one depth. */
    private static boolean ofClaims(List<Asked> asked) {
        return asked.getFirst().draw().depth() == Depth.CLAIM;
    }

    private static Instant lastAsked(List<Asked> asked) {
        return asked.stream()
                .flatMap(each -> each.answers().stream())
                .map(Answer::askedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /**
     * Whether most of those who were heard in a wave are silent now, if anybody was silent in it: a network that went out
     * while the last answers were due would look like the failure of those few who owed them.
     */
    private static boolean hearsNobody(
            List<List<Answer>> answers,
            List<Draw> draws,
            Map<Long, FrameBlob> blobs,
            List<StorageNode> nodes,
            int wave,
            Questions prober)
            throws InterruptedException {
        Map<SuiAddress, Answer> last = MassFailure.last(answers);
        var heard = new ArrayList<StorageNode>(nodes.stream()
                .filter(each -> last.containsKey(each.id()))
                .filter(each -> !MassFailure.isSilence(
                        Objects.requireNonNull(last.get(each.id())).said()))
                .toList());
        if (heard.size() == last.size() || heard.isEmpty()) {
            return false;
        }
        Collections.rotate(heard, -wave * MOST_WITNESSES);
        List<StorageNode> witnesses = heard.subList(0, Math.min(MOST_WITNESSES, heard.size()));
        BlobId blob = blob(blobs, draws.getFirst()).blobId();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var heardNow = new ExecutorCompletionService<Boolean>(threads);
            var futures = new ArrayList<Future<Boolean>>();
            for (StorageNode node : witnesses) {
                futures.add(heardNow.submit(() -> prober.hears(blob, node)));
            }
            int silent = 0;
            int audible = 0;
            try {
                // Half of them are enough, whichever come first: nobody waits for the slow ones.
                while (audible * 2 < witnesses.size() && silent * 2 <= witnesses.size()) {
                    if (heardNow.take().get()) {
                        audible++;
                    } else {
                        silent++;
                    }
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a witness was not asked", e);
            } finally {
                futures.forEach(each -> each.cancel(true));
            }
            return silent * 2 > witnesses.size();
        }
    }

    /** By shard, who owns it in the epoch that has begun, where that is not the frame's. */
    private Map<Integer, StorageNode> heirs(Connection db, Frame frame) throws SQLException {
        var heirs = new HashMap<Integer, StorageNode>();
        List<FrameMember> next = FrameStore.members(db, frame.walrusEpoch() + 1);
        Chain chain = AuditStore.chain(db).orElseThrow();
        if (next.isEmpty() || (!chain.changing() && chain.epoch() == frame.walrusEpoch())) {
            return heirs;
        }
        List<StorageNode> nodes = AuditStore.nodes(db, next);
        for (int i = 0; i < next.size(); i++) {
            for (int shard : next.get(i).shards()) {
                heirs.put(shard, nodes.get(i));
            }
        }
        return heirs;
    }

    /** Blobs of which nobody was to be asked, one for each member of a wave of slivers; few of them are large. */
    private List<FrameBlob> covers(Connection db, Frame frame, List<Draw> draws) throws SQLException {
        if (draws.getFirst().depth() != Depth.SLIVER) {
            return List.of();
        }
        var positions = random.longs(frame.members().size(), 0, frame.count())
                .boxed()
                .distinct()
                .toList();
        return FrameStore.blobs(db, frame.walrusEpoch(), positions).values().stream()
                .filter(each -> each.sizeBytes() <= MOST_COVER_BYTES)
                .toList();
    }

    private void askAll(
            Frame frame,
            List<Draw> draws,
            Map<Long, FrameBlob> blobs,
            List<StorageNode> nodes,
            Map<Integer, StorageNode> heirs,
            List<FrameBlob> covers,
            Questions prober,
            Consumer<Asked> heard)
            throws InterruptedException {
        // Whole bursts get room: a part of one would give away what the rest is about.
        var room = new Semaphore(Math.max(1, IN_FLIGHT / method.waveSize()), true);
        Map<Integer, List<Draw>> bursts =
                draws.stream().collect(Collectors.groupingBy(Draw::member, LinkedHashMap::new, Collectors.toList()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<Boolean>>();
            for (List<Draw> burst : bursts.values()) {
                futures.add(threads.submit(() -> {
                    room.acquire();
                    try {
                        askBurst(frame, burst, blobs, nodes, heirs, covers, prober, heard, threads);
                        return true;
                    } finally {
                        room.release();
                    }
                }));
            }
            all(futures);
        }
    }

    /** All that one member is asked in a wave, at the same moment: about several blobs, with no time to fetch any. */
    private void askBurst(
            Frame frame,
            List<Draw> burst,
            Map<Long, FrameBlob> blobs,
            List<StorageNode> nodes,
            Map<Integer, StorageNode> heirs,
            List<FrameBlob> covers,
            Questions prober,
            Consumer<Asked> heard,
            ExecutorService threads)
            throws InterruptedException {
        var prepared = new ArrayList<Future<Boolean>>();
        for (Draw draw : burst) {
            prepared.add(threads.submit(() -> {
                prober.prepare(draw, blob(blobs, draw), nodes.get(draw.member()), others(nodes, draw));
                return true;
            }));
        }
        all(prepared);
        // Not in the burst, whose questions are as many as a node may answer at once.
        boolean coverFirst = random.nextBoolean();
        if (coverFirst) {
            cover(frame, burst.getFirst(), nodes, covers, prober);
        }
        Instant burstAt = clock.instant();
        var asked = new ArrayList<Future<Boolean>>();
        for (Draw draw : burst) {
            StorageNode node = nodes.get(draw.member());
            var heir = Optional.ofNullable(heirs.get(draw.shard()))
                    .filter(each -> !each.id().equals(node.id()));
            asked.add(threads.submit(() -> {
                heard.accept(prober.ask(
                        draw, blob(blobs, draw), frame.walrusEpoch(), node, heir, others(nodes, draw), burstAt));
                return true;
            }));
        }
        all(asked);
        if (!coverFirst) {
            cover(frame, burst.getFirst(), nodes, covers, prober);
        }
    }

    private void cover(Frame frame, Draw drawn, List<StorageNode> nodes, List<FrameBlob> covers, Questions prober)
            throws InterruptedException {
        if (!covers.isEmpty()) {
            List<Integer> shards = frame.members().get(drawn.member()).shards();
            prober.cover(
                    covers.get(drawn.member() % covers.size()),
                    shards.get(random.nextInt(shards.size())),
                    nodes.get(drawn.member()),
                    others(nodes, drawn));
        }
    }

    private static FrameBlob blob(Map<Long, FrameBlob> blobs, Draw draw) {
        return Optional.ofNullable(blobs.get(draw.position())).orElseThrow();
    }

    /** Everybody's turn comes, whoever stands first in the committee. */
    private static List<StorageNode> others(List<StorageNode> nodes, Draw draw) {
        var others = new ArrayList<>(nodes);
        Collections.rotate(others, draw.ordinal() + draw.member());
        return others;
    }

    private static <T> List<T> all(List<Future<T>> futures) throws InterruptedException {
        var values = new ArrayList<T>();
        try {
            for (Future<T> each : futures) {
                values.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe failed to run", e);
        } finally {
            futures.forEach(each -> each.cancel(true));
        }
        return values;
    }

    /**
     * The node's own signature beside its failure: its word from earlier in the epoch, or what it says now. In the latter case
     * it is asked for the sliver once more, for it may have mended that in between.
     */
    private List<ContradictionRecord> contradictions(
            Connection db, Frame frame, List<ProbeRecord> probes, List<StorageNode> nodes, Questions prober)
            throws SQLException, InterruptedException {
        var found = new ArrayList<ContradictionRecord>();
        var silent = new ArrayList<ProbeRecord>();
        for (ProbeRecord probe : probes) {
            if (probe.draw().depth() == Depth.CLAIM
                    || !probe.blame().equals(Optional.of(Blame.NODE))
                    || AuditStore.isContradicted(db, log.prover(), probe)) { // before a restart
                continue;
            }
            Optional<Answer> claimed = AuditStore.provenClaim(
                    db,
                    log.prover(),
                    frame.walrusEpoch(),
                    probe.nodeId(),
                    probe.blob().blobId());
            claimed.ifPresentOrElse(claim -> found.add(contradiction(frame, probe, claim)), () -> silent.add(probe));
        }
        db.commit();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Optional<ContradictionRecord>>>();
            for (ProbeRecord probe : silent) {
                asked.add(threads.submit(() -> contradiction(frame, probe, nodes, prober)));
            }
            all(asked).forEach(each -> each.ifPresent(found::add));
        }
        return found;
    }

    private Optional<ContradictionRecord> contradiction(
            Frame frame, ProbeRecord probe, List<StorageNode> nodes, Questions prober) throws InterruptedException {
        StorageNode node = nodes.get(probe.draw().member());
        Answer claim = prober.claim(probe.blob(), frame.walrusEpoch(), node);
        if (claim.said() != Said.PROVEN || claim.statement().isEmpty()) {
            return Optional.empty();
        }
        Asked again = prober.ask(
                probe.draw(),
                probe.blob(),
                frame.walrusEpoch(),
                node,
                Optional.empty(),
                others(nodes, probe.draw()),
                clock.instant());
        return again.answers().getLast().said() == Said.PROVEN
                ? Optional.empty()
                : Optional.of(contradiction(frame, probe, claim));
    }

    private static ContradictionRecord contradiction(Frame frame, ProbeRecord probe, Answer claim) {
        return new ContradictionRecord(
                frame.walrusEpoch(),
                probe.nodeId(),
                frame.members().get(probe.draw().member()).signingKey(),
                probe.blob().blobId(),
                claim,
                probe);
    }
}
