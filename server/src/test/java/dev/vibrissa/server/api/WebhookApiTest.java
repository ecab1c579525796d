package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.vibrissa.api.key.ApiKeys;
import dev.vibrissa.changes.webhook.Deliveries;
import dev.vibrissa.changes.webhook.Webhook;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks as their owners handle them. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class WebhookApiTest {
    @Inject
    DataSource dataSource;

    private ApiKeys.NewKey newKey() throws Exception {
        try (var db = dataSource.getConnection()) {
            return ApiKeys.create(db, "somebody");
        }
    }

    private static String bearer(ApiKeys.NewKey key) {
        return "Bearer " + key.text();
    }

    @Test
    void aWebhookIsMadeListedRotatedReplayedAndDeletedByItsOwnerAlone() throws Exception {
        var mine = newKey();
        var other = newKey();
        String id = given().header("Authorization", bearer(mine))
                .contentType(ContentType.JSON)
                .body("""
                        {"url": "https://example.com/hook", "events": ["price_change", "node_leaving"]}
                        """)
                .post("/v1/webhooks")
                .then()
                .statusCode(200)
                .body("secret", startsWith("whsec_"))
                .body("webhook.events", equalTo(List.of("node_leaving", "price_change")))
                .extract()
                .path("webhook.webhookId");
        given().header("Authorization", bearer(mine))
                .get("/v1/webhooks")
                .then()
                .body("items", hasSize(1))
                .body("items[0].pausedUntil", nullValue());
        try (var db = dataSource.getConnection()) {
            Deliveries.pause(db, id, new Webhook.Pause(Instant.parse("2126-11-22T07:00:20Z"), 2, "status 500"));
        }
        given().header("Authorization", bearer(mine))
                .get("/v1/webhooks")
                .then()
                .body("items[0].pausedUntil", equalTo("2126-11-22T07:00:20Z"))
                .body("items[0].pauseReason", equalTo("status 500"))
                .body("items[0].failures", equalTo(2));
        given().header("Authorization", bearer(other))
                .get("/v1/webhooks")
                .then()
                .body("items", hasSize(0));
        given().header("Authorization", bearer(mine))
                .post("/v1/webhooks/" + id + "/secret")
                .then()
                .statusCode(200)
                .body("secret", startsWith("whsec_"));
        given().header("Authorization", bearer(mine))
                .post("/v1/webhooks/" + id + "/replay?after=0")
                .then()
                .statusCode(200)
                .body("after", equalTo("0"));
        given().header("Authorization", bearer(mine))
                .get("/v1/webhooks/" + id + "/deliveries?state=dead")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        given().header("Authorization", bearer(mine))
                .post("/v1/webhooks/" + id + "/redelivery")
                .then()
                .statusCode(200)
                .body("deliveries", equalTo(0));
        given().header("Authorization", bearer(other))
                .delete("/v1/webhooks/" + id)
                .then()
                .statusCode(404);
        given().header("Authorization", bearer(mine))
                .delete("/v1/webhooks/" + id)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
    }

    @Test
    void withoutAKeyThatCountsNothingIsSaid() throws Exception {
        var revoked = newKey();
        try (var db = dataSource.getConnection()) {
            assertThat(ApiKeys.revoke(db, revoked.id())).isTrue();
        }
        given().get("/v1/webhooks").then().statusCode(401);
        given().header("Authorization", "Bearer vib_x")
                .get("/v1/webhooks")
                .then()
                .statusCode(401);
        given().header("Authorization", bearer(revoked))
                .get("/v1/webhooks")
                .then()
                .statusCode(401);
    }

    @Test
    void whatCannotBeMeantIsRefused() throws Exception {
        var key = newKey();
        for (String body : List.of(
                "",
                "[]",
                "{\"url\": \"https://example.com\"}",
                "{\"url\": \"http://example.com\", \"events\": [\"price\"]}",
                "{\"url\": \"https://me:secret@example.com\", \"events\": [\"price\"]}",
                "{\"url\": \"https://example.com\", \"events\": [\"weather\"]}",
                "{\"url\": \"https://example.com\", \"events\": [\"expiry\"], \"epochs\": 2}",
                "{\"url\": \"https://example.com\", \"events\": [\"price\"], \"unknown\": 1}",
                "{\"url\": \"https://example.com\", \"events\": [\"score_drop\"], \"leastDrop\": 0}")) {
            given().header("Authorization", bearer(key))
                    .contentType(ContentType.JSON)
                    .body(body)
                    .post("/v1/webhooks")
                    .then()
                    .statusCode(400);
        }
    }
}
