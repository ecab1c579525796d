package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Votes, prices and shares of the chain {@code governance}, now and then; a crowd of candidates has joined. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(
        value = IndexedScenario.class,
        initArgs = {@ResourceArg(name = "scenario", value = "governance"), @ResourceArg(name = "damage", value = """
                            insert into storage_node (node_id, name, network_address, network_public_key, public_key, changed_at)
                            select decode(lpad(to_hex(i), 64, '0'), 'hex'), 'crowd', 'a-' || i || '.example:1', '', '', 4000
                            from generate_series(1, 2000) i
                            """)})
class GovernanceApiTest {
    private static final String CANDIDATE = "0xdc82e29f98e0a15c499247634fa5cdb74a8dec7957f64350fbb6573a8fabae3c";

    /** The same round of votes at every stage of it. */
    @ParameterizedTest
    @CsvSource({
        "4045, voting, 286",
        "4048, quorum, 818",
        "4049, quorum, 858",
        "4055, committed, 858",
        "4056, committed, 858",
        "4057, migrated, 858"
    })
    void anUpgradeIsTheStateOfItsTime(long checkpoint, String state, int weight) {
        given().get("/v1/governance/upgrades?at=checkpoint:" + checkpoint)
                .then()
                .statusCode(200)
                .body("items[2].epoch", equalTo(2))
                .body("items[2].state", equalTo(state))
                .body("items[2].weight", equalTo(weight))
                .body("items[0].state", equalTo("restarted"))
                .body("items[1].state", equalTo("lapsed"));
    }

    @Test
    void anEmergencyUpgradeHasNoVotesAndStaysCommitted() {
        given().get("/v1/governance/upgrades")
                .then()
                .body("items", hasSize(4))
                .body("items[3].emergency", equalTo(true))
                .body("items[3].state", equalTo("committed"))
                .body("items[3].votes", hasSize(0))
                .body("items[3].proposed", nullValue())
                .body("items[3].digest", equalTo("c690ab93e8fcd67711cd8ac98665668cd89d328ec4645d262f16f0f614e8cc9b"));
    }

    @Test
    void aLiveSlashingTellsWhatIsMissingAndHowLongItsVotesCount() {
        given().get("/v1/governance/slashing?at=checkpoint:4079")
                .then()
                .body("items[2].candidate", equalTo(CANDIDATE))
                .body("items[2].state", equalTo("voting"))
                .body("items[2].weight", equalTo(542))
                .body("items[2].missingWeight", equalTo(125))
                .body("items[2].countsUntil", notNullValue())
                .body("items[2].millisLeft", notNullValue());
        given().get("/v1/governance/slashing?at=checkpoint:4082")
                .then()
                .body("items[2].state", equalTo("executed"))
                .body("items[2].countsUntil", nullValue())
                .body("items[2].ended.burned", equalTo("4611098837"));
    }

    @Test
    void pagesOfRoundsAddUpToTheList() {
        var whole = given().get("/v1/governance/slashing").jsonPath().getList("items");
        var first = given().get("/v1/governance/slashing?limit=2").jsonPath();
        var second = given().get("/v1/governance/slashing?limit=1000&cursor=" + first.getString("next"))
                .jsonPath();
        assertThat(first.getList("items")).isEqualTo(whole.subList(0, 2));
        assertThat(second.getList("items")).isEqualTo(whole.subList(2, whole.size()));
    }

