package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.StillNetwork;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What two vantages make of a member that one of them, or both, did not hear. */
@Timeout(120)
class VantagesTest {
    private static final long FIRST_SEED = 50;
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder = Path.of("");

    private StillNetwork network;
    private AuditLog north;
    private AuditLog south;

    @BeforeEach
    void publishFrame() throws Exception {
        network = new StillNetwork(12);
        north = admitted("north");
        south = admitted("south");
        network.reach(10);
        assertThat(auditor(north).step()).isEqualTo(Auditor.Step.FRAME);
        assertThat(auditor(south).step()).as("adopted").isEqualTo(Auditor.Step.FRAME);
        network.reach(FIRST_SEED);
    }

    @AfterEach
    void stop() throws Exception {
        network.close();
    }

    private AuditLog admitted(String name) throws Exception {
        var log = new AuditLog(LogKey.in(folder.resolve(name)), CLOCK);
        try (Connection db = network.database().connect()) {
            Vantages.admit(db, log.prover(), name);
            log.begin(db, name, Map.of());
        }
        return log;
    }

    private Auditor auditor(AuditLog log) {
        return new Auditor(
                network.database().database(),
                log,
                Method.DEVNET,
                new NodeClient(StillNetwork.settings()),
                _ -> {},
                () -> true,
                CLOCK);
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(network.database().database(), sql);
    }

    private void round(AuditLog log) throws Exception {
        assertThat(auditor(log).step()).isEqualTo(Auditor.Step.ROUND);
    }

    private Dossier dossier() throws Exception {
        try (Connection db = network.database().connect()) {
            return Dossier.of(
                    db, north.prover(), network.operators().getFirst().id(), StillNetwork.EPOCH, CLOCK.instant());
        }
    }

    private List<String> scored() throws Exception {
        return rows("""
                select distinct on (m.position) m.position, s.record::jsonb->>'served', s.record::jsonb->>'failed'
                from node_score s join committee_member m on m.node_id = s.node_id
                where s.window_name = 'epoch' order by m.position, s.computed_at desc
                """);
    }

    @Test
    void whoIsHeardFromElsewhereIsBlamedForNothing() throws Exception {
        network.operators().getFirst().relay().cut();
        round(north);
        network.operators().getFirst().relay().mend();
        round(south);
        assertThat(auditor(north).step()).isEqualTo(Auditor.Step.NOTHING);
        assertThat(rows("select blame, vantages, count(*) from quorum_finding group by 1, 2"))
                .containsExactly("NETWORK|2|16");
        assertThat(scored()).containsExactly("0|0|0", "1|8|0", "2|8|0", "3|8|0", "4|8|0");
        assertThat(dossier().check()).isEqualTo(new Dossier.Finding.Holds(0, 0));
        recomputes();
    }

    @Test
    void whoIsHeardNowhereFailsByTheWordOfBoth() throws Exception {
        network.operators().getFirst().relay().cut();
        round(north);
        round(south);
        assertThat(scored().getFirst()).as("by one word alone").isEqualTo("0|0|0");
        assertThat(auditor(north).step()).isEqualTo(Auditor.Step.NOTHING);
        assertThat(rows("select blame, vantages, count(*) from quorum_finding group by 1, 2"))
                .containsExactly("NODE|2|16");
        assertThat(scored()).containsExactly("0|0|8", "1|8|0", "2|8|0", "3|8|0", "4|8|0");
        Dossier dossier = Dossier.parse(dossier().toFile());
        assertThat(dossier.check()).isEqualTo(new Dossier.Finding.Holds(16, 0));
        assertThat(dossier.quorums()).hasSize(16);
        assertThat(dossier.witnesses()).hasSize(16);
        recomputes();
    }

    /** Keys cost nothing: words of unknown vantages would be as many as the prover likes. */
    @Test
    void onlyTrustedVantagesMakeAQuorum() throws Exception {
        network.operators().getFirst().relay().cut();
        round(north);
        round(south);
        assertThat(auditor(north).step()).isEqualTo(Auditor.Step.NOTHING);
        Dossier dossier = dossier();
        assertThat(dossier.provers()).containsExactly(north.prover(), south.prover());
        assertThat(dossier.check(Set.of(north.prover(), south.prover()))).isEqualTo(new Dossier.Finding.Holds(16, 0));
        assertThat(dossier.check(Set.of(north.prover())))
                .isInstanceOfSatisfying(
                        Dossier.Finding.Fails.class,
                        fails -> assertThat(fails.why()).contains("only 1 are of provers that are trusted"));
        assertThat(dossier.check(Set.of(south.prover()))).isInstanceOf(Dossier.Finding.Fails.class);
    }

    @Test
    void noMoreVantagesSpeakThanAreAdmitted() throws Exception {
        network.operators().getFirst().relay().cut();
        round(north);
        round(south);
        assertThat(auditor(north).step()).isEqualTo(Auditor.Step.NOTHING);
        Dossier dossier = dossier();
        try (Connection db = network.database().connect()) {
            assertThat(new Forger(db, north).again(dossier).check()).isEqualTo(new Dossier.Finding.Holds(16, 0));
            var forger = new Forger(db, north);
            forger.quorum = found -> Forger.with(found, 1, found.words());
            assertThat(forger.again(dossier).check()).isInstanceOf(Dossier.Finding.Fails.class);
        }
    }

    @Test
    void whoIsNotAdmittedAnyMoreFindsNothing() throws Exception {
        network.operators().getFirst().relay().cut();
        round(north);
        round(south);
        try (Connection db = network.database().connect()) {
            assertThat(Vantages.revoke(db, south.prover())).isTrue();
        }
        assertThat(auditor(north).step()).isEqualTo(Auditor.Step.NOTHING);
        assertThat(rows("select count(*) from quorum_finding")).containsExactly("0");
    }

    private void recomputes() throws Exception {
        try (Connection db = network.database().connect()) {
            assertThat(Hours.ofLogs(db)).isEqualTo(Hours.stored(db)).isNotEmpty();
            assertThat(Hours.differingScores(db)).isZero();
        }
    }
}
