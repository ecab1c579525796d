package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Facts that were changed behind our back: seven FROST more in one purchase, and one withdrawal never seen. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(
        value = IndexedScenario.class,
        initArgs = {@ResourceArg(name = "scenario", value = "busy"), @ResourceArg(name = "damage", value = """
                            update ring_change r set rewards_delta = rewards_delta + 7
                            from (select checkpoint, tx_index, first_epoch from payment
                              where source = 'user' and what = 'reserve_space' and epoch = 2
                              order by checkpoint, tx_index, ordinal limit 1) p
                            where r.checkpoint = p.checkpoint and r.tx_index = p.tx_index and r.first_epoch = p.first_epoch;
                            delete from object_change c using (
                              select object_id, checkpoint from stake_operation
                              where kind = 'withdraw' and rewards > 0 order by checkpoint limit 1) w
                            where c.object_id = w.object_id and c.checkpoint = w.checkpoint;
                            insert into event_blob_audit (blob_id, last_checkpoint, outcome, detail, first_checkpoint, walrus_epoch,
                              events, missing, compared_from, audited_at)
                            select decode(repeat('ab', 32), 'hex'), e.checkpoint + 1, 'differs', '', e.checkpoint, 1, 3, 1,
                              e.checkpoint, now() from event e order by e.checkpoint limit 1;
                            insert into event_blob_difference
                            select decode(repeat('ab', 32), 'hex'), 0, 'missing', checkpoint, 5, tx_digest, walrus_ordinal, 'theirs', null
                            from event order by checkpoint limit 1
                            """)})
class ReconciliationApiTest {
    @Test
    void aDamagedTotalIsARowAndAMetric() {
        var mismatches = counted("/v1/reconciliation?mismatch=true&limit=1000");
        assertThat(mismatches).containsKeys("payments", "wal", "accounts", "rewards_pool");
        assertThat(metrics()).isEqualTo(mismatches);
        assertThat(given().get("/v1/reconciliation?mismatch=true&what=payments")
                        .jsonPath()
                        .getList("items.residual"))
                .containsExactly("7");
    }

    @Test
    void whatAnEventBlobHasAndWeHaveNotIsARowToo() {
        var file = given().get("/v1/reconciliation?what=event_blob").jsonPath();
        assertThat(file.getList("items.expected")).containsExactly("3");
        assertThat(file.getList("items.residual")).containsExactly("1");
        var event = given().get("/v1/reconciliation?what=event_missing&mismatch=true")
                .jsonPath();
        assertThat(event.getList("items.residual")).containsExactly("1");
        assertThat(given().get("/v1/event-blobs").jsonPath().getList("items.outcome"))
                .containsExactly("differs");
        assertThat(given().get("/v1/event-blobs/differences").jsonPath().getList("items.tx"))
                .isEqualTo(event.getList("items.tx"));
        assertThat(given().get("/q/metrics").asString())
                .contains("vibrissa_event_blob_audits{outcome=\"differs\"} 1.0");
    }

    @Test
    void candidatesNameWhoAttested() {
        List<Map<String, Object>> candidates =
                given().get("/v1/event-blobs/candidates?limit=1000").jsonPath().getList("items");
        assertThat(candidates)
                .isNotEmpty()
                .allSatisfy(each -> assertThat((List<?>) each.get("nodeIds")).isNotEmpty());
        var page = given().get("/v1/event-blobs/candidates?limit=1").jsonPath();
        assertThat(page.getList("items")).isEqualTo(candidates.subList(0, 1));
        assertThat(given().get("/v1/event-blobs/candidates?limit=1&cursor=" + page.getString("next"))
                        .jsonPath()
                        .getList("items"))
                .isEqualTo(candidates.subList(1, 2));
    }

    @Test
    void whatAgreesIsShownToo() {
        var all = counted("/v1/reconciliation?limit=1000");
        assertThat(all)
                .containsKeys(
                        "rewards",
                        "burn",
                        "used_capacity",
                        "reserved_capacity",
                        "total_capacity",
                        "supply",
                        "node_reward",
                        "pool_stake",
                        "pool_shares",
                        "pending_stake",
                        "withdrawal");
        given().get("/v1/reconciliation?what=nothing").then().statusCode(400);
    }

    @Test
    void pagesAddUpToTheList() {
        List<Map<String, Object>> whole =
                given().get("/v1/reconciliation?limit=1000").jsonPath().getList("items");
        var paged = new ArrayList<Map<String, Object>>();
        String next = "";
        while (next != null) {
            var page = given().get("/v1/reconciliation?limit=37" + next).jsonPath();
            paged.addAll(page.getList("items"));
            next = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
        }
        assertThat(paged.subList(0, whole.size())).isEqualTo(whole);
    }

    private static Map<String, Long> counted(String path) {
        List<String> checks = given().get(path).jsonPath().getList("items.what");
        return checks.stream().collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting()));
    }

    /** The gauges that are not zero. */
    private static Map<String, Long> metrics() {
        var counts = new TreeMap<String, Long>();
        given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("vibrissa_reconciliation_mismatches{"))
                .forEach(line -> {
                    String check = line.substring(line.indexOf("check=\"") + 7);
                    double count = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                    if (count != 0) {
                        counts.put(check.substring(0, check.indexOf('"')), (long) count);
                    }
                });
        return counts;
    }
}
