package dev.vibrissa.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vibrissa.server.conformance.Conformance.KeyResult;
import dev.vibrissa.server.conformance.Conformance.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as it is shipped, against chains with known answers. */
class ConformanceIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path SCENARIOS = ROOT.resolve("indexer/src/test/resources/scenarios");

    /** What the product answers today: blobs, events, committees, epochs and money. */
    private static final Set<String> ANSWERED = Set.of(
            "checkpoints",
            "transactions",
            "eventCounts",
            "walrusEpochs",
            "failedTransactions",
            "events",
            "certificates",
            "prices",
            "payments",
            "perTransaction",
            "revenueCashByEpoch",
            "revenueAccrualByEpoch",
            "epochChanges",
            "subsidies",
            "burns",
            "supply",
            "systemStates",
            "systemAtEnd",
            "walBalanceChanges",
            "summary",
            "committees",
            "blsCommitteeAtEnd",
            "epochSync",
            "upgrade",
            "slashing",
            "denyLists",
            "contractAtEnd",
            "innerObjects",
            "mustNotExist",
            "blobStatus",
            "blobObjects",
            "sharedBlobs",
            "storagePools",
            "ownersAt",
            "expiryCalendarAt",
            "nodes",
            "nodeInfoAtEnd",
            "nodeNames",
            "priceVotes",
            "commissionChanges",
            "commissionCollected",
            "exchangeRates",
            "stakerYields",
            "poolSnapshots",
            "positionSnapshots",
            "votingEnds",
            "stakes",
            "withdrawRequests",
            "withdrawals",
            "splits",
            "joins",
            "positionHistory");

    private final Conformance conformance =
            new Conformance(Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar")));

    @Test
    void everyAnswerOfBlobLifeIsRightAndAFlippedValueInEachKeyIsSeen() throws Exception {
        Path folder = SCENARIOS.resolve("blob-life");
        var expected = Conformance.read(folder.resolve("expected.json"));
        ObjectNode flipped = expected.deepCopy();
        for (String key : keys(expected)) {
            assertThat(flip(flipped, key)).as("a value to flip in %s", key).isTrue();
        }
        List<Report> reports = conformance.run(folder, List.of(expected, flipped), _ -> true);
        assertThat(reports.getFirst().results()).hasSize(13).allMatch(KeyResult.Passed.class::isInstance);
        assertThat(reports.getLast().results()).hasSize(13).noneMatch(KeyResult.Passed.class::isInstance);
    }

    @Test
    @Tag("soak")
    void oneFlippedValueIsSeenInItsKeyAndInNoOther() throws Exception {
        Path folder = SCENARIOS.resolve("blob-life");
        var expected = Conformance.read(folder.resolve("expected.json"));
        List<String> keys = keys(expected);
        var expectations = new ArrayList<JsonNode>();
        for (String key : keys) {
            ObjectNode flipped = expected.deepCopy();
            flip(flipped, key);
            expectations.add(flipped);
        }
        List<Report> reports = conformance.run(folder, expectations, _ -> true);
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            assertThat(reports.get(i).results())
                    .as("one flipped value in %s", key)
                    .filteredOn(result -> !(result instanceof KeyResult.Passed))
                    .singleElement()
                    .satisfies(result -> assertThat(result.key()).isEqualTo(key));
        }
    }

    private static List<String> keys(JsonNode expected) {
        var keys = new ArrayList<String>();
        expected.fieldNames().forEachRemaining(keys::add);
        keys.removeAll(Conformance.CONTEXT);
        return keys;
    }

    @ParameterizedTest
    @ValueSource(strings = {"governance", "stake", "money"})
    void blobsEventsCommitteesEpochsAndMoneyOfTheOthersAreRight(String scenario) throws Exception {
        assertAnswered(scenario);
    }

    @Test
    @Tag("soak")
    void blobsEventsCommitteesEpochsAndMoneyOfABusyChainAreRight() throws Exception {
        assertAnswered("busy");
    }

    private void assertAnswered(String scenario) throws InterruptedException {
        Path folder = SCENARIOS.resolve(scenario);
        var report = conformance
                .run(folder, List.of(Conformance.read(folder.resolve("expected.json"))), ANSWERED::contains)
                .getFirst();
        assertThat(report.results()).isNotEmpty().allMatch(KeyResult.Passed.class::isInstance);
    }

    /** Changes one value below {@code key} in place: the first that is a number, a text or a truth. */
    private static boolean flip(JsonNode parent, Object key) {
        JsonNode value = parent instanceof ObjectNode object
                ? object.get((String) key)
                : ((ArrayNode) parent).get((Integer) key);
        JsonNode other = switch (value.getNodeType()) {
            case NUMBER -> LongNode.valueOf(value.asLong() + 1);
            case STRING -> TextNode.valueOf(value.asText() + "x");
            case BOOLEAN -> BooleanNode.valueOf(!value.asBoolean());
            default -> null;
        };
        if (other != null) {
            if (parent instanceof ObjectNode object) {
                object.set((String) key, other);
            } else {
                ((ArrayNode) parent).set((Integer) key, other);
            }
            return true;
        }
        var names = new ArrayList<Object>();
        if (value instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(names::add);
        } else {
            for (int i = 0; i < value.size(); i++) {
                names.add(i);
            }
        }
        return names.stream().anyMatch(name -> flip(value, name));
    }
}
