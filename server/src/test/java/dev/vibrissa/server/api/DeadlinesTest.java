package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request is over at its deadline, whatever the database does. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class DeadlinesTest {
    @Inject
    DataSource dataSource;

    /** What reads the table waits until the connection is closed. */
    private Connection holding(String table) throws Exception {
        Connection db = dataSource.getConnection();
        db.setAutoCommit(false);
        try (var statement = db.createStatement()) {
            statement.execute("lock table %s in access exclusive mode".formatted(table));
        }
        return db;
    }

    @Test
    void aStatementThatWaitsIsStoppedAtTheDeadlineOfItsRequest() throws Exception {
        Connection held = holding("epoch");
        try {
            long before = System.nanoTime();
            Response answer = given().header("Prefer", "wait=1").get("/v1/epochs");
            var took = Duration.ofNanos(System.nanoTime() - before);
            answer.then()
                    .statusCode(504)
                    .contentType(startsWith("application/problem+json"))
                    .header("Preference-Applied", equalTo("wait=1"))
                    .body("type", equalTo("urn:vibrissa:problem:took-too-long"))
                    .body("detail", containsString("the request has 1000 ms, of which "));
            assertThat(took).isBetween(Duration.ofMillis(900), Duration.ofMillis(2_500));
        } finally {
            held.rollback();
            held.close();
        }
        given().header("Prefer", "wait=1").get("/v1/epochs").then().statusCode(200);
    }

    /** An answer of many statements has one deadline, not one for each. */
    @Test
    void aLaterStatementHasWhatIsLeft() throws Exception {
        Connection held = holding("storage_pool");
        try {
            long before = System.nanoTime();
            given().header("Prefer", "wait=1")
                    .get("/v1/expiry")
                    .then()
                    .statusCode(504);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(2_500));
        } finally {
            held.rollback();
            held.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=5", "respond-async, wait=5", "wait=5; foo=1", "handling=lenient, WAIT=\"5\"", "wait = 5"})
    void whatIsPreferredIsFoundAmongOtherPreferences(String prefer) {
        given().header("Prefer", prefer)
                .get("/v1/epochs")
                .then()
                .statusCode(200)
                .header("Preference-Applied", equalTo("wait=5"));
    }

    /** More than the server gives, and what cannot be read, is passed over as RFC 7240 has it. */
    @ParameterizedTest
    @ValueSource(strings = {"wait=15", "wait=100000", "wait=0", "wait=-1", "wait=x", "wait", "await=5", "wait=99999999999"})
    void whatCannotBeGivenIsNotSaidToBe(String prefer) {
        given().header("Prefer", prefer)
                .get("/v1/epochs")
                .then()
                .statusCode(200)
                .header("Preference-Applied", (String) null);
    }
}
