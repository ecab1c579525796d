package dev.vibrissa.migrations.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TestDatabaseTest {
    @Test
    void isMigratedAndApartFromOthers() throws Exception {
        try (var one = TestDatabase.migrated();
                var other = TestDatabase.migrated();
                var here = one.connect();
                var there = other.connect();
                var statement = here.createStatement();
                var elsewhere = there.createStatement()) {
            statement.execute("select count(*) from flyway_schema_history");
            statement.execute("create table mine (n integer)");
            assertThatThrownBy(() -> elsewhere.execute("select * from mine")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void isGoneAfterwardsEvenWithConnectionsOpen() throws Exception {
        var test = TestDatabase.empty();
        try (var connection = test.connect()) {
            test.close();
            assertThat(connection.isValid(5)).isFalse();
            assertThatThrownBy(test::connect).isInstanceOf(SQLException.class);
        }
    }
}
