package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
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
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.methodology.WeightedShare;
import dev.vibrissa.protocol.methodology.Wilson;
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
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What strangers and operators read about audits, of the chain {@code blob-life} and {@link FixedAudit}. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class AuditApiTest {
    private static final String NODES = "/v1/operators/";
    /** When checkpoint 1072 was made. */
    private static final String LATER = "2026-06-15T01:09:06.100Z";

    /** Key of a second vantage. */
    private static final String THERE = "07".repeat(32);

    @Inject
    DataSource dataSource;

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
            // Another vantage may have made the frame: the line is that of the log that the round stands in.
            try (var _ = rows(
                            "update frame set log_sequence = -1 - log_sequence",
                            "update frame set log_sequence = -1 - log_sequence");
                    var db = dataSource.getConnection()) {
                String[] parts = id.split("-");
                assertThat(text("/v1/rounds/" + id + "/replay"))
                        .as("as replay --out writes it")
                        .isEqualTo(AuditJson.text(ReplayBundle.of(
                                db, Bytes.parseHex(parts[2]), Long.parseLong(parts[0]), Long.parseLong(parts[1]))));
            }
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
                        .isCloseTo(bound, within(1e-4)));
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
    void metricsTellOfEachStage() throws SQLException {
        String metrics = given().get("/q/metrics").asString();
        assertThat(metrics)
                .contains("vibrissa_audit_frames 1.0", "vibrissa_audit_rounds{state=\"done\"} 2.0")
                .contains("vibrissa_audit_rounds{state=\"missed\"} 2.0", "vibrissa_audit_waves 39.0")
                .contains("vibrissa_audit_draws 1560.0", "vibrissa_audit_asked 1560.0")
                .contains("vibrissa_audit_probes{verdict=\"missing\"} 31.0", "vibrissa_audit_log_unsigned 1.0")
                .contains("vibrissa_audit_findings{blame=\"NODE\"} 0.0")
                .contains("vibrissa_audit_scores{state=\"ranked\"} 4.0", "vibrissa_audit_scores{state=\"too-few\"} 1.0")
                .contains("vibrissa_audit_score_age_seconds", "vibrissa_audit_contradictions 0.0")
                .contains("vibrissa_audit_log_entries", "vibrissa_audit_round_age_seconds");
        // What a second vantage was told is another sample of the same, and not more of it.
        try (var _ = rows("""
                insert into node_hour (prover, node_id, hour, walrus_epoch, depth, verdict, blame, counts, maintained, probes,
                  weight, weight_squares, bytes, latency, latency_per_mib)
                select '\\x%s', node_id, hour, walrus_epoch, depth, verdict, blame, counts, maintained, probes, weight,
                  weight_squares, bytes, latency, latency_per_mib
                from node_hour
                """.formatted(THERE), "delete from node_hour where prover = '\\x%s'".formatted(THERE))) {
            assertThat(given().get("/q/metrics").asString())
                    .contains("vibrissa_audit_probes{verdict=\"missing\"} 31.0");
        }
        try (var _ = rows(
                "update node_hour set probes = probes + 7 where verdict = 'missing'",
                "update node_hour set probes = probes - 7 where verdict = 'missing'")) {
            assertThat(given().get("/q/metrics").asString())
                    .containsPattern("vibrissa_audit_probes\\{verdict=\"missing\"} (?!31\\.0)");
        }
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

    @Test
    void whatAQuorumFoundIsShownFromThenOn() throws SQLException {
        String node = members().get(1);
        String failures = NODES + node + "/failures?limit=1000&round=2-0";
        String probe = given().get(failures).jsonPath().getString("items[0].probe.probeId");
        given().get(failures + "&blame=node").then().body("items", hasSize(0));
        given().get("/v1/probes/" + probe).then().body("probe.quorum", nullValue());
        try (var _ = rows("""
                insert into quorum_finding (prover, log_sequence, probe_id, walrus_epoch, round, node_id, blame, vantages, found_at)
                select prover, -1, probe_id, walrus_epoch, round, node_id, 'NODE', 3, '%s' from probe where probe_id = '\\x%s'
                """.formatted(LATER, probe), "delete from quorum_finding")) {
            given().get(failures + "&blame=node")
                    .then()
                    .body("items", hasSize(1))
                    .body("items[0].probe.probeId", is(probe))
                    .body("items[0].probe.blame", is("NODE_OR_NETWORK"))
                    .body("items[0].probe.quorum.blame", is("NODE"))
                    .body("items[0].probe.quorum.vantages", is(3))
                    .body("items[0].probe.quorum.foundAt", is(LATER));
            assertThat(count("/v1/probes?limit=1000&blame=node-or-network&round=2-0"))
                    .isEqualTo(given().get(failures).jsonPath().getList("items").size());
            given().get(failures + "&blame=network").then().body("items", hasSize(0));
            List<Map<String, Object>> silent = given().get("/v1/rounds/2-0")
                    .jsonPath()
                    .getList("counts.findAll { it.ownBlame == 'NODE_OR_NETWORK' && it.blame == 'NODE' }");
            assertThat(silent)
                    .singleElement()
                    .satisfies(each -> assertThat(each)
                            .containsEntry("probes", 1)
                            .containsEntry("countsAlone", false)
                            .containsEntry("counts", !"CLAIM".equals(each.get("depth"))));
            assertThat(given().get("/v1/rounds/2-0?at=checkpoint:1071")
                            .jsonPath()
                            .getList("counts.findAll { it.ownBlame != it.blame }"))
                    .isEmpty();
            given().get("/v1/probes/" + probe + "?at=checkpoint:1072").then().body("probe.quorum.blame", is("NODE"));
            given().get("/v1/probes/" + probe + "?at=checkpoint:1071").then().body("probe.quorum", nullValue());
            given().get(failures + "&blame=node&at=checkpoint:1071").then().body("items", hasSize(0));
        }
    }

    @Test
    void aFailureThatTheNodesOwnWordContradictsIsMarked() throws SQLException {
        String probe = given().get("/v1/probes?limit=1&blame=node&round=2-0")
                .jsonPath()
                .getString("items[0].probeId");
        given().get("/v1/probes/" + probe).then().body("probe.contradicted", is(false));
        try (var _ = rows("""
                insert into contradiction (prover, log_sequence, walrus_epoch, node_id, blob_id, failed_probe, found_at)
                select prover, -1, walrus_epoch, node_id, blob_id, probe_id, '%s' from probe where probe_id = '\\x%s'
                """.formatted(LATER, probe), "delete from contradiction")) {
            given().get("/v1/probes/" + probe).then().body("probe.contradicted", is(true));
            given().get("/v1/probes/" + probe + "?at=checkpoint:1071").then().body("probe.contradicted", is(false));
        }
    }

    /** Which asked the same of the nodes of a blob, a moment later, and was served nothing. */
    private Rows secondVantage(String blob) throws SQLException {
        return rows("""
                insert into prover (prover, name, admitted_at) values ('\\x%1$s', 'there', now());
                insert into log_head values ('\\x%1$s', 9999, '\\x%1$s', 0, '%2$s');
                insert into log_entry
                  select '\\x%1$s', l.sequence, l.hash, l.at, l.kind, l.line
                  from probe p join log_entry l on l.prover = p.prover and l.sequence = p.log_sequence
                  where p.blob_id = '\\x%3$s';
                insert into probe
                  select substring(sha256(probe_id) for 16), walrus_epoch, round, member, depth, ordinal, '\\x%1$s', node_id,
                    blob_id, shard, asked_at + interval '1 ms', wave, 'missing', 'NODE', counts, said, attempts, millis,
                    body_bytes, inclusion, weight, log_sequence
                  from probe where blob_id = '\\x%3$s';
                insert into dossier
                  select node_id, walrus_epoch, '\\x%1$s', made_at + interval '1 hour', failures, contradictions, '{"of":"there"}'
                  from dossier
                """.formatted(THERE, LATER, blob), """
                delete from dossier where prover = '\\x%1$s';
                delete from probe where prover = '\\x%1$s';
                delete from log_entry where prover = '\\x%1$s';
                delete from log_head where prover = '\\x%1$s';
                update prover set revoked_at = null;
                delete from prover where prover = '\\x%1$s'
                """.formatted(THERE));
    }

    @Test
    void theVantageThatLeadsIsBelievedUnlessAnotherIsAskedFor() throws SQLException {
        String here = given().get("/v1/provers").jsonPath().getString("items[0].prover");
        var probe = given().get("/v1/probes?limit=1&blame=node").jsonPath();
        String blob = probe.getString("items[0].blobId");
        String dossier = NODES + probe.getString("items[0].nodeId") + "/dossier";
        String availability = "/v1/blobs/" + blob + "/availability?limit=1000";
        var alone = given().get(availability).jsonPath().getList("items");
        String hex = HexFormat.of().formatHex(Base64.getUrlDecoder().decode(blob));
        try (var _ = secondVantage(hex)) {
            assertThat(given().get(availability).jsonPath().getList("items")).isEqualTo(alone);
            given().get(availability + "&prover=" + THERE)
                    .then()
                    .body("items", hasSize(alone.size()))
                    .body("items.proven", everyItem(is(0)))
                    .body("items.lastVerdict", everyItem(is("missing")));
            assertThat(given().get("/v1/probes?limit=1000&blobId=" + blob)
                            .jsonPath()
                            .getList("items.prover"))
                    .contains(here, THERE);
            given().get(dossier).then().body("prover", is(here));
            given().get(dossier + "?prover=" + THERE).then().body("of", is("there"));
            var provers = given().get("/v1/provers");
            assertThat(provers.jsonPath().getList("items.prover")).isEqualTo(List.of(here, THERE));
            assertThat(provers.jsonPath().getList("items.revokedAt")).containsOnlyNulls();
            try (var _ = rows("update prover set revoked_at = '%s' where name = 'here'".formatted(LATER), "")) {
                given().header("If-None-Match", provers.header("ETag"))
                        .get("/v1/provers")
                        .then()
                        .statusCode(200)
                        .body("items[0].revokedAt", is(LATER));
                given().get(dossier).then().body("of", is("there"));
            }
        }
        given().get(availability + "&prover=07").then().statusCode(400).body("field", equalTo("prover"));
    }

    @Test
    void aPastMomentShowsARoundAsFarAsItHadCome() {
        given().get("/v1/rounds?at=checkpoint:1062")
                .then()
                .body("items", hasSize(1))
                .body("items[0].state", is("running"))
                .body("items[0].endedAt", nullValue())
                .body("items[0].draws", is(0))
                .body("items[0].asked", is(0));
        assertThat(count("/v1/rounds?at=checkpoint:1062&state=running")).isOne();
        assertThat(count("/v1/rounds?at=checkpoint:1062&state=done")).isZero();
        assertThat(count("/v1/rounds?at=checkpoint:1069")).isOne();
        assertThat(given().get("/v1/rounds?at=checkpoint:1070").jsonPath().getList("items.state"))
                .isEqualTo(List.of("running", "missed", "missed", "done"));
        given().get("/v1/rounds/2-1?at=checkpoint:1069").then().statusCode(404);
        given().get("/v1/rounds/2-0?at=checkpoint:1060").then().statusCode(404);
        var round = given().get("/v1/rounds/2-0?at=checkpoint:1062").jsonPath();
        assertThat(round.getString("round.state")).isEqualTo("running");
        assertThat(round.getString("evidence.root")).isNull();
        // A wave every 10 ms, and 250 ms from one checkpoint to the next: 25 of 39.
        assertThat(round.getList("counts.probes", Integer.class).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(500);
    }

    @Test
    void aPastMomentShowsProbesThatWereJudgedByThen() {
        assertThat(count("/v1/probes?limit=1000&at=checkpoint:1061")).isZero();
        var then = given().get("/v1/probes?limit=1000&at=checkpoint:1062").jsonPath();
        assertThat(then.getList("items.wave", Integer.class))
                .hasSize(500)
                .allSatisfy(wave -> assertThat(wave).isLessThan(25));
        String node = members().getFirst();
        String failures = NODES + node + "/failures?limit=1000&round=2-0";
        assertThat(count(failures + "&at=checkpoint:1062")).isPositive().isLessThan(count(failures));
        String early = then.getString("items[0].probeId");
        given().get("/v1/probes/" + early + "?at=checkpoint:1062")
                .then()
                .statusCode(200)
                .body("evidence.entry.kind", is("PROBE"))
                .body("evidence.root", nullValue());
        given().get("/v1/probes/" + early + "?at=checkpoint:1061").then().statusCode(404);
        String blob = then.getString("items.find { it.depth == 'SLIVER' }.blobId");
        assertThat(proven(blob, "&at=checkpoint:1061")).isZero();
        assertThat(proven(blob, "&at=checkpoint:1062")).isPositive().isLessThan(proven(blob, "&at=checkpoint:1063"));
    }

    private static int proven(String blob, String at) {
        return given()
                .get("/v1/blobs/" + blob + "/availability?limit=1000" + at)
                .jsonPath()
                .getList("items.proven", Integer.class)
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void aPastMomentHasNothingOfWhatWasMadeLater() {
        String node = members().getFirst();
        given().get("/v1/frames/2?at=checkpoint:1059").then().statusCode(404);
        given().get("/v1/frames/2?at=checkpoint:1060").then().statusCode(200);
        given().get(NODES + node + "/dossier?at=checkpoint:1063")
                .then()
                .statusCode(404)
                .body("detail", startsWith("only the newest case against node"));
        given().get(NODES + node + "/dossier?at=checkpoint:1072").then().statusCode(200);
        // The hour in which all was asked was not over yet.
        assertThat(count(NODES + node + "/latency?at=checkpoint:1073")).isZero();
        assertThat(count(NODES + node + "/latency?at=checkpoint:1142"))
                .isEqualTo(count(NODES + node + "/latency"))
                .isPositive();
    }

    @Test
    void plansAreMadeForWhatIsAskedForAndForOneProcess() throws SQLException {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement();
                var row = statement.executeQuery(
                        "select current_setting('plan_cache_mode'), current_setting('max_parallel_workers_per_gather')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("force_custom_plan");
            assertThat(row.getInt(2)).isZero();
        }
    }

    @Test
    void aScoreSaysHowPunctualAnOperatorIsByTheChain() {
        String node = NODES + members().getFirst();
        for (String at : List.of("", "?at=checkpoint:1063")) {
            var score = given().get(node + "/score" + at).jsonPath();
            var duties = given().get(node + at).jsonPath();
            for (String each : List.of("epochs", "reported", "medianDelayMillis")) {
                assertThat(score.<Object>get("punctuality." + each)).isEqualTo(duties.get("duties." + each));
            }
        }
        assertThat(given().get(node + "/score").jsonPath().getInt("punctuality.reported"))
                .isGreaterThan(given().get(node + "/score?at=checkpoint:1063")
                        .jsonPath()
                        .getInt("punctuality.reported"));
    }

    @Test
    void whatTheNetworkWouldServeIsWeighedByShards() {
        var scores = given().get("/v1/scores?window=epoch").jsonPath();
        List<Integer> shards = scores.getList("items.weight", Integer.class);
        List<Double> weighted = scores.getList("items.weighted", Double.class);
        double sum = 0;
        for (int i = 0; i < shards.size(); i++) {
            sum += shards.get(i) * weighted.get(i);
        }
        int all = shards.stream().mapToInt(Integer::intValue).sum();
        var network = given().get("/v1/availability?window=epoch&epoch=2").jsonPath();
        assertThat(network.getDouble("weighted"))
                .isCloseTo(sum / all, within(2e-6))
                .isLessThan(1);
        assertThat(network.getDouble("low")).isPositive().isLessThan(network.getDouble("weighted"));
        assertThat(network.getDouble("high")).isGreaterThan(network.getDouble("weighted"));
        var parts = new ArrayList<WeightedShare.Part>();
        for (int i = 0; i < shards.size(); i++) {
            var score = given().get(NODES + scores.getString("items[%d].nodeId".formatted(i)) + "/score?epoch=2")
                    .jsonPath();
            parts.add(new WeightedShare.Part(
                    shards.get(i),
                    new WeightedShare(
                            score.getDouble("windows[0].score.weighted"),
                            score.getDouble("windows[0].score.weightedError"),
                            score.getDouble("windows[0].score.weightedN"))));
        }
        Wilson interval = WeightedShare.together(parts).interval();
        assertThat(network.getDouble("low")).isCloseTo(interval.low(), within(2e-6));
        assertThat(network.getDouble("high")).isCloseTo(interval.high(), within(2e-6));
        assertThat(network.getInt("members")).isEqualTo(5);
        assertThat(network.getInt("measured")).isEqualTo(5);
        int served = scores.getList("items.served", Integer.class).stream()
                .mapToInt(Integer::intValue)
                .sum();
        int failed = network.getInt("failed");
        assertThat(network.getInt("served")).isEqualTo(served);
        assertThat(network.getDouble("estimate")).isCloseTo((double) served / (served + failed), within(2e-6));
        given().get("/v1/availability").then().body("window", is("30d")).body("epoch", is(2));
        assertThat(given().get("/v1/availability?window=epoch&at=checkpoint:1063")
                        .jsonPath()
                        .getInt("served"))
                .isPositive()
                .isLessThan(served);
        given().get("/v1/availability?epoch=7").then().body("measured", is(0)).body("weighted", nullValue());
        given().get("/v1/availability?at=checkpoint:1060").then().statusCode(404);
    }

    /** Stand in the database for as long as they are open. */
    private interface Rows extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    private Rows rows(String insert, String delete) throws SQLException {
        run(insert);
        return () -> run(delete);
    }

    private void run(String sql) throws SQLException {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
