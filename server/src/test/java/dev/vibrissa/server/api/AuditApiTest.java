package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.cli.CommandLineProgram;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogCheck;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.round.Dossier;
import dev.vibrissa.verifier.round.ReplayBundle;
import dev.vibrissa.verifier.score.Latency;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What strangers and operators read about audits, of the chain {@code blob-life} and {@link FixedAudit}. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class AuditApiTest {
    private static final String NODES = "/v1/operators/";

    private static List<String> members() {
        return given().get("/v1/frames/2").jsonPath().getList("record.members.nodeId");
    }

    private static String text(String path) {
        var answer = given().get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.asString()).isEqualTo(200);
        return answer.asString();
    }

    @Test
    void theLogComesLineByLineAndHolds() {
        List<String> lines = log(7);
        assertThat(lines).hasSizeGreaterThan(100);
        assertThat(LogCheck.of(lines.stream(), Optional.empty()))
                .isInstanceOfSatisfying(LogCheck.Finding.Intact.class, intact -> {
                    assertThat(intact.entries()).isEqualTo(lines.size());
                    // The last entry is the root of all before it.
                    assertThat(intact.unsigned()).isEqualTo(1);
                });
        var roots = given().get("/v1/log/roots").jsonPath();
        assertThat(roots.getList("items")).hasSize(3); // after the frame and after each round
        assertThat(roots.getLong("items[-1].last")).isEqualTo(lines.size() - 2);
        assertThat(given().get("/v1/provers").jsonPath().getLong("items[0].entries"))
                .isEqualTo(lines.size());
    }

    @Test
    void theLogIsVerifiedWhereItIsServed() {
        String url = "http://localhost:%d/v1/log".formatted(RestAssured.port);
        String prover = given().get("/v1/provers").jsonPath().getString("items[0].prover");
        assertThat(CommandLineProgram.fromEnvironment().run("verify-log", url, "--key", prover))
                .isZero();
        assertThat(CommandLineProgram.fromEnvironment().run("verify-log", url, "--key", "07".repeat(32)))
                .isEqualTo(1);
        assertThat(CommandLineProgram.fromEnvironment().run("verify-log", url + "s"))
                .isGreaterThan(1);
    }

    /** In two pages that meet, by the sequence and by the cursor. */
    private static List<String> log(int first) {
        var lines = new ArrayList<>(
                text("/v1/log?format=ndjson&limit=" + first).lines().toList());
        assertThat(lines).hasSize(first);
        String next = "/v1/log?format=ndjson&limit=1000&from=" + first;
        var answer = given().get(next);
        while (true) {
            assertThat(answer.contentType()).startsWith("application/x-ndjson");
            answer.asString().lines().forEach(lines::add);
            String cursor = answer.header("Vibrissa-Next-Cursor");
            if (cursor == null) {
                return lines;
            }
            answer = given().get(next + "&cursor=" + cursor);
        }
    }

    @Test
    void aRoundRunsAgainFromWhatIsServed() throws Exception {
        List<String> done = given().get("/v1/rounds?state=done").jsonPath().getList("items.id");
        assertThat(done).hasSize(2);
        for (String id : done) {
            var bundle = AuditJson.MAPPER.readValue(text("/v1/rounds/" + id + "/replay"), ReplayBundle.class);
            assertThat(bundle.replay()).isEqualTo(new ReplayBundle.Report.Same(780, 780));
        }
        given().get("/v1/rounds?state=missed")
                .then()
                .body("items", hasSize(2))
                .body("items.seedDigest", everyItem(nullValue()));
        given().get("/v1/rounds/2-1/replay").then().statusCode(404).body("detail", containsString("missed"));
        given().get("/v1/rounds/2-x").then().statusCode(400).body("field", equalTo("roundId"));
        var round = given().get("/v1/rounds/2-0").jsonPath();
        assertThat(round.getList("counts.probes", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(780);
        assertThat(round.getString("evidence.entry.kind")).isEqualTo("ROUND");
    }

    @Test
    void theCaseAgainstAnOperatorHoldsOffline() throws Exception {
        String node = members().getFirst();
        var dossier = Dossier.parse(text(NODES + node + "/dossier?epoch=2"));
        int failures = given().get(NODES + node + "/failures?limit=1000&blame=node")
                .jsonPath()
                .getList("items")
                .size();
        assertThat(dossier.check()).isEqualTo(new Dossier.Finding.Holds(failures, 0));
        assertThat(dossier.unsealed()).isZero();
        given().get(NODES + members().get(2) + "/dossier")
                .then()
                .statusCode(404)
                .body("detail", startsWith("no case against node"));
    }

    @Test
    void failuresAreListedWithRawReasonsWhoeverIsToBlame() {
        given().get(NODES + members().getFirst() + "/failures?limit=1000")
                .then()
                .body(
                        "items.probe.blame",
                        hasItems("NODE", "CHAIN")) // one blob is called invalid before the second round
                .body("items[0].attempts", hasSize(3))
                .body("items[0].attempts[0].status", is(404))
                .body("items[0].attempts[0].pinned", is(true))
                .body("items[0].attempts[0].detail", containsString("404"));
        given().get(NODES + members().get(1) + "/failures?limit=1000")
                .then()
                .body("items.probe.blame", everyItem(is("NODE_OR_NETWORK")))
                .body("items.probe.counts", everyItem(is(false)))
                .body("items[0].attempts[0].said", is("SILENT"))
                .body("items[0].attempts[0].status", nullValue());
        given().get(NODES + members().get(2) + "/failures").then().body("items", hasSize(0));
    }

    @Test
    void aScoreIsManyNumbersAndARangeOfRanks() {
        var bad = given().get(NODES + members().getFirst() + "/score").jsonPath();
        assertThat(bad.getList("windows.window")).isEqualTo(List.of("epoch", "30d", "all"));
        assertThat(bad.getInt("windows[0].probes")).isEqualTo(303);
        assertThat(bad.getString("windows[0].tooFew")).isNull();
        assertThat(bad.getInt("windows[0].ranks.best")).isEqualTo(4);
        assertThat(bad.getInt("windows[0].ranks.worst")).isEqualTo(4);
        assertThat(bad.getInt("windows[0].score.failed")).isEqualTo(31);
        var good = given().get(NODES + members().get(2) + "/score").jsonPath();
        assertThat(good.getInt("windows[0].ranks.best")).isEqualTo(1);
        assertThat(good.getInt("windows[0].ranks.worst")).isEqualTo(3);
        assertThat(good.getInt("windows[0].ranks.of")).isEqualTo(4);
        // Silence does not count by one vantage's word, and so what is left is too little.
        given().get(NODES + members().get(1) + "/score")
                .then()
                .body("windows[0].tooFew", startsWith("too few probes (2"))
                .body("windows[0].ranks", nullValue());
    }

    @Test
    void aPastMomentShowsWhatWasKnownThen() {
        String node = members().getFirst();
        given().get(NODES + node + "/score?at=checkpoint:1060").then().body("windows", hasSize(0));
        given().get(NODES + node + "/probes?at=checkpoint:1060").then().body("items", hasSize(0));
        given().get("/v1/rounds?at=checkpoint:1063")
                .then()
                .body("items", hasSize(1))
                .body("items[0].round", is(0));
        int first = count("/v1/probes?limit=1000&at=checkpoint:1068");
        assertThat(first).isEqualTo(780);
        assertThat(count("/v1/probes?limit=1000&round=2-3")).isEqualTo(780);
        assertThat(given().get("/v1/log?limit=1000&at=checkpoint:1060")
                        .jsonPath()
                        .getList("items.kind"))
                .isEqualTo(List.of("BEGIN", "FRAME", "ROOT"));
    }

    private static int count(String path) {
        return given().get(path).jsonPath().getList("items").size();
    }

    @Test
    void probesAreFilteredAndPagedWithoutLossOrRepetition() {
        String filter = "/v1/probes?blame=node&depth=sliver&verdict=missing&epoch=2";
        List<String> all = given().get(filter + "&limit=1000").jsonPath().getList("items.probeId");
        var paged = new ArrayList<String>();
        String cursor = "";
        do {
            var page = given().get(filter + "&limit=11" + cursor).jsonPath();
            paged.addAll(page.getList("items.probeId"));
            cursor = page.getString("next") == null ? "" : "&cursor=" + page.getString("next");
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(all).doesNotHaveDuplicates().hasSize(29);
        given().get("/v1/probes?blame=nobody").then().statusCode(400).body("field", equalTo("blame"));
        assertThat(text("/v1/probes?format=csv&limit=3").lines()).hasSize(4);
    }

    @Test
    void aProbeShowsWhereItStandsInTheLog() throws Exception {
        String id = given().get("/v1/probes?limit=1").jsonPath().getString("items[0].probeId");
        JsonNode probe = new ObjectMapper().readTree(text("/v1/probes/" + id));
        String line = probe.at("/evidence/entry/line").asText();
        assertThat(Sha256.of(line.getBytes(StandardCharsets.UTF_8)))
                .hasToString(probe.at("/evidence/entry/hash").asText());
        assertThat(new ObjectMapper().readTree(line).get("body")).isEqualTo(probe.get("record"));
        assertThat(probe.at("/evidence/root/kind").asText()).isEqualTo("ROOT");
        given().get("/v1/probes/" + "0".repeat(32)).then().statusCode(404);
        given().get("/v1/probes/xyz").then().statusCode(400).body("field", equalTo("probeId"));
    }

    @Test
    void shardsOfABlobAreProvenOrNot() {
        String blob = given().get("/v1/probes?limit=1&blame=node").jsonPath().getString("items[0].blobId");
        var shards =
                given().get("/v1/blobs/" + blob + "/availability?limit=1000").jsonPath();
        int probes = count("/v1/probes?limit=1000&depth=sliver&blobId=" + blob)
                + count("/v1/probes?limit=1000&depth=symbol&blobId=" + blob);
        int proven = shards.getList("items.proven", Integer.class).stream()
                .mapToInt(Integer::intValue)
                .sum();
        int notProven = shards.getList("items.notProven", Integer.class).stream()
                .mapToInt(Integer::intValue)
                .sum();
        assertThat(proven + notProven).isEqualTo(probes);
        assertThat(notProven).isPositive();
    }

    @Test
    void latenciesComeInTheBucketsOfTheMethod() {
        var latency =
                given().get(NODES + members().get(2) + "/latency?depth=sliver").jsonPath();
        List<Double> bounds = latency.getList("items.millis.flatten().atMost", Double.class);
        assertThat(bounds)
                .isNotEmpty()
                .allSatisfy(bound -> assertThat(Latency.upperBound(Latency.bucket(bound - 0.01)))
                        .isCloseTo(bound, org.assertj.core.api.Assertions.within(1e-4)));
        assertThat(latency.getList("items.served", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(288);
    }

    @Test
    void theMethodIsServedByteByByte() {
        var all = given().get("/v1/methodology").jsonPath();
        assertThat(all.getString("current")).isEqualTo("v1-devnet");
        for (String version : List.of("v1", "v1-devnet")) {
            String text = text("/v1/methodology/" + version);
            assertThat(all.getString("versions.find { it.version == '%s' }.sha256".formatted(version)))
                    .isEqualTo(Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString());
            assertThat(text).contains("served, never stored");
        }
        given().get("/v1/methodology/v9").then().statusCode(404);
    }

    @Test
    void anAnswerIsAskedAgainForNothingUntilALogGrows() {
        String tag = given().get("/v1/rounds").header("ETag");
        given().header("If-None-Match", tag).get("/v1/rounds").then().statusCode(304);
        given().get("/v1/rounds?at=checkpoint:1070").then().header("Cache-Control", is("no-cache"));
    }

    @Test
    void metricsTellOfEachStage() {
        String metrics = given().get("/q/metrics").asString();
        assertThat(metrics)
                .contains("vibrissa_audit_frames 1.0", "vibrissa_audit_rounds{state=\"done\"} 2.0")
                .contains("vibrissa_audit_rounds{state=\"missed\"} 2.0", "vibrissa_audit_waves 39.0")
                .contains("vibrissa_audit_probes{verdict=\"missing\"} 31.0", "vibrissa_audit_log_unsigned 1.0")
                .contains("vibrissa_audit_log_entries", "vibrissa_audit_round_age_seconds");
    }

    @Test
    void aFrameIsSignedBeforeItsSeedExists() {
        var frame = given().get("/v1/frames/2").jsonPath();
        assertThat(frame.getString("evidence.root.kind")).isEqualTo("ROOT");
        assertThat(frame.getLong("frame.firstSeedHeight")).isGreaterThan(frame.getLong("frame.observedCheckpoint"));
        given().get("/v1/frames").then().body("items", hasSize(1)).body("items[0].root", notNullValue());
        given().get("/v1/frames/3").then().statusCode(404);
    }

    @Test
    void aScoreHasAHistoryAndACommitteeAnOrder() {
        String node = members().getFirst();
        var history = given().get(NODES + node + "/score/history?window=epoch").jsonPath();
        assertThat(history.getList("items.served")).isEqualTo(List.of(272, 136));
        assertThat(given().get(NODES + node + "/score/history?limit=1")
                        .jsonPath()
                        .getList("items.failed"))
                .isEqualTo(List.of(31));
        given().get(NODES + node + "/score?at=checkpoint:1063")
                .then()
                .body("windows[0].probes", is(152))
                .body("windows[0].tooFew", is("too few probes (152)"));
        var ranked = given().get("/v1/scores?window=epoch").jsonPath();
        assertThat(ranked.getList("items.nodeId")).containsExactlyInAnyOrderElementsOf(members());
        assertThat(ranked.getList("items.enough")).isEqualTo(List.of(true, true, true, true, false));
        assertThat(ranked.getList("items.nodeId").indexOf(node)).isEqualTo(3);
        assertThat(ranked.getInt("items[0].ranks.best")).isEqualTo(1);
        assertThat(ranked.getInt("items[0].ranks.worst")).isEqualTo(3);
        assertThat(ranked.getInt("items[3].ranks.best")).isEqualTo(4);
        assertThat(given().get("/v1/scores?window=epoch&at=checkpoint:1063")
                        .jsonPath()
                        .getList("items.enough"))
                .isEqualTo(List.of(false, false, false, false, false));
        given().get("/v1/scores?at=checkpoint:1060").then().body("items", hasSize(0));
        given().get("/v1/scores?window=week").then().statusCode(400);
    }
}
