package dev.vibrissa.server.api;

import dev.vibrissa.indexer.Backfill;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A database that began in the middle of {@code blob-life} and has half of the history before filled in. */
public final class HalfFilledScenario implements QuarkusTestResourceLifecycleManager {
    static final long BEGIN = 1071;
    static final long REACHED = 1040;
    static final long FIRST = 1000;
    private static final long LAST = 1143;
    private static final Path FOLDER =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");

    private static @Nullable TestDatabase database;

    @Override
    public Map<String, String> start() {
        var created = TestDatabase.migrated();
        database = created;
        try (var late = part(BEGIN, LAST);
                var all = part(FIRST, LAST)) {
            new Ingest(
                            created.database(),
                            WalrusNetwork.mainnet(),
                            Optional.of("synthetic chain"),
                            new TrustAnchor.Unverified(),
                            Ingest.Limits.ofThisMachine())
                    .run(late, Progress.SILENT);
            fill(all, (phase, checkpoint, _) -> {
                if (phase == Backfill.Phase.FILL && checkpoint <= REACHED) {
                    throw new Stop();
                }
            });
            throw new IllegalStateException("the backfill was not stopped");
        } catch (Stop _) {
            // as wanted
        } catch (Exception e) {
            throw new IllegalStateException("the scenario could not be indexed", e);
        }
        return Map.of(
                "quarkus.datasource.jdbc.url", created.database().jdbcUrl(),
                "quarkus.datasource.username", created.database().user(),
                "quarkus.datasource.password", created.database().password());
    }

    private static final class Stop extends RuntimeException {}

    /** Fills in the rest. */
    static void finish() throws Exception {
        try (var all = part(FIRST, LAST)) {
            fill(all, Backfill.Progress.SILENT);
        }
    }

    private static void fill(CheckpointSource source, Backfill.Progress progress) throws Exception {
        if (database == null) {
            throw new IllegalStateException("not started");
        }
        new Backfill(
                        database.database(),
                        WalrusNetwork.mainnet(),
                        Optional.of("synthetic chain"),
                        Ingest.Limits.ofThisMachine().withBatchOf(1),
                        TipPriority.ofNone())
                .run(source, FIRST, progress);
    }

    private static CheckpointSource part(long first, long last) {
        return FileSource.of(LongStream.rangeClosed(first, last)
                .mapToObj(number -> FOLDER.resolve(number + ".binpb.zst"))
                .toList());
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
    }
}
