package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes single values of real chains: genesis, prologues, an epoch change, certified summaries. */
class SuiPartsTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"consensus-prologue", "epoch-change", "ptb", "authenticator-state-update", "genesis"})
    void decodesTransactions(String name) {
        JsonNode expected = expected(name + ".tx.bcs");
        Bytes bcs = bytes(name + ".tx.bcs");
        TransactionData data = BcsReader.decode(bcs, TransactionData::decode);
        for (var field : expected.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "type" -> assertThat(value.asText()).isEqualTo("TransactionData");
                case "bytes" -> assertThat(bcs.length()).isEqualTo(value.asInt());
                case "digest" -> assertThat(DigestKind.TRANSACTION.digest(bcs)).hasToString(value.asText());
                case "kind" -> assertThat(SuiWords.kind(data.kind())).isEqualTo(value.asText());
                case "sender" -> assertThat(data.sender()).hasToString(value.asText());
                case "gasBudget" -> assertThat(data.gas().budget()).isEqualTo(value.asLong());
                case "commands" ->
                    assertThat(SuiWords.moveCalls(data.kind()))
                            .containsExactly(value.get(0).asText());
                case "roundTrip" ->
                    assertThat(Bytes.of(BcsWriter.encode(data, (out, each) -> each.encode(out))))
                            .isEqualTo(bcs);
                default -> fail("nobody compares '%s'", field.getKey());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "genesis.effects.bcs")
    void decodesEffectsOfVersionOneInTheShapeOfVersionTwo(String name) {
        JsonNode expected = expected(name);
        Bytes bcs = bytes(name);
        TransactionEffects effects = BcsReader.decode(bcs, TransactionEffects::decode);
        assertThat(effects.version()).isEqualTo(1);
        assertThat(DigestKind.EFFECTS.digest(bcs))
                .hasToString(expected.get("digest").asText());
        assertThat(effects.transactionDigest())
                .hasToString(expected.get("transactionDigest").asText());
        assertThat(effects.epoch()).isEqualTo(expected.get("executedEpoch").asLong());
        assertThat(effects.eventsDigest()).isEmpty();
        assertThat(effects.status().isSuccess()).isTrue();
        assertThat(effects.changedObjects())
                .hasSize(expected.get("created").asInt())
                .allMatch(change -> change.operation() == IdOperation.CREATED);
        assertThat(effects.gasObjectIndex()).isEmpty();
        assertThat(bcs.length()).isEqualTo(expected.get("bytes").asInt());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"10-20", "2-5", "0-2"})
    void decodesCertifiedSummaries(String name) {
        String file = "certified-summary-" + name + ".bcs";
        JsonNode expected = expected(file);
        BcsReader in = bytes(file).reader();
        CheckpointSummary summary = CheckpointSummary.decode(in);
        Bytes bcs = in.viewSince(0);
        AuthoritySignature.decode(in);
        in.end();
        for (var field : expected.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "type" -> assertThat(value.asText()).isEqualTo("CertifiedCheckpointSummary");
                case "epoch" -> assertThat(summary.epoch()).isEqualTo(value.asLong());
                case "sequenceNumber" -> assertThat(summary.sequenceNumber()).isEqualTo(value.asLong());
                case "digest" ->
                    assertThat(DigestKind.CHECKPOINT_SUMMARY.digest(bcs)).hasToString(value.asText());
                case "hasEndOfEpoch" ->
                    assertThat(summary.endOfEpoch().isPresent()).isEqualTo(value.asBoolean());
                case "commitments" -> {
                    assertThat(summary.commitments()).hasSameSizeAs(value);
                    value.forEach(commitment -> assertThat(
                                    summary.commitments().getFirst().digest())
                            .hasToString(commitment.get("CheckpointArtifacts").asText()));
                }
                case "roundTrip" ->
                    assertThat(Bytes.of(BcsWriter.encode(summary, (out, each) -> each.encode(out))))
                            .isEqualTo(bcs);
                default -> fail("nobody compares '%s'", field.getKey());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "contents-v1.bcs")
    void decodesContentsOfVersionOne(String name) {
        JsonNode expected = expected(name);
        Bytes bcs = bytes(name);
        CheckpointContents contents = BcsReader.decode(bcs, CheckpointContents::decode);
        assertThat(contents.version()).isEqualTo(1);
        assertThat(DigestKind.CHECKPOINT_CONTENTS.digest(bcs))
                .hasToString(expected.get("digest").asText());
        JsonNode transaction = expected.get("transactions").get(0);
        assertThat(contents.transactions()).singleElement().satisfies(entry -> {
            assertThat(entry.transaction())
                    .hasToString(transaction.get("transaction").asText());
            assertThat(entry.effects()).hasToString(transaction.get("effects").asText());
        });
        assertThat(Bytes.of(BcsWriter.encode(contents, (out, each) -> each.encode(out))))
                .isEqualTo(bcs);
    }

    private static JsonNode expected(String name) {
        return SuiFixtures.json(SuiFixtures.fixture("parts/expected.json")).path(name);
    }

    private static Bytes bytes(String name) {
        return Bytes.of(SuiFixtures.bytes(SuiFixtures.fixture("parts/" + name)));
    }
}
