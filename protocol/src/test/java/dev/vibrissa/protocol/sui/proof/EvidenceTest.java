package dev.vibrissa.protocol.sui.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.SuiFixtures;
import dev.vibrissa.protocol.sui.proof.Evidence.Anchor;
import dev.vibrissa.protocol.sui.proof.Evidence.EventEvidence;
import dev.vibrissa.protocol.sui.proof.Evidence.ObjectEvidence;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Conclusion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evidence convinces a stranger who trusts the committee, and nobody once a bit is changed. */
class EvidenceTest {
    private static final Checkpoint CHECKPOINT =
            SuiFixtures.checkpoint("synthetic-walrus-1000-register-certify.binpb.zst");
    private static final Optional<Committee> COMMITTEE =
            Optional.of(SuiFixtures.committee(SuiFixtures.fixture("synthetic-epoch5.committee.bcs")));
    private static final EventEvidence EVENT = EventEvidence.of(CHECKPOINT, 1, 0);
    private static final ObjectEvidence OBJECT = blobObject();

    private static ObjectEvidence blobObject() {
        var effects = CHECKPOINT.transactions().get(1).effects().decoded().orElseThrow();
        var written =
                CHECKPOINT.objects().after(effects, effects.changedObjects().getFirst());
        return ObjectEvidence.of(CHECKPOINT, 1, written.orElseThrow());
    }

    @Test
    void provesAnEventToWhoeverTrustsTheCommittee() {
        var report = EVENT.verify(COMMITTEE);
        assertThat(report.conclusion()).isEqualTo(Conclusion.PROVEN);
        assertThat(report.checkpoint()).isEqualTo(1000);
        assertThat(report.checkpointDigest()).isEqualTo(CHECKPOINT.digest());
        assertThat(report.steps()).hasSize(7).allMatch(EvidenceReport.Step::holds);
        assertThat(report.steps().getLast().detail())
                .startsWith("event 0 of 1, 0xfdc88f7d")
                .endsWith("::events::BlobCertified");
    }

    @Test
    void provesAnObjectToWhoeverTrustsTheCommittee() {
        assertThat(OBJECT.verify(COMMITTEE).conclusion()).isEqualTo(Conclusion.PROVEN);
    }

    @Test
    void isOnlyConsistentWithoutACommittee() {
        assertThat(EVENT.verify(Optional.empty()).conclusion())
                .isEqualTo(Conclusion.CONSISTENT)
                .hasToString("internally consistent, committee not trusted");
    }

    @Test
    void isRefutedByAnotherCommittee() {
        var other = SuiFixtures.committee(SuiFixtures.fixture("synthetic-epoch6.committee.bcs"));
        var report = EVENT.verify(Optional.of(other));
        assertThat(report.conclusion()).isEqualTo(Conclusion.REFUTED);
        assertThat(report.steps()).singleElement().satisfies(step -> {
            assertThat(step.claim()).isEqualTo("the committee signed the summary");
            assertThat(step.detail()).isEqualTo("summary of epoch 5, signature of epoch 5, committee of epoch 6");
        });
    }

    @Test
    void isRefutedWhereverOneByteChanges() {
        Anchor anchor = EVENT.anchor();
        for (Evidence changed : List.of(
                new EventEvidence(EVENT.anchor(), flip(EVENT.events()), 0),
                new EventEvidence(EVENT.anchor(), EVENT.events(), 1),
                new ObjectEvidence(OBJECT.anchor(), flip(OBJECT.object())),
                new EventEvidence(
                        new Anchor(
                                flip(anchor.summary()),
                                anchor.signature(),
                                anchor.contents(),
                                anchor.transaction(),
                                anchor.effects()),
                        EVENT.events(),
                        0),
                new EventEvidence(
                        new Anchor(
                                anchor.summary(),
                                anchor.signature(),
                                flip(anchor.contents()),
                                anchor.transaction(),
                                anchor.effects()),
                        EVENT.events(),
                        0),
                new EventEvidence(
                        new Anchor(
                                anchor.summary(),
                                anchor.signature(),
                                anchor.contents(),
                                CHECKPOINT.digest(),
                                anchor.effects()),
                        EVENT.events(),
                        0),
                new EventEvidence(
                        new Anchor(
                                anchor.summary(),
                                anchor.signature(),
                                anchor.contents(),
                                anchor.transaction(),
                                flip(anchor.effects())),
                        EVENT.events(),
                        0))) {
            assertThat(changed.verify(COMMITTEE).conclusion()).isEqualTo(Conclusion.REFUTED);
        }
    }

    private static Bytes flip(Bytes bytes) {
        byte[] flipped = bytes.toByteArray();
        flipped[flipped.length / 2] ^= 4;
        return Bytes.of(flipped);
    }

    @Test
    void survivesTheWayThroughJson() {
        assertThat(EvidenceJson.read(EvidenceJson.write(EVENT))).isEqualTo(EVENT);
        assertThat(EvidenceJson.read(EvidenceJson.write(OBJECT))).isEqualTo(OBJECT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"kind\" : \"event\" | \"kind\" : \"rumour\" | kind 'rumour' is neither event nor object",
                "\"eventIndex\" : 0 | \"eventIndex\" : -1 | field 'eventIndex' is no whole number from 0 to 2147483647",
                "\"eventIndex\" : 0 | \"eventIndex\" : 0, \"eventIndex\" : 1 | no JSON: Duplicate field 'eventIndex'",
                "\"eventIndex\" : 0 | \"eventIndex\" : 0, \"note\" : 1 | unknown field 'note'",
                "\"summary\" : \" | \"summary\" : \"! | field 'summary' is no Base64: Illegal base64 character 21",
                "\"contents\" | \"content\" | unknown field 'content'",
                "vibrissa-evidence-v1 | vibrissa-evidence-v2 | format is 'vibrissa-evidence-v2', not 'vibrissa-evidence-v1'",
                "} | ] | no JSON",
            })
    void namesWhatIsWrongWithJson(String good, String bad, String message) {
        String json = EvidenceJson.write(EVENT);
        assertThat(json).contains(good);
        assertThatThrownBy(() -> EvidenceJson.read(json.replace(good, bad)))
                .isInstanceOf(EvidenceFormatException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void readsNothingButAWholeDocument() {
        for (String text : new String[] {"", "null", "[]", "{}", "\"x\"", EvidenceJson.write(EVENT) + "{}"}) {
            assertThatThrownBy(() -> EvidenceJson.read(text)).isInstanceOf(EvidenceFormatException.class);
        }
    }
}
