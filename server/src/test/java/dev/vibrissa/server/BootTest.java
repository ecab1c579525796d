package dev.vibrissa.server;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.vibrissa.migrations.testing.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The application on a real, empty database. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(BootTest.Postgres.class)
class BootTest {
    @Test
    void isReady() {
        get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void hasMetrics() {
        get("/q/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }

    @Test
    void showsItsInterface() {
        get("/q/swagger-ui/").then().statusCode(200);
    }

    /** A database of this class. */
    public static final class Postgres implements QuarkusTestResourceLifecycleManager {
        private @Nullable TestDatabase open;

        @Override
        public Map<String, String> start() {
            open = TestDatabase.migrated();
            var database = open.database();
            return Map.of(
                    "quarkus.datasource.jdbc.url", database.jdbcUrl(),
                    "quarkus.datasource.username", database.user(),
                    "quarkus.datasource.password", database.password());
        }

        @Override
        public void stop() {
            if (open != null) {
                open.close();
            }
        }
    }
}
