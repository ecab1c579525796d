package dev.vibrissa.verifier.round;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.HashTree;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.evidence.LogRoot;
import dev.vibrissa.verifier.evidence.Logged;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.Blame;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.RoundPlan;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a prover could sign to make a case or a round of its own, and what gives it away. */
@Timeout(120)
class ForgeriesTest {
    @TempDir
    static Path folder = Path.of("");

    private static StillNetwork network;
    private static AuditLog log;

    /** The first serves claims and symbols, but no slivers. What is forged is only added to the log. */
    @BeforeAll
    static void audit() throws Exception {
        network = new StillNetwork(12);
        network.operators().getFirst().conduct(StillNetwork.Conduct.without("/slivers/"));
        log = new AuditLog(LogKey.in(folder.resolve("key")), Clock.systemUTC());
        try (Connection db = network.database().connect()) {
            log.begin(db, "test", Map.of());
        }
        var auditor = new Auditor(
                network.database().database(),
                log,
                Method.DEVNET,
                new NodeClient(StillNetwork.settings()),
                _ -> {},
                () -> true,
                Clock.systemUTC());
        network.reach(10);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.FRAME);
        network.reach(50);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
    }

    @AfterAll
    static void stop() throws Exception {
        network.close();
    }

    private Dossier dossier() throws Exception {
        try (Connection db = network.database().connect()) {
            return Dossier.of(
                    db,
                    log.prover(),
                    network.operators().getFirst().id(),
                    StillNetwork.EPOCH,
                    Clock.systemUTC().instant());
        }
    }

    private Dossier.Finding forged(Consumer<Forger> change) throws Exception {
        Dossier dossier = dossier();
        try (Connection db = network.database().connect()) {
            var forger = new Forger(db, log);
            change.accept(forger);
            return forger.again(dossier).check();
        }
    }

    private static void fails(Dossier.Finding finding, String why) {
        assertThat(finding)
                .isInstanceOfSatisfying(
                        Dossier.Finding.Fails.class,
                        fails -> assertThat(fails.why()).contains(why));
    }

    @Test
    void whatIsSignedAgainAsItWasHolds() throws Exception {
        assertThat(forged(_ -> {})).isEqualTo(new Dossier.Finding.Holds(4, 4));
    }

    // ---------------------------------------------------------------- order

    @Test
    void aFrameIsSignedBeforeItsRound() throws Exception {
        fails(forged(forger -> forger.roundBeforeFrame = true), "before the root of its frame");
    }

    @Test
    void aRoundStandsBeforeItsProbes() throws Exception {
        fails(forged(forger -> forger.probesBeforeRound = true), "stands in the log before its round");
    }

    // ---------------------------------------------------------------- what steers a round

    private static RoundRecord round(RoundRecord of, String methodology, RoundPlan plan, int wave, List<Long> bytes) {
        return new RoundRecord(
                methodology,
                of.walrusEpoch(),
                of.round(),
                of.frameRoot(),
                of.seedHeight(),
                of.seedDigest(),
                of.seed(),
                plan,
                wave,
                bytes,
                of.requestsLeft());
    }

    private static final RoundPlan LONGER =
            new RoundPlan(8, 4, 40, Method.DEVNET.plan().bytesPerMember());

    private static List<UnaryOperator<RoundRecord>> steered() {
        return List.of(
                of -> round(of, of.methodology(), LONGER, of.waveSize(), of.bytesLeft()),
                of -> round(of, of.methodology(), of.plan(), of.waveSize() + 1, of.bytesLeft()),
                of -> round(of, "v1", of.plan(), of.waveSize(), of.bytesLeft()),
                of -> round(
                        of,
                        of.methodology(),
                        of.plan(),
                        of.waveSize(),
                        Collections.nCopies(5, of.plan().bytesPerMember() + 1)),
                of -> round(
                        of,
                        of.methodology(),
                        of.plan(),
                        of.waveSize(),
                        of.bytesLeft().subList(0, 4)));
    }

    @Test
    void noCaseRestsOnARoundSteeredAfterItsSeed() throws Exception {
        for (var change : steered()) {
            fails(forged(forger -> forger.round = change), "round 0 ");
        }
    }

    @Test
    void aFrameNamesThePublishedMethod() throws Exception {
        fails(
                forged(forger -> forger.frame = of -> new Frame(
                        of.methodology(),
                        Sha256.of(),
                        of.network(),
                        of.walrusEpoch(),
                        of.shards(),
                        of.strata(),
                        of.root(),
                        of.members(),
                        of.observedCheckpoint(),
                        of.observedDigest(),
                        of.firstSeedHeight(),
                        of.seedInterval(),
                        of.plan(),
                        of.waveSize())),
                "and the published one has");
    }

    // ---------------------------------------------------------------- contradictions

    private static ContradictionRecord claimedBy(ContradictionRecord of, SuiAddress node) {
        Answer claim = of.claim();
        return new ContradictionRecord(
                of.walrusEpoch(),
                of.nodeId(),
                of.signingKey(),
                of.blobId(),
                new Answer(
                        node,
                        claim.address(),
                        claim.peer(),
                        claim.askedAt(),
                        claim.pinned(),
                        claim.key(),
                        claim.status(),
                        claim.said(),
                        claim.detail(),
                        claim.bodyDigest(),
                        claim.statement(),
                        claim.timing()),
                of.failed());
    }

    @Test
    void aNodeContradictsOnlyItself() throws Exception {
        SuiAddress other = network.operators().get(1).id();
        fails(forged(forger -> forger.contradiction = of -> claimedBy(of, other)), "does not contradict");
    }

    private static ContradictionRecord failedBy(
            ContradictionRecord of, Depth depth, String verdict, Optional<Blame> blame, boolean pinned) {
        ProbeRecord failed = of.failed();
        Draw draw = failed.draw();
        return new ContradictionRecord(
                of.walrusEpoch(),
                of.nodeId(),
                of.signingKey(),
                of.blobId(),
                of.claim(),
                new ProbeRecord(
                        failed.probeId(),
                        failed.walrusEpoch(),
                        failed.round(),
                        failed.wave(),
                        new Draw(
                                draw.member(),
                                depth,
                                draw.ordinal(),
                                draw.stratum(),
                                draw.position(),
                                draw.shard(),
                                draw.target(),
                                draw.chance()),
                        failed.nodeId(),
                        failed.blob(),
                        failed.pair(),
                        failed.expected(),
                        failed.burstAt(),
                        failed.answers().stream()
                                .map(each -> new Answer(
                                        each.nodeId(),
                                        each.address(),
                                        each.peer(),
                                        each.askedAt(),
                                        pinned,
                                        each.key(),
                                        each.status(),
                                        each.said(),
                                        each.detail(),
                                        each.bodyDigest(),
                                        each.statement(),
                                        each.timing()))
                                .toList(),
                        failed.circumstances(),
                        verdict,
                        blame,
                        failed.counts()));
    }

    /** By a quorum's word a node may have failed, but it has not said so itself. */
    @Test
    void onlyTheNodesOwnAnswerStandsAgainstItsOwnWord() throws Exception {
        ContradictionRecord real =
                LogEntry.parse(dossier().contradictions().getFirst().line()).body(ContradictionRecord.class);
        Optional<Blame> node = Optional.of(Blame.NODE);
        assertThat(DossierCheck.contradicts(real)).isTrue();
        assertThat(DossierCheck.contradicts(failedBy(real, Depth.SYMBOL, "corrupt", node, true)))
                .isTrue();
        assertThat(List.of(
                        failedBy(real, Depth.CLAIM, "missing", node, true),
                        failedBy(real, Depth.SLIVER, "unreachable", Optional.of(Blame.NODE_OR_NETWORK), true),
                        failedBy(real, Depth.SLIVER, "unreachable", node, true),
                        failedBy(real, Depth.SLIVER, "missing", Optional.of(Blame.NODE_OR_NETWORK), true),
                        failedBy(real, Depth.SLIVER, "missing", node, false)))
                .noneMatch(DossierCheck::contradicts);
    }

    // ---------------------------------------------------------------- keys, seeds

    private static ProbeRecord askedUnder(ProbeRecord of, Optional<Bytes> key) {
        return new ProbeRecord(
                of.probeId(),
                of.walrusEpoch(),
                of.round(),
                of.wave(),
                of.draw(),
                of.nodeId(),
                of.blob(),
                of.pair(),
                of.expected(),
                of.burstAt(),
                of.answers().stream()
                        .map(each -> new Answer(
                                each.nodeId(),
                                each.address(),
                                each.peer(),
                                each.askedAt(),
                                each.pinned(),
                                key,
                                each.status(),
                                each.said(),
                                each.detail(),
                                each.bodyDigest(),
                                each.statement(),
                                each.timing()))
                        .toList(),
                of.circumstances(),
                of.verdict(),
                of.blame(),
                of.counts());
    }

    /** Whoever answered under another key need not have been the node. */
    @Test
    void aFailureIsUnderTheKeyThatTheFrameHasOfTheNode() throws Exception {
        for (Optional<Bytes> key : List.of(Optional.<Bytes>empty(), Optional.of(Bytes.of(new byte[33])))) {
            fails(
                    forged(forger -> {
                        forger.probe = of -> askedUnder(of, key);
                        forger.contradiction = of -> new ContradictionRecord(
                                of.walrusEpoch(),
                                of.nodeId(),
                                of.signingKey(),
                                of.blobId(),
                                of.claim(),
                                askedUnder(of.failed(), key));
                    }),
                    "was asked under another TLS key");
        }
    }

    @Test
    void aLogOfAnotherKeyIsNotTrusted() throws Exception {
        Dossier dossier = dossier();
        assertThat(dossier.provers()).containsExactly(log.prover());
        assertThat(dossier.check(Set.of(log.prover(), Sha256.of()))).isInstanceOf(Dossier.Finding.Holds.class);
        fails(dossier.check(Set.of(Sha256.of())), "which is not trusted");
    }

    @Test
    void noSeedIsLeftOutOfWhatTheChainIsAsked() throws Exception {
        Dossier of = dossier();
        ChainEvidence chain = of.chain();
        var without = new Dossier(
                of.version(),
                of.prover(),
                of.nodeId(),
                of.walrusEpoch(),
                of.madeAt(),
                of.unsealed(),
                of.otherKey(),
                of.frame(),
                of.rounds(),
                of.failures(),
                of.quorums(),
                of.witnesses(),
                of.contradictions(),
                of.blobs(),
                of.score(),
                new ChainEvidence(chain.committee(), chain.shards(), chain.node(), List.of(), chain.handOvers()));
        fails(without.check(), "there are seeds of rounds []");
    }

    // ---------------------------------------------------------------- parts that are not there, or not what is due

    /** One failure and its contradiction: as much as there are kinds of things in it. */
    private Dossier small() throws Exception {
        Dossier of = dossier();
        var first = of.failures().getFirst();
        ProbeRecord failed = LogEntry.parse(first.line()).body(ProbeRecord.class);
        return new Dossier(
                of.version(),
                of.prover(),
                of.nodeId(),
                of.walrusEpoch(),
                of.madeAt(),
                of.unsealed(),
                of.otherKey(),
                of.frame(),
                of.rounds(),
                List.of(first),
                of.quorums(),
                of.witnesses(),
                of.contradictions().stream()
                        .filter(each -> LogEntry.parse(each.line())
                                .body(ContradictionRecord.class)
                                .failed()
                                .equals(failed))
                        .toList(),
                of.blobs().stream()
                        .filter(each -> each.position() == failed.draw().position())
                        .toList(),
                of.score(),
                of.chain());
    }

    /** Every place of a document, of lists the first element. */
    private static List<String> places(JsonNode of) {
        var places = new ArrayList<String>();
        of.properties().forEach(each -> {
            places.add("/" + each.getKey());
            places(each.getValue()).forEach(below -> places.add("/" + each.getKey() + below));
        });
        if (of.isArray() && !of.isEmpty()) {
            places.add("/0");
            places(of.get(0)).forEach(below -> places.add("/0" + below));
        }
        return places;
    }

    /** What may stand at a place instead; nothing: it is taken away. */
    private static final List<Optional<String>> INSTEAD = Stream.concat(
                    Stream.of(Optional.<String>empty()),
                    Stream.of("null", "-1", "9223372036854775807", "\"\"", "\"x\"", "true", "[]", "[null]", "{}")
                            .map(Optional::of))
            .toList();

    private static JsonNode with(JsonNode of, String place, Optional<String> instead) {
        JsonNode copy = of.deepCopy();
        int last = place.lastIndexOf('/');
        String name = place.substring(last + 1);
        JsonNode parent = copy.at(place.substring(0, last));
        Optional<JsonNode> value = instead.map(text -> AuditJson.read(text, JsonNode.class));
        switch (parent) {
            case ObjectNode object when value.isPresent() -> object.set(name, value.get());
            case ObjectNode object -> object.remove(name);
            case ArrayNode array when value.isPresent() -> array.set(0, value.get());
            case ArrayNode array -> array.remove(0);
            default -> throw new AssertionError(place);
        }
        return copy;
    }

    /** As verify-dossier does; only one exception is a refusal, and any other a fault of ours. */
    private static boolean holds(String file) {
        try {
            Dossier dossier = Dossier.parse(file);
            if (!(dossier.check() instanceof Dossier.Finding.Holds)) {
                return false;
            }
            assertThat(dossier.provers()).isNotEmpty();
            return dossier.onChain(Optional.of(WalrusNetwork.mainnet()), _ -> Optional.empty()).stream()
                    .noneMatch(ChainCheck.Claim::isRefuted);
        } catch (LogFormatException _) {
            return false;
        }
    }

    private static String withDigest(JsonNode dossier) {
        var tree = (ObjectNode) dossier;
        tree.remove("digest");
        return AuditJson.text(
                tree.put("digest", Sha256.of(tree.toString().getBytes(UTF_8)).toString()));
    }

    @Test
    void whateverStandsInAPartOfADossierItIsRefusedOrHolds() throws Exception {
        ObjectNode good = AuditJson.MAPPER.valueToTree(small());
        assertThat(holds(withDigest(good))).isTrue();
        int refused = 0;
        for (String place : places(good)) {
            for (var instead : INSTEAD) {
                refused += refused(withDigest(with(good, place, instead)), "%s at %s".formatted(instead, place));
            }
        }
        assertThat(refused).isGreaterThan(300);
        for (String file :
                List.of("", "null", "[]", "7", "{}", "{\"digest\":7}", "{\"digest\":\"x\"}", "[".repeat(5000))) {
            assertThat(holds(file)).isFalse();
        }
    }

    /** A line alone under its own root, signed. */
    private Logged signed(LogEntry.Kind kind, JsonNode body, long sequence) throws Exception {
        var key = LogKey.in(folder.resolve("key"));
        String line = entry(key, sequence, kind, body);
        Bytes root = HashTree.leaf(line.getBytes(UTF_8));
        var unsigned = new LogRoot(sequence, sequence, root, Bytes.EMPTY);
        String above = entry(key, sequence + 1, LogEntry.Kind.ROOT, AuditJson.MAPPER.valueToTree(unsigned));
        Bytes signature = key.sign(("vibrissa log root v1" + above).getBytes(UTF_8));
        return new Logged(
                line,
                0,
                List.of(),
                entry(
                        key,
                        sequence + 1,
                        LogEntry.Kind.ROOT,
                        AuditJson.MAPPER.valueToTree(new LogRoot(sequence, sequence, root, signature))));
    }

    private static String entry(LogKey key, long sequence, LogEntry.Kind kind, JsonNode body) {
        return LogEntry.of(new LogEntry.Envelope(
                        1, key.publicKey(), sequence, LogEntry.NO_PREVIOUS, Instant.EPOCH, kind, body))
                .line();
    }

    private static JsonNode body(Logged logged) {
        return LogEntry.parse(logged.line()).envelope().body();
    }

    private static Dossier with(Dossier of, List<Logged> parts) {
        return new Dossier(
                of.version(),
                of.prover(),
                of.nodeId(),
                of.walrusEpoch(),
                of.madeAt(),
                of.unsealed(),
                of.otherKey(),
                parts.get(0),
                List.of(parts.get(1)),
                List.of(parts.get(2)),
                of.quorums(),
                of.witnesses(),
                List.of(parts.get(3)),
                of.blobs(),
                of.score(),
                of.chain());
    }

    /** The same by a prover that signs it: a quarter of all, another one every time. */
    @Test
    void whateverIsSignedItIsRefusedOrHolds() throws Exception {
        long seed = new Random().nextLong();
        System.out.printf("seed=%d%n", seed);
        var random = new Random(seed);
        assertThat(refusedOfSigned(() -> random.nextInt(4) == 0)).isGreaterThan(100);
    }

    @Test
    @Tag("soak")
    void whateverIsSignedAnywhereItIsRefusedOrHolds() throws Exception {
        assertThat(refusedOfSigned(() -> true)).isGreaterThan(500);
    }

    private int refusedOfSigned(BooleanSupplier isTried) throws Exception {
        Dossier small = small();
        var kinds = List.of(LogEntry.Kind.FRAME, LogEntry.Kind.ROUND, LogEntry.Kind.PROBE, LogEntry.Kind.CONTRADICTION);
        List<JsonNode> bodies = List.of(
                body(small.frame()),
                body(small.rounds().getFirst()),
                body(small.failures().getFirst()),
                body(small.contradictions().getFirst()));
        var good = new ArrayList<Logged>();
        for (int i = 0; i < kinds.size(); i++) {
            good.add(signed(kinds.get(i), bodies.get(i), 2 * i));
        }
        assertThat(with(small, good).check()).isInstanceOf(Dossier.Finding.Holds.class);
        int refused = 0;
        for (int changed = 0; changed < kinds.size(); changed++) {
            for (String place : places(bodies.get(changed))) {
                for (var instead : INSTEAD) {
                    if (!isTried.getAsBoolean()) {
                        continue;
                    }
                    var parts = new ArrayList<>(good);
                    parts.set(
                            changed,
                            signed(kinds.get(changed), with(bodies.get(changed), place, instead), 2 * changed));
                    refused += refused(
                            with(small, parts), "%s with %s at %s".formatted(kinds.get(changed), instead, place));
                }
            }
        }
        return refused;
    }

    private static int refused(Dossier dossier, String what) {
        try {
            return dossier.check() instanceof Dossier.Finding.Holds ? 0 : 1;
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    /** 1 if it is. */
    private static int refused(String file, String what) {
        try {
            return holds(file) ? 0 : 1;
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }

    // ---------------------------------------------------------------- replay

    private ReplayBundle bundle() throws Exception {
        try (Connection db = network.database().connect()) {
            return ReplayBundle.of(db, log.prover(), StillNetwork.EPOCH, 0);
        }
    }

    private static ReplayBundle with(ReplayBundle of, Predicate<ProbeRecord> kept) {
        return new ReplayBundle(
                of.frame(),
                of.round(),
                of.blobs(),
                of.probes().stream()
                        .filter(each -> kept.test(LogEntry.parse(each).body(ProbeRecord.class)))
                        .toList(),
                of.outages());
    }

    private static void differs(ReplayBundle bundle, String how) {
        assertThat(bundle.replay())
                .isInstanceOfSatisfying(
                        ReplayBundle.Report.Different.class,
                        different -> assertThat(different.differences()).anyMatch(each -> each.contains(how)));
    }

    @Test
    void noAnswerIsLeftOutOfAWave() throws Exception {
        ReplayBundle bundle = bundle();
        assertThat(bundle.replay()).isEqualTo(new ReplayBundle.Report.Same(80, 80));
        Bytes served = LogEntry.parse(bundle.probes().getLast())
                .body(ProbeRecord.class)
                .probeId();
        differs(with(bundle, each -> !each.probeId().equals(served)), "has answers to 19 of its 20 questions");
        differs(with(bundle, each -> each.wave() != 1), "wave 2 was asked, and wave 1 before it was not");
    }

    @Test
    void aRoundMayEndAfterAnyWave() throws Exception {
        assertThat(with(bundle(), each -> each.wave() < 2).replay()).isEqualTo(new ReplayBundle.Report.Same(80, 40));
    }

    @Test
    void noAnswerIsGivenTwice() throws Exception {
        ReplayBundle of = bundle();
        var twice = new ArrayList<>(of.probes());
        twice.add(of.probes().getFirst());
        differs(new ReplayBundle(of.frame(), of.round(), of.blobs(), twice, of.outages()), "is answered twice");
    }

    private static String line(String line, Object body, Optional<Bytes> prover) {
        LogEntry.Envelope of = LogEntry.parse(line).envelope();
        return LogEntry.of(new LogEntry.Envelope(
                        of.version(),
                        prover.orElse(of.prover()),
                        of.sequence(),
                        of.previous(),
                        of.at(),
                        of.kind(),
                        AuditJson.MAPPER.<JsonNode>valueToTree(body)))
                .line();
    }

    @Test
    void aRoundSteeredAfterItsSeedDiffers() throws Exception {
        ReplayBundle of = bundle();
        RoundRecord round = LogEntry.parse(of.round()).body(RoundRecord.class);
        for (var change : steered()) {
            assertThat(new ReplayBundle(
                                    of.frame(),
                                    line(of.round(), change.apply(round), Optional.empty()),
                                    of.blobs(),
                                    of.probes(),
                                    of.outages())
                            .replay())
                    .isInstanceOf(ReplayBundle.Report.Different.class);
        }
    }

    @Test
    void aRoundIsOfOneLog() throws Exception {
        ReplayBundle of = bundle();
        Frame frame = LogEntry.parse(of.frame()).body(Frame.class);
        differs(
                new ReplayBundle(
                        line(of.frame(), frame, Optional.of(Sha256.of())),
                        of.round(),
                        of.blobs(),
                        of.probes(),
                        of.outages()),
                "is of the log of");
    }
}
