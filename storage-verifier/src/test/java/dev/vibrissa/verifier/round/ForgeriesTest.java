package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogEntry;
import dev.vibrissa.verifier.evidence.LogKey;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a prover could sign to make a case or a round of its own, and what gives it away. */
@Timeout(120)
class ForgeriesTest {
    @TempDir
    Path folder = Path.of("");

    private StillNetwork network;
    private AuditLog log;

    /** The first serves claims and symbols, but no slivers. */
    @BeforeEach
    void audit() throws Exception {
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
        network.reach(32);
        assertThat(auditor.step()).isEqualTo(Auditor.Step.ROUND);
    }

    @AfterEach
    void stop() throws Exception {
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
