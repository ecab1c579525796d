package dev.vibrissa.server.api;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database with one of the chains that come with the program: {@code blob-life}, or the one that {@code scenario} names. */
public final class IndexedScenario implements QuarkusTestResourceLifecycleManager {
    private @Nullable TestDatabase database;
    private String scenario = "blob-life";

    @Override
    public void init(Map<String, String> arguments) {
        scenario = arguments.getOrDefault("scenario", scenario);
    }

    @Override
    public Map<String, String> start() {
        var created = TestDatabase.migrated();
        database = created;
        Path folder = Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios", scenario);
        try (var source = FileSource.of(List.of(folder))) {
            new Ingest(
                            created.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            TrustAnchor.parse(
                                    folder.resolve("trust-anchor.committee.bcs").toString()),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
        } catch (Exception e) {
            throw new IllegalStateException("the scenario could not be indexed", e);
        }
        return Map.of(
                "quarkus.datasource.jdbc.url", created.database().jdbcUrl(),
                "quarkus.datasource.username", created.database().user(),
                "quarkus.datasource.password", created.database().password());
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
    }
}
