package dev.vibrissa.verifier.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.verifier.node.Blame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {
    private static final SuiAddress NODE = address(1);
    private static final SuiAddress HEIR = address(2);
    private static final Judge JUDGE = new Judge(new Judge.Limits(3, Duration.ofSeconds(2), 1 << 20));
    private static final Circumstances MOVING = new Circumstances(true, false, false);
    private static final Circumstances GONE = new Circumstances(false, true, false);
    private static final Circumstances OUTAGE = new Circumstances(false, false, true);

    private static SuiAddress address(int last) {
        byte[] bytes = new byte[32];
        bytes[31] = (byte) last;
        return new SuiAddress(bytes);
    }

    private static Answer answer(SuiAddress node, Said said, boolean pinned, Duration total) {
        return new Answer(
                node,
                "node:9185",
                Optional.empty(),
                Instant.EPOCH,
                pinned,
                Optional.empty(),
                Optional.empty(),
                said,
                "seen",
                Optional.empty(),
                Optional.empty(),
                new Answer.Timing(Optional.empty(), Optional.empty(), Optional.empty(), total, 0, 1 << 20));
    }

    private static List<Answer> pinned(Said... said) {
        return Stream.of(said)
                .map(each -> answer(NODE, each, true, Duration.ofSeconds(1)))
                .toList();
    }

    private static List<Answer> unpinned(Said... said) {
        return Stream.of(said)
                .map(each -> answer(NODE, each, false, Duration.ofSeconds(1)))
                .toList();
    }

    private static String verdict(List<Answer> answers, Circumstances circumstances) {
        Verdict verdict = JUDGE.judge(NODE, answers, circumstances);
        return verdict.word() + verdict.blamed().map(each -> " " + each).orElse("");
    }

    @ParameterizedTest(name = "{0} asked three times, ordinarily: {1}; shards moving: {2}; our own outage: {3}")
    @CsvSource(textBlock = """
            NOT_FOUND,       missing NODE,                    epoch-skew CHAIN,        missing NODE
            MISSING_SLIVERS, missing NODE,                    epoch-skew CHAIN,        missing NODE
            OTHER_VIEW,      missing NODE,                    epoch-skew CHAIN,        missing NODE
            NEIGHBOUR_EPOCH, missing NODE,                    epoch-skew CHAIN,        missing NODE
            BLOCKED,         refused-by-policy POLICY,        refused-by-policy POLICY, refused-by-policy POLICY
            FALSE,           corrupt NODE,                    corrupt NODE,            corrupt NODE
            IMPOSSIBLE,      inconclusive CLIENT,             inconclusive CLIENT,     inconclusive CLIENT
            BUSY,            unreachable NODE_OR_NETWORK,     unreachable NODE_OR_NETWORK, inconclusive PROBER
            REFUSED,         unreachable NODE_OR_NETWORK,     unreachable NODE_OR_NETWORK, inconclusive PROBER
            SILENT,          unreachable NODE_OR_NETWORK,     unreachable NODE_OR_NETWORK, inconclusive PROBER
            OTHER_IDENTITY,  wrong-identity NODE_OR_NETWORK,  wrong-identity NODE_OR_NETWORK, inconclusive PROBER
            UNUSABLE_RECORD, unreachable NODE,                unreachable NODE,        unreachable NODE
            UNASKED,         inconclusive PROBER,             inconclusive PROBER,     inconclusive PROBER
            """)
    void eachAnswerHasItsVerdict(Said said, String ordinary, String moving, String outage) {
        List<Answer> answers = pinned(said, said, said);
        assertThat(verdict(answers, Circumstances.ORDINARY)).isEqualTo(ordinary);
        assertThat(verdict(answers, MOVING)).isEqualTo(moving);
        assertThat(verdict(answers, OUTAGE)).isEqualTo(outage);
    }

    @ParameterizedTest
    @EnumSource(Said.class)
    void aProofOutweighsWhateverElseWasSaid(Said said) {
        for (Circumstances each : List.of(Circumstances.ORDINARY, MOVING, GONE, OUTAGE)) {
            assertThat(verdict(pinned(said, Said.PROVEN), each)).isEqualTo("served");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Said.class, names = "PROVEN", mode = EnumSource.Mode.EXCLUDE)
    void nobodyIsBlamedForABlobThatIsGone(Said said) {
        assertThat(verdict(pinned(said, said, said), GONE)).isEqualTo("inconclusive CHAIN");
    }

    @ParameterizedTest
    @EnumSource(Said.class)
    void nothingUnauthenticatedIsHeldAgainstANode(Said said) {
        Verdict verdict = JUDGE.judge(NODE, unpinned(said, said, said), Circumstances.ORDINARY);
        // Its record on the chain is the node's own word, without any connection.
        assertThat(verdict.blamed().equals(Optional.of(Blame.NODE))).isEqualTo(said == Said.UNUSABLE_RECORD);
    }

    @Test
    void aRefusalCountsOnlyAfterEveryAttempt() {
        assertThat(verdict(pinned(Said.NOT_FOUND, Said.NOT_FOUND), Circumstances.ORDINARY))
                .isEqualTo("missing NODE_OR_NETWORK");
        assertThat(verdict(pinned(Said.SILENT, Said.SILENT, Said.NOT_FOUND), Circumstances.ORDINARY))
                .isEqualTo("missing NODE_OR_NETWORK");
    }

    @ParameterizedTest
    @EnumSource(
            value = Said.class,
            names = {"SILENT", "BUSY", "REFUSED"})
    void oneAnswerBetweenDoesNotTakeBackWhatANodeSaysTwice(Said between) {
        assertThat(verdict(pinned(between, Said.NOT_FOUND, Said.NOT_FOUND), Circumstances.ORDINARY))
                .isEqualTo("missing NODE");
        assertThat(verdict(pinned(Said.NOT_FOUND, between, Said.NOT_FOUND), Circumstances.ORDINARY))
                .isEqualTo("missing NODE");
    }

    @Test
    void whatAnotherServesIsNeitherHereNorThere() {
        var answers = new ArrayList<>(pinned(Said.NOT_FOUND, Said.NOT_FOUND, Said.NOT_FOUND));
        answers.add(answer(HEIR, Said.PROVEN, true, Duration.ofSeconds(1)));
        assertThat(verdict(answers, Circumstances.ORDINARY)).isEqualTo("missing NODE");
        assertThat(verdict(answers, MOVING)).isEqualTo("epoch-skew CHAIN");
    }

    @Test
    void aProofThatComesLateIsSlowAndServed() {
        Verdict verdict = JUDGE.judge(
                NODE, List.of(answer(NODE, Said.PROVEN, true, Duration.ofMillis(3_001))), Circumstances.ORDINARY);
        assertThat(verdict).isEqualTo(new Verdict.Slow(Duration.ofMillis(3_001), Duration.ofSeconds(3)));
        assertThat(verdict.isScored()).isTrue();
        assertThat(verdict.blamed()).isEmpty();
    }

    @Test
    void oneVantagesSilenceIsNotScored() {
        assertThat(JUDGE.judge(NODE, unpinned(Said.SILENT, Said.SILENT, Said.SILENT), Circumstances.ORDINARY)
                        .isScored())
                .isFalse();
    }
}
