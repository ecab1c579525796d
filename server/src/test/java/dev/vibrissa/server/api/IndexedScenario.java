package dev.vibrissa.server.api;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.Rebuild;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database with one of the chains that come with the program: {@code blob-life}, or the one that {@code scenario}
 * names, from the checkpoint {@code from} on if it is given. {@code damage} is SQL that changes facts, from which money and stake are then folded again; {@code tokenPrices}
 * is a test resource.
 */
public final class IndexedScenario implements QuarkusTestResourceLifecycleManager {
    private @Nullable TestDatabase database;
    private String scenario = "blob-life";
    private String damage = "";
    private String tokenPrices = "";
    private long from;

    @Override
    public void init(Map<String, String> arguments) {
        scenario = arguments.getOrDefault("scenario", scenario);
        damage = arguments.getOrDefault("damage", damage);
        tokenPrices = arguments.getOrDefault("tokenPrices", tokenPrices);
        from = Long.parseLong(arguments.getOrDefault("from", "0"));
    }

    @Override
    public Map<String, String> start() {
        var created = TestDatabase.migrated();
        database = created;
        Path folder = Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios", scenario);
        try (var source = source(folder)) {
            new Ingest(
                            created.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            from > 0
                                    ? new TrustAnchor.Unverified()
                                    : TrustAnchor.parse(folder.resolve("trust-anchor.committee.bcs")
                                            .toString()),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
            if (!damage.isEmpty()) {
                damage(created);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the scenario could not be indexed", e);
        }
        var settings = new HashMap<>(Map.of(
                "quarkus.datasource.jdbc.url", created.database().jdbcUrl(),
                "quarkus.datasource.username", created.database().user(),
                "quarkus.datasource.password", created.database().password()));
        if (!tokenPrices.isEmpty()) {
            settings.put(
                    "vibrissa.api.token-prices",
                    Path.of(System.getProperty("vibrissa.root"), "server/src/test/resources", tokenPrices)
                            .toString());
        }
        return settings;
    }

    private CheckpointSource source(Path folder) throws IOException {
        if (from == 0) {
            return FileSource.of(List.of(folder));
        }
        try (var files = Files.list(folder)) {
            return FileSource.of(files.filter(file -> number(file) >= from)
                    .sorted(Comparator.comparingLong(IndexedScenario::number))
                    .toList());
        }
    }

    /** Of the checkpoint in a file; -1 of other files. */
    private static long number(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".binpb.zst") ? Long.parseLong(name.substring(0, name.indexOf('.'))) : -1;
    }

    private void damage(TestDatabase created) throws Exception {
        try (var db = created.connect();
                var statement = db.createStatement()) {
            statement.execute(damage);
        }
        for (Projection projection : List.of(Projection.MONEY, Projection.STAKE)) {
            if (new Rebuild(created.database()).run(projection, Progress.SILENT).isEmpty()) {
                throw new IllegalStateException("nothing was folded again");
            }
        }
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
    }
}