    @Test
    void pricesAreWhatTheVotesComeTo() {
        var parameters = given().get("/v1/governance/parameters").jsonPath();
        for (String parameter : new String[] {"storagePrice", "writePrice", "capacity"}) {
            assertThat(parameters.getString(parameter + ".byVotes"))
                    .as(parameter)
                    .isNotEmpty()
                    .isEqualTo(parameters.getString(parameter + ".inForce"));
        }
        assertThat(parameters.getList("votes.weight", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(parameters.getInt("nShards"));
        assertThat(parameters.getString("contract.version")).isEqualTo("4");
        assertThat(parameters.getString("protocol.version")).isNotEmpty();
        given().get("/v1/governance/parameters?at=checkpoint:4056")
                .then()
                .body("contract.version", equalTo("3"))
                .body("contract.newPackageId", notNullValue());
    }

    @Test
    void concentrationIsMeasuredOverShardsAndEpochs() {
        given().get("/v1/concentration")
                .then()
                .body("measures.holders", equalTo(7))
                .body("measures.nakamotoOneHonest", equalTo(2))
                .body("measures.nakamotoQuorum", equalTo(3))
                .body("groups.shards", equalTo(List.of(286, 256, 153, 123, 81, 61, 40)))
                .body("history.epoch", hasItems(1, 5))
                .body("lorenz[7].shards", equalTo(1000));
        // All names end in "example", and no two nodes share the label before it.
        given().get("/v1/concentration?by=domain&at=epoch:1").then().body("groups.group", hasItems("gov-1.example"));
        given().get("/v1/concentration?by=city").then().statusCode(400).body("field", equalTo("by"));
    }

    @Test
    void concentrationIsToldOfTheEpochsAskedFor() {
        given().get("/v1/concentration?fromEpoch=2&toEpoch=3")
                .then()
                .body("history.epoch", equalTo(List.of(2, 3)))
                .body("measures.epoch", equalTo(5))
                .body("groups", hasSize(7));
        given().get("/v1/concentration?fromEpoch=3&toEpoch=2")
                .then()
                .statusCode(400)
                .body("field", equalTo("fromEpoch"));
        given().get("/v1/concentration?fromEpoch=0&toEpoch=520").then().statusCode(400);
        given().get("/v1/concentration?toEpoch=2&format=csv")
                .then()
                .contentType(startsWith("text/csv"))
                .body(startsWith("epoch,nShards,holders,oneHonestWeight"))
                .body(containsString("\r\n2,1000,7,334,"));
    }

    /** {@link GivenAddresses} has gov-0, gov-1 and gov-2 in one network, gov-0 and gov-1 on one machine, and gov-6 unknown. */
    @Test
    void whoSharesAMachineOrANetworkCountsAsOne() {
        String resolved = "resolution.resolved";
        long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (given().get("/v1/concentration?by=host").jsonPath().getInt(resolved) < 6
                && System.nanoTime() < patience) {
            Thread.onSpinWait(); // names are resolved beside the requests
        }
        given().get("/v1/concentration?by=host")
                .then()
                .body("resolution.hosts", equalTo(7))
                .body(resolved, equalTo(6))
                .body("resolution.newest", notNullValue())
                .body("measures.holders", equalTo(6))
                .body("groups[0].group", equalTo("gov-0.example"))
                .body("groups[0].shards", equalTo(286 + 256))
                .body("measures.nakamotoOneHonest", equalTo(1))
                .body("measures.nakamotoQuorum", equalTo(2));
        given().get("/v1/concentration?by=prefix&at=checkpoint:4018")
                .then()
                .header("Cache-Control", equalTo("no-cache"))
                .body("measures.holders", equalTo(6)) // gov-1 had another name then, which is not asked for any more
                .body("groups.group", hasItems("198.51.100.0/24", "gov-1.example", "gov-6.example"))
                .body("history.epoch", equalTo(List.of(1)));
        given().get("/v1/concentration?by=node&at=epoch:2")
                .then()
                .header("Cache-Control", containsString("immutable"))
                .body("resolution", nullValue());
    }

    @Test
    void theReportHasRoundsEpochsAndWhatOperatorsStandFor() {
        given().get("/v1/governance/report?from=2&to=3")
                .then()
                .body("epochs.epoch", equalTo(List.of(2, 3)))
                .body("epochs.nakamotoQuorum", equalTo(List.of(3, 3)))
                .body("epochs[0].burned", equalTo(burned(2)))
                .body("upgrades.state", hasItems("migrated"))
                .body("upgrades.findAll { it.epoch == 2 }.weight", equalTo(List.of(858)))
                .body("slashing.findAll { it.state == 'executed' }.ended.burned", equalTo(List.of("4611098837")))
                .body("operators.find { it.weight == 286 }.commissionRate", notNullValue())
                .body("operators.find { it.weight == 286 }.storagePriceVote", notNullValue())
                .body("operators.find { it.weight == 153 }.denyListSize", equalTo("9000000000"));
        // What began in epoch 1 and ended in epoch 2 belongs to both, what came later to neither.
        given().get("/v1/governance/report?from=1&to=1")
                .then()
                .body("upgrades.state", equalTo(List.of("restarted", "cleaned-up")))
                .body("slashing", hasSize(1))
                .body("timeline.what", not(hasItem("slashing executed")));
    }

    /** Epochs are added up; the one that ran at a past moment is counted. Both come to what the chain's known answer has. */
    @Test
    void certificatesAreCountedByWhoSignedThem() {
        var signed = new TreeMap<String, Integer>();
        int last = 0;
        for (JsonNode certificate : known().get("certificates")) {
            if (certificate.get("epoch").asInt() == 2) {
                certificate.get("signers").forEach(node -> signed.merge(node.asText(), 1, Integer::sum));
                last++;
            }
        }
        for (String at : List.of("", "&at=epoch:2")) {
            var report = given().get("/v1/governance/report?from=2&to=2" + at).jsonPath();
            assertThat(report.getList("operators.certificates", Integer.class)).containsOnly(last);
            signed.forEach((node, count) -> assertThat(
                            report.getInt("operators.find { it.nodeId == '%s' }.certificatesSigned".formatted(node)))
                    .as(node + at)
                    .isEqualTo(count));
        }
    }

    /** As the chain's known answer has it. */
    private static String burned(int epoch) {
        for (JsonNode change : known().get("epochChanges")) {
            if (change.get("toEpoch").asInt() == epoch + 1) {
                return change.get("burn").asText();
            }
        }
        throw new AssertionError("epoch %d does not end".formatted(epoch));
    }

    private static JsonNode known() {
        try {
            return new ObjectMapper()
                    .readTree(Path.of(
                                    System.getProperty("vibrissa.root"),
                                    "indexer/src/test/resources/scenarios/governance/expected.json")
                            .toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Votes, and how far each is from what came of them. */
    @Test
    void everyVoteSaysHowFarItIsFromWhatIsInForce() {
        var parameters = given().get("/v1/governance/parameters").jsonPath();
        var inForce = new BigInteger(parameters.getString("capacity.inForce"));
        List<String> votes = parameters.getList("votes.networkCapacity");
        List<String> distances = parameters.getList("votes.networkCapacityDistance");
        for (int i = 0; i < votes.size(); i++) {
            assertThat(new BigInteger(votes.get(i)).subtract(inForce)).hasToString(distances.get(i));
        }
        assertThat(parameters.getList("votes.commissionRate", Integer.class)).allMatch(rate -> rate >= 0);
    }

    /** Which took another name in checkpoint 4032. */
    private static final String RENAMED = "0xf346a980ab49af080af7ffa7649578e0d5845822b02eaeb53bf280b9f2bd5ac4";

    @ParameterizedTest
    @CsvSource({"4023, gov-1", "4035, gov-1 (new name)"})
    void aNodeIsCalledWhatItCalledItselfThen(long checkpoint, String name) {
        String at = "at=checkpoint:" + checkpoint;
        String named = "findAll { it.nodeId == '%s' }.name.unique()".formatted(RENAMED);
        for (var answer : List.of(
                List.of("/v1/governance/parameters?" + at, "votes." + named),
                List.of("/v1/governance/slashing?" + at, "items[0].votes." + named),
                List.of("/v1/governance/report?from=1&to=1&" + at, "operators." + named),
                List.of("/v1/governance/report?from=1&to=1&" + at, "timeline." + named),
                List.of("/v1/epochs/1/committee?" + at, "members." + named))) {
            given().get(answer.getFirst()).then().statusCode(200).body(answer.getLast(), equalTo(List.of(name)));
        }
    }

    /** A round of slashing in epoch 3, while it runs and when it is over. */
    @Test
    void whoCanStillVoteHasNotMissedIt() {
        String voter =
                "operators.find { it.nodeId == '0xbf6a055bbd78628f41f0d245918a79b6a0dc290102d397dc097c93fa3ab826ce' }.";
        given().get("/v1/governance/report?from=3&to=3&at=checkpoint:4079")
                .then()
                .body(voter + "slashingVotesCast", equalTo(0))
                .body(voter + "slashingVotesOpen", equalTo(1))
                .body(voter + "slashingVotesMissed", equalTo(0));
        given().get("/v1/governance/report?from=3&to=3")
                .then()
                .body(voter + "slashingVotesCast", equalTo(1))
                .body(voter + "slashingVotesOpen", equalTo(0))
                .body(voter + "slashingVotesMissed", equalTo(2));
    }

    /** The round of epoch 1 ended in epoch 2, when the same candidate was voted about again. */
    @Test
    void aReportHasTheRoundsOfItsEpochsOnly() {
        given().get("/v1/governance/report?from=2&to=2")
                .then()
                .body("slashing.epoch", equalTo(List.of(1, 2)))
                .body("slashing[0].ended.how", equalTo("restarted"))
                .body("slashing[1].votes", hasSize(1));
        given().get("/v1/governance/report?from=5&to=5").then().body("slashing", hasSize(0));
    }

    @Test
    void theClockTellsWhenVotingAndTheEpochCanEnd() {
        JsonNode epochs = known().get("walrusEpochs");
        for (int i = 0; i + 1 < epochs.size(); i++) {
            var epoch = epochs.get(i);
            var moving = clock(epoch.get("startCheckpoint").asLong());
            assertThat(moving.getString("clock.state")).isEqualTo("moving");
            assertThat(moving.getString("clock.epochEnds")).isNull();
            var voting = clock(epoch.get("doneCheckpoint").asLong());
            assertThat(voting.getString("clock.state")).isEqualTo("voting");
            assertThat(voting.getLong("clock.epoch"))
                    .isEqualTo(epoch.get("epoch").asLong());
            var started = Instant.parse(voting.getString("clock.startedAt"));
            var half = Duration.ofMillis(known().get("walrusEpochMs").asLong() / 2);
            assertThat(started).isBetween(millis(epoch, "startMs"), millis(epoch, "doneMs"));
            assertThat(voting.getString("clock.votingEnds"))
                    .isEqualTo(started.plus(half).toString());
            assertThat(voting.getString("clock.epochEnds"))
                    .isEqualTo(started.plus(half).plus(half).toString());
            var next = epochs.get(i + 1);
            assertThat(started.plus(half).plus(half)).isBeforeOrEqualTo(millis(next, "startMs"));
            assertThat(clock(next.get("startCheckpoint").asLong() - 1).getString("clock.state"))
                    .isEqualTo("chosen");
        }
    }

    private static Instant millis(JsonNode epoch, String field) {
        return Instant.ofEpochMilli(epoch.get(field).asLong());
    }

    private static JsonPath clock(long checkpoint) {
        return given().get("/v1/governance/parameters?at=checkpoint:" + checkpoint)
                .jsonPath();
    }

    @Test
    void theReportIsDataCsvAndAPage() {
        given().get("/v1/governance/report?from=1&to=3")
                .then()
                .body("timeline.what", hasItems("upgrade vote", "contract migrated", "slashing executed", "deny list"))
                .body("operators", hasSize(7));
        given().get("/v1/governance/report?from=1&to=3&format=csv")
                .then()
                .contentType(startsWith("text/csv"))
                .body(startsWith("checkpoint,txIndex,tx,timestamp,what"));
        given().get("/governance/report?from=1&to=3")
                .then()
                .statusCode(200)
                .contentType(startsWith("text/html"))
                .body(containsString("slashing executed"))
                .body(containsString("quorum 667"))
                .body(containsString("4.61 WAL"));
        given().get("/v1/governance/report?from=3&to=1").then().statusCode(400).body("field", equalTo("from"));
        given().get("/v1/governance/report?to=99").then().statusCode(404);
        given().get("/governance/report?from=3&to=1").then().statusCode(400);
        given().get("/governance/report?to=99").then().statusCode(404);
    }
}
