package dev.vibrissa.server.api;

import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.Rebuild;
import dev.vibrissa.indexer.fingerprint.EpochFingerprints;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.verifier.round.Auditor;
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
 * names, from the checkpoint {@code from} on if it is given. {@code blob-life} is audited, too. {@code damage} is SQL
 * that changes facts, from which money and stake are then folded again; {@code tokenPrices}
 * is a test resource.
 */
public final class IndexedScenario implements QuarkusTestResourceLifecycleManager {
    /** So few that a test can have all of them in use. */
    static final int CONNECTIONS = 10;

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
        try {
            if (isAudited()) {
                audit(created, folder);
            }
            index(created, folder, from == 0 ? List.of(folder) : files(folder, from, Long.MAX_VALUE));
            if (!damage.isEmpty()) {
                damage(created);
            }
            try (var db = created.connect()) {
                while (EpochFingerprints.step(db).isPresent()) {
                    // the epoch before
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("the scenario could not be indexed", e);
        }
        var settings = new HashMap<>(Map.of(
                "quarkus.datasource.jdbc.max-size", Integer.toString(CONNECTIONS),
                "quarkus.datasource.jdbc.url", created.database().jdbcUrl(),
                "quarkus.datasource.username", created.database().user(),
                "quarkus.datasource.password", created.database().password(),
                "vibrissa.api.audit-metrics-every", "0s",
                "vibrissa.api.admin-token", "open sesame",
                // Whoever asks from this machine is not counted; who is said to ask from elsewhere is.
                "vibrissa.api.limit.anonymous-per-minute", "30",
                "vibrissa.api.limit.key-per-minute", "60",
                "vibrissa.api.limit.anonymous-streams", "2"));
        if (!tokenPrices.isEmpty()) {
            settings.put(
                    "vibrissa.api.token-prices",
                    Path.of(System.getProperty("vibrissa.root"), "server/src/test/resources", tokenPrices)
                            .toString());
        }
        return settings;
    }

    private boolean isAudited() {
        return scenario.equals("blob-life") && damage.isEmpty() && from == 0;
    }

    /** The rounds of epoch 2, of which two are missed. */
    private void audit(TestDatabase created, Path folder) throws Exception {
        index(created, folder, files(folder, 1000, 1060));
        var audit = new FixedAudit(created.database());
        audit.step(Auditor.Step.FRAME);
        index(created, folder, files(folder, 1000, 1061));
        audit.step(Auditor.Step.ROUND);
        index(created, folder, files(folder, 1000, 1070));
        audit.step(Auditor.Step.ROUND);
    }

    private void index(TestDatabase created, Path folder, List<Path> files) throws Exception {
        try (var source = FileSource.of(files)) {
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
        }
    }

    private static List<Path> files(Path folder, long first, long last) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> number(file) >= first && number(file) <= last)
                    .sorted(Comparator.comparingLong(IndexedScenario::number))
                    .toList();
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
