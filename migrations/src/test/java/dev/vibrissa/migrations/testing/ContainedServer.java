package dev.vibrissa.migrations.testing;

import dev.vibrissa.migrations.Database;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A PostgreSQL in a container. Apart from {@link TestServer}, because its library is on the class path with the profile
 * {@code containers} only.
 */
final class ContainedServer {
    /** Another image than the official one, such as one of a machine without a registry. */
    private static final String IMAGE = "VIBRISSA_TEST_IMAGE";

    private ContainedServer() {}

    /** Runs until the JVM ends; empty if no engine answers. */
    static Optional<Database> start(Map<String, String> env) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        var image =
                DockerImageName.parse(env.getOrDefault(IMAGE, "postgres:18")).asCompatibleSubstituteFor("postgres");
        var container = new PostgreSQLContainer(image)
                .withUsername("vibrissa")
                .withPassword("vibrissa")
                .withDatabaseName("vibrissa");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return Optional.of(new Database(container.getJdbcUrl(), container.getUsername(), container.getPassword()));
    }
}
