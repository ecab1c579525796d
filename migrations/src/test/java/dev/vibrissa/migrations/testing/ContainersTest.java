package dev.vibrissa.migrations.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** With the profile {@code containers} and an engine, all tests of the JVM run on the database of a container. */
@Tag("containers")
class ContainersTest {
    @Test
    void theDatabaseOfTheTestsIsInAContainer() throws Exception {
        assumeTrue(Boolean.getBoolean("vibrissa.test.containers"), "run without the profile containers");
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no container engine answers");
        assertThat(TestServer.get().kind()).isEqualTo("container");
        try (var database = TestDatabase.migrated()) {
            assertThat(TableRows.of(database.database(), "select count(*) from flyway_schema_history where success"))
                    .singleElement()
                    .isNotEqualTo("0");
        }
    }
}
