package dev.vibrissa.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.dashboards.ScoreChange.Part;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What moved a score. */
class ScoreChangeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ENOUGH = 298;

    /** A score with slivers that were served, and some that were missing or corrupt. */
    private static Answer score(String at, long epoch, long served, long missing, long corrupt) {
        return new Answer(JSON.valueToTree(Map.of(
                "computedAt",
                at,
                "epoch",
                epoch,
                "methodology",
                "v1",
                "served",
                served,
                "failed",
                missing + corrupt,
                "enough",
                served + missing + corrupt >= ENOUGH,
                "lowerBound",
                BetaBound.of(served, missing + corrupt),
                "verdicts",
                List.of(
                        count("SLIVER", "served", "", true, served),
                        count("SLIVER", "missing", "NODE", true, missing),
                        count("SYMBOL", "corrupt", "NODE", true, corrupt),
                        count("CLAIM", "missing", "NODE", false, 7 * missing)))));
    }

    private static Map<String, Object> count(String depth, String verdict, String blame, boolean scored, long probes) {
        return Map.of("depth", depth, "verdict", verdict, "blame", blame, "scored", scored, "probes", probes);
    }

    private static ScoreChange change(Answer before, Answer now) {
        return ScoreChange.of("0x7", List.of(now, before), "best");
    }

    private static final String THEN = "2026-06-15T10:00:00Z";
    private static final String NOW = "2026-06-16T11:00:00Z";

    @ParameterizedTest
    @CsvSource({
        "400, 2, 0, 700, 30, 1",
        "400, 2, 0, 800, 2, 0",
        "400, 20, 9, 390, 5, 11",
        "971, 0, 0, 971, 1, 0",
        "971, 5, 5, 900, 7, 3"
    })
    void thePartsAddUpToTheWhole(
            long served, long missing, long corrupt, long servedThen, long missingThen, long corruptThen) {
        var change =
                change(score(THEN, 1, served, missing, corrupt), score(NOW, 2, servedThen, missingThen, corruptThen));
        assertThat(change.points()).isNotZero();
        assertThat(change.parts().stream().mapToDouble(Part::points).sum()).isCloseTo(change.points(), within(1e-9));
        assertThat(change.parts().stream().filter(each -> !each.scored()))
                .isNotEmpty()
                .allMatch(each -> each.points() == 0);
    }

    @Test
    void whatMovedItMostIsSaidFirst() {
        var change = change(score(THEN, 1, 400, 2, 0), score(NOW, 2, 700, 30, 1));
        assertThat(change.inWords())
                .startsWith("It dropped from at least 98.44 % to at least 94.32 % (−4.12 points)")
                .contains("since its best score of the last hundred rounds, 15 Jun 2026 10:00 UTC")
                .contains("most of all by 28 more slivers, missing (blame: node): −6.17.");
        assertThat(change.parts().getFirst().changed())
                .isEqualTo("/operators/0x7/probes?depth=SLIVER&verdict=missing&blame=NODE"
                        + "&askedFrom=2026-06-15T10:00:00Z&askedBefore=2026-06-16T11:00:00Z");
        assertThat(change.parts()).extracting(Part::changeInWords).contains("+300", "+28", "+1", "+196");
    }

    /** One failure for another: each did something, together they did nothing. */
    @Test
    void whatCameForSomethingElseDidItsPart() {
        var change = change(score(THEN, 1, 400, 9, 0), score(NOW, 2, 400, 4, 5));
        assertThat(change.inWords())
                .startsWith("At least 96.")
                .contains("as it was at its best score of the last hundred rounds");
        assertThat(change.parts().stream().mapToDouble(Part::points).sum()).isCloseTo(0, within(1e-9));
        assertThat(change.parts().getFirst().points()).isNotZero();
    }

    @Test
    void tooFewProbesAreNoRate() {
        var change = change(score(THEN, 1, 100, 2, 0), score(NOW, 2, 700, 30, 1));
        assertThat(change.isRated()).isFalse();
        assertThat(change.inWords()).startsWith("Too few probes for a rate then.");
        assertThat(change.parts()).allMatch(each -> each.points() == 0).isNotEmpty();
    }

    @Test
    void aScoreIsComparedWithTheOneThatIsAskedFor() {
        var history = List.of(
                score(NOW, 2, 700, 30, 1),
                score("2026-06-16T10:00:00Z", 2, 600, 9, 0),
                score(THEN, 2, 500, 9, 0),
                score("2026-06-14T10:00:00Z", 1, 400, 0, 0));
        assertThat(ScoreChange.of("0x7", history, "best").before().whole("epoch"))
                .isEqualTo(1);
        assertThat(ScoreChange.of("0x7", history, "epoch").before().whole("served"))
                .isEqualTo(400);
        assertThat(ScoreChange.of("0x7", history, "day").before().whole("served"))
                .isEqualTo(500);
        assertThat(ScoreChange.of("0x7", history.subList(0, 2), "day").inWords())
                .contains("a day older");
        assertThat(ScoreChange.of("0x7", List.of(), "best").inWords()).contains("No round has scored it yet");
    }
}
