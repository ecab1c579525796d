package dev.vibrissa.protocol.sui.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointCommitment;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiFixtures;
import dev.vibrissa.protocol.sui.TransactionEffects;
import java.util.HexFormat;
import java.util.TreeMap;

/** The parts of an expectation that say what can be proven. */
public final class ProofExpectation {
    private ProofExpectation() {}

    /** All digests match. */
    public static void checks(JsonNode expected, Checkpoint checkpoint) {
        expected.forEach(check -> assertThat(check.asBoolean()).isTrue());
        assertThat(CheckpointIntegrity.check(checkpoint))
                .isInstanceOfSatisfying(IntegrityCheck.Intact.class, intact -> {
                    assertThat(intact.missing()).isEmpty();
                    assertThat(intact.unproven()).isEmpty();
                });
    }

    public static void certificate(JsonNode expected, Checkpoint checkpoint) {
        var committee = SuiFixtures.committee(
                SuiFixtures.fixture(expected.get("committeeFile").asText()));
        long stake = expected.get("weight").asLong();
        long total = expected.get("total").asLong();
        var check = new CommitteeVerifier(committee).verify(checkpoint);
        if (expected.path("quorumReached").asBoolean(true)) {
            assertThat(check)
                    .isEqualTo(
                            new CertificateCheck.Valid(expected.get("signers").asInt(), stake, total));
        } else {
            assertThat(check).isEqualTo(new CertificateCheck.BelowQuorum(stake, 6_667, total));
        }
    }

    public static void objectTree(JsonNode expected, Checkpoint checkpoint) {
        var leaves = new TreeMap<SuiAddress, ObjectRef>();
        for (var transaction : checkpoint.transactions()) {
            TransactionEffects effects = transaction.effects().decoded().orElseThrow();
            for (var change : effects.changedObjects()) {
                if (change.out() instanceof OutputState.Written written) {
                    leaves.put(change.id(), new ObjectRef(change.id(), effects.lamportVersion(), written.digest()));
                }
            }
        }
        assertThat(leaves).hasSize(expected.get("leaves").asInt());
        assertThat(HexFormat.of().formatHex(ObjectTree.root(leaves.values())))
                .isEqualTo(expected.get("treeRootHex").asText());
        assertThat(ObjectTree.commitment(leaves.values()))
                .hasToString(expected.get("artifactsDigest").asText());
        assertThat(checkpoint.summary().commitments())
                .containsExactly(new CheckpointCommitment.CheckpointArtifacts(ObjectTree.commitment(leaves.values())));
        assertThat(CheckpointIntegrity.check(checkpoint))
                .isInstanceOfSatisfying(
                        IntegrityCheck.Intact.class,
                        intact -> assertThat(intact.artifacts()).isEqualTo(IntegrityCheck.Artifacts.MATCHES));
    }
}
