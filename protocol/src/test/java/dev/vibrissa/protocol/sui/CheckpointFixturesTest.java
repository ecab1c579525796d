package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.proof.ProofExpectation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares checkpoints, field by field, with what an independent decoder found in them. */
class CheckpointFixturesTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "mainnet-238627324",
                "ocs-1137",
                "synthetic-walrus-1000-register-certify",
                "synthetic-walrus-1001-all-events",
                "synthetic-walrus-1002-epoch-end",
                "synthetic-walrus-1003-next-epoch",
                "synthetic-walrus-1003-no-quorum"
            })
    void bothContainersHoldWhatIsExpected(String name) {
        JsonNode expected = SuiFixtures.json(SuiFixtures.fixture(name + ".expected.json"));
        Checkpoint proto = SuiFixtures.checkpoint(name + ".binpb.zst");
        compare(expected, proto);
        assertThat(SuiFixtures.checkpoint(name + ".chk")).isEqualTo(proto);
    }

    private static void compare(JsonNode expected, Checkpoint checkpoint) {
        CheckpointSummary summary = checkpoint.summary();
        for (var field : expected.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "name", "network", "realness" -> {}
                case "epoch" -> same(value, summary.epoch());
                case "sequenceNumber" -> same(value, summary.sequenceNumber());
                case "digest" -> same(value, checkpoint.digest());
                case "previousDigest" -> same(value, summary.previousDigest().orElseThrow());
                case "contentDigest" -> same(value, summary.contentDigest());
                case "contentsVersion" ->
                    same(value, "V" + checkpoint.contents().version());
                case "networkTotalTransactions" -> same(value, summary.networkTotalTransactions());
                case "timestampMs" -> same(value, summary.timestamp().toEpochMilli());
                case "commitments" -> commitments(value, summary.commitments());
                case "endOfEpoch" -> endOfEpoch(value, checkpoint);
                case "versionSpecificDataHex" -> same(value, summary.versionSpecificData());
                case "signature" -> signature(value, checkpoint.signature());
                case "transactionCount" -> same(value, checkpoint.transactions().size());
                case "eventCount" -> same(value, eventCount(checkpoint));
                case "transactions" -> {
                    for (int i = 0; i < value.size(); i++) {
                        transaction(
                                value.get(i),
                                checkpoint,
                                checkpoint.transactions().get(i));
                    }
                }
                case "checks" -> ProofExpectation.checks(value, checkpoint);
                case "blsVerification" -> ProofExpectation.certificate(value, checkpoint);
                case "ocs" -> ProofExpectation.objectTree(value, checkpoint);
                default -> fail("nobody compares '%s'", field.getKey());
            }
        }
    }

    private static void same(JsonNode expected, Object actual) {
        assertThat(actual.toString()).isEqualTo(expected.asText());
    }

    private static int eventCount(Checkpoint checkpoint) {
        return checkpoint.transactions().stream()
                .mapToInt(transaction -> events(transaction).size())
                .sum();
    }

    private static List<Event> events(ExecutedTransaction transaction) {
        return transaction.events().map(part -> part.decoded().orElseThrow()).orElse(List.of());
    }

    private static void commitments(JsonNode expected, List<CheckpointCommitment> commitments) {
        assertThat(commitments).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            String kind = commitments.get(i) instanceof CheckpointCommitment.CheckpointArtifacts
                    ? "CheckpointArtifacts"
                    : "EcmhLiveObjectSet";
            same(expected.get(i).get(kind), commitments.get(i).digest());
        }
    }

    private static void endOfEpoch(JsonNode expected, Checkpoint checkpoint) {
        if (expected.isNull()) {
            assertThat(checkpoint.summary().endOfEpoch()).isEmpty();
            return;
        }
        EndOfEpoch end = checkpoint.summary().endOfEpoch().orElseThrow();
        same(expected.get("nextEpochProtocolVersion"), end.nextProtocolVersion());
        same(expected.get("nextCommitteeSize"), end.nextCommittee().size());
        commitments(expected.get("epochCommitments"), end.epochCommitments());
        assertThat(expected).hasSize(3);
    }

    private static void signature(JsonNode expected, AuthoritySignature signature) {
        same(expected.get("epoch"), signature.epoch());
        same(expected.get("signatureHex"), signature.signature());
        var signers = new ArrayList<Integer>();
        expected.get("signers").forEach(signer -> signers.add(signer.asInt()));
        assertThat(signature.signers())
                .containsExactly(signers.stream().mapToInt(i -> i).toArray());
        assertThat(expected).hasSize(3);
    }

    private static void transaction(JsonNode expected, Checkpoint checkpoint, ExecutedTransaction transaction) {
        TransactionData data = transaction.data().decoded().orElseThrow();
        TransactionEffects effects = transaction.effects().decoded().orElseThrow();
        for (var field : expected.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "index" -> same(value, transaction.index());
                case "digest" -> same(value, transaction.digest());
                case "effectsDigest" -> same(value, transaction.effectsDigest());
                case "effectsVersion" -> same(value, "V" + effects.version());
                case "eventsDigest" ->
                    same(value, effects.eventsDigest().map(Digest::toString).orElse("null"));
                case "kind" -> same(value, SuiWords.kind(data.kind()));
                case "sender" -> same(value, data.sender());
                case "success" -> same(value, effects.status().isSuccess());
                case "executedEpoch" -> same(value, effects.epoch());
                case "lamportVersion" -> same(value, effects.lamportVersion());
                case "gasUsed" -> gas(value, effects.gas());
                case "moveCalls" -> assertThat(texts(value)).isEqualTo(SuiWords.moveCalls(data.kind()));
                case "inputs" -> same(value, SuiWords.inputs(data.kind()));
                case "commands" -> same(value, SuiWords.commands(data.kind()));
                case "inputObjects" ->
                    same(
                            value,
                            count(
                                    effects,
                                    change -> change.in() instanceof InputState.Exists
                                            && checkpoint
                                                    .objects()
                                                    .before(change)
                                                    .isPresent()));
                case "outputObjects" ->
                    same(
                            value,
                            count(
                                    effects,
                                    change -> change.out() instanceof OutputState.Written
                                            && checkpoint
                                                    .objects()
                                                    .after(effects, change)
                                                    .isPresent()));
                case "changedObjects" -> same(value, effects.changedObjects().size());
                case "events" -> events(value, events(transaction));
                case "walrusBlobObjects" -> value.forEach(object -> blobObject(object, checkpoint));
                default -> fail("nobody compares '%s' of a transaction", field.getKey());
            }
        }
    }

    private static long count(TransactionEffects effects, Predicate<ChangedObject> which) {
        return effects.changedObjects().stream().filter(which).count();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void gas(JsonNode expected, GasCost gas) {
        same(expected.get("computationCost"), gas.computation());
        same(expected.get("storageCost"), gas.storage());
        same(expected.get("storageRebate"), gas.rebate());
        same(expected.get("nonRefundableStorageFee"), gas.nonRefundable());
        assertThat(expected).hasSize(4);
    }

    private static void events(JsonNode expected, List<Event> events) {
        assertThat(events).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Event event = events.get(i);
            for (var field : expected.get(i).properties()) {
                switch (field.getKey()) {
                    case "index" -> same(field.getValue(), i);
                    case "type" -> same(field.getValue(), event.type());
                    case "packageId" -> same(field.getValue(), event.packageId());
                    case "module" -> same(field.getValue(), event.module());
                    case "sender" -> same(field.getValue(), event.sender());
                    case "contentsHex" -> same(field.getValue(), event.contents());
                    case "decoded" -> {} // Walrus's own words, compared where they are decoded
                    default -> fail("nobody compares '%s' of an event", field.getKey());
                }
            }
        }
    }

    private static void blobObject(JsonNode expected, Checkpoint checkpoint) {
        var object = checkpoint
                .objects()
                .find(
                        SuiAddress.parse(expected.get("objectId").asText()),
                        expected.get("version").asLong())
                .orElseThrow();
        same(expected.get("digest"), DigestKind.OBJECT.digest(object.bcs()));
        String owner = expected.get("owner").get("AddressOwner").asText();
        assertThat(object.object().decoded().orElseThrow().owner())
                .isEqualTo(new Owner.AddressOwner(SuiAddress.parse(owner)));
    }
}
