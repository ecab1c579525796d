package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.not;

import dev.vibrissa.api.sql.Snapshots;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What answers say while history is filled in behind, and after. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(HalfFilledScenario.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HistoryTest {
    private static final List<String> PROJECTIONS =
            List.of("adoption", "blob", "epoch", "governance", "money", "stake", "totals");

    /** Registered in checkpoint 1011. */
    private static final String BLOB = "/v1/blobs/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc";

    @Inject
    Snapshots snapshots;

    @Inject
    DataSource dataSource;

    @Test
    @Order(1)
    void untilAllIsThereAnswersBeginWhereTheyBegan() {
        given().get("/v1/network")
                .then()
                .statusCode(200)
                .body("asOf.history", equalTo("partial"))
                .body("asOf.firstCheckpoint", equalTo(1071))
                .body("checkpoints.first", equalTo(1040))
                .body("checkpoints.count", equalTo(104))
                .body("history.complete", equalTo(false))
                .body("history.startedFrom", equalTo("checkpoint"))
                .body("history.answeredFrom", equalTo(1071))
                .body("history.projections.name", equalTo(PROJECTIONS))
                .body("history.projections.firstCheckpoint", everyItem(in(List.of(1071, 1040))))
                .body("history.projections.find { it.name == 'totals' }.firstCheckpoint", equalTo(1040))
                .body("history.projections.lastCheckpoint", everyItem(equalTo(1143)))
                .body(
                        "history.verification",
                        equalTo(List.of(
                                Map.of("firstCheckpoint", 1040, "lastCheckpoint", 1143, "verified", "unverified"))))
                .body("history.backfill.state", equalTo("filling"))
                .body("history.backfill.goal", equalTo(1000))
                .body("history.backfill.reached", equalTo(1040))
                .body("history.backfill.remaining", equalTo(40));
    }

    @Test
    @Order(2)
    void aCheckpointBetweenFactsAndAnswersIsRefusedWithTheReason() {
        for (String at : List.of("checkpoint:1050", "checkpoint:1070", "epoch:1")) {
            given().get(BLOB + "?at=" + at)
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("urn:vibrissa:problem:not-indexed"))
                    .body("detail", containsString("indexed are checkpoints 1071 to 1143"))
                    .body("detail", containsString("being filled in, down to checkpoint 1040"));
        }
        given().get("/v1/checkpoints/1050").then().statusCode(404);
        given().get("/v1/checkpoints/1071").then().statusCode(200);
        List<Integer> checkpoints = given().get("/v1/events?limit=1000").path("items.checkpoint");
        assertThat(checkpoints).isNotEmpty().allMatch(checkpoint -> checkpoint >= 1071);
    }

    @Test
    @Order(3)
    void aPastOfAPartialHistoryMayNotBeKept() {
        given().get(BLOB + "?at=checkpoint:1100")
                .then()
                .statusCode(200)
                .body("asOf.history", equalTo("partial"))
                .header("Cache-Control", not(containsString("immutable")));
    }

    /** Else tables folded again could take the place of others between two looks of one request. */
    @Test
    @Order(3)
    void aRequestHoldsTheWatermarksFromBeforeItsSnapshotOn() {
        long locks = snapshots.<Long>read(db -> db.one("""
                select count(*) as locks from pg_locks where relation = 'public.watermark'::regclass
                  and mode = 'AccessShareLock' and pid = pg_backend_pid()
                """, row -> row.number("locks")));
        assertThat(locks).isEqualTo(1);
    }

    @Test
    @Order(3)
    void progressShowsAlsoWhereTheTipStandsStill() throws Exception {
        var tag = given().get("/v1/network").header("ETag");
        given().header("If-None-Match", tag).get("/v1/network").then().statusCode(304);
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            statement.execute("update backfill set updated_at = clock_timestamp()"); // as with each step of a backfill
        }
        given().header("If-None-Match", tag).get("/v1/network").then().statusCode(200);
    }

    @Test
    @Order(4)
    void thenEverythingShowsAtOnce() throws Exception {
        var before = given().get(BLOB + "?at=checkpoint:1100").header("ETag");
        HalfFilledScenario.finish();
        given().get("/v1/network")
                .then()
                .body("asOf.history", equalTo("complete"))
                .body("asOf.firstCheckpoint", equalTo(1000))
                .body("history.complete", equalTo(true))
                .body("history.startedFrom", equalTo("genesis"))
                .body("history.projections.firstCheckpoint", everyItem(equalTo(1000)))
                .body("history.backfill.state", equalTo("done"))
                .body("transactions.total", equalTo(147));
        given().header("If-None-Match", before)
                .get(BLOB + "?at=checkpoint:1100")
                .then()
                .statusCode(200)
                .body("asOf.history", equalTo("complete"));
        given().get(BLOB + "?at=checkpoint:1050").then().statusCode(200);
        given().get(BLOB + "/objects").then().body("items[0].origin", equalTo("registered"));
    }
}
