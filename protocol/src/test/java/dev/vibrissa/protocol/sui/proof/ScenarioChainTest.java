package dev.vibrissa.protocol.sui.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.ExecutedTransaction;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.SuiFixtures;
import dev.vibrissa.protocol.sui.TransactionData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows whole histories from their committee file: every certificate, every link, every digest. */
class ScenarioChainTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"blob-life", "money", "stake", "governance", "busy"})
    void everyCheckpointIsCertifiedLinkedAndIntact(String scenario) {
        JsonNode expected = SuiFixtures.json(SuiFixtures.scenario(scenario).resolve("expected.json"));
        Path anchor = SuiFixtures.scenario(scenario).resolve("trust-anchor.committee.bcs");
        var verifier = new CommitteeVerifier(SuiFixtures.committee(anchor));
        ChainPosition position = null;
        var failed = new ArrayList<String>();
        int transactions = 0;
        for (Path file : SuiFixtures.checkpoints(scenario)) {
            Checkpoint checkpoint = SuiFixtures.checkpoint(file);
            assertThat(verifier.verify(checkpoint)).as("%s", file).isInstanceOf(CertificateCheck.Valid.class);
            assertThat(CheckpointIntegrity.check(checkpoint))
                    .as("%s", file)
                    .isInstanceOfSatisfying(
                            IntegrityCheck.Intact.class,
                            intact -> assertThat(intact.missing()).isEmpty());
            assertThat(checkpoint.objects().undecoded()).isEmpty();
            var link = position == null
                    ? new ChainPosition.Link.Linked(ChainPosition.of(checkpoint))
                    : position.follow(checkpoint);
            assertThat(link).as("%s", file).isInstanceOf(ChainPosition.Link.Linked.class);
            position = ChainPosition.of(checkpoint);
            transactions += checkpoint.transactions().size();
            checkpoint.transactions().forEach(transaction -> addIfFailed(transaction, checkpoint, failed));
            verifier = checkpoint
                    .summary()
                    .nextCommittee()
                    .map(CommitteeVerifier::new)
                    .orElse(verifier);
        }
        ChainPosition last = Objects.requireNonNull(position);
        assertThat(last.digest())
                .hasToString(expected.at("/checkpoints/lastDigest").asText());
        assertThat(last.sequenceNumber())
                .isEqualTo(expected.at("/checkpoints/last").asLong());
        assertThat(transactions).isEqualTo(expected.at("/transactions/total").asInt());
        assertThat(failed).isEqualTo(failures(expected));
    }

    private static void addIfFailed(ExecutedTransaction transaction, Checkpoint checkpoint, List<String> failed) {
        var effects = transaction.effects().decoded().orElseThrow();
        if (effects.status() instanceof ExecutionStatus.Failure failure) {
            TransactionData data = transaction.data().decoded().orElseThrow();
            failed.add("%d %s %s %s"
                    .formatted(
                            checkpoint.summary().sequenceNumber(),
                            transaction.digest(),
                            data.sender(),
                            failure.error()));
        }
    }

    private static List<String> failures(JsonNode expected) {
        var failures = new ArrayList<String>();
        for (JsonNode each : expected.get("failedTransactions")) {
            failures.add("%d %s %s %s"
                    .formatted(
                            each.get("checkpoint").asLong(),
                            each.get("tx").asText(),
                            each.get("sender").asText(),
                            each.get("error").asText()));
        }
        return failures;
    }

    @Test
    void namesGapsForeignChainsAndMiscounts() {
        Iterator<Checkpoint> life = SuiFixtures.checkpoints("blob-life").stream()
                .limit(3)
                .map(SuiFixtures::checkpoint)
                .iterator();
        var first = ChainPosition.of(life.next());
        Checkpoint second = life.next();
        Checkpoint third = life.next();
        assertThat(first.follow(third).describe()).isEqualTo("checkpoint 1002 where 1001 is due");
        assertThat(ChainPosition.of(second).follow(second).describe()).isEqualTo("checkpoint 1001 where 1002 is due");
        var other = ChainPosition.of(SuiFixtures.checkpoint("synthetic-walrus-1000-register-certify.chk"));
        assertThat(other.follow(second)).isInstanceOf(ChainPosition.Link.Broken.class);
        var miscounted = new ChainPosition(1000, first.digest(), first.networkTotalTransactions() + 1);
        assertThat(miscounted.follow(second)).isInstanceOf(ChainPosition.Link.Miscounted.class);
    }
}
