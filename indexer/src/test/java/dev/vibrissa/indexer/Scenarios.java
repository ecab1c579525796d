package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Chains with known answers, and how they are indexed. */
public final class Scenarios {
    private Scenarios() {}

    static Path directory(String name) {
        return Path.of(System.getProperty("vibrissa.root"), "indexer", "src", "test", "resources", "scenarios", name);
    }

    static Path fixture(String name) {
        return Path.of(System.getProperty("vibrissa.root"), "indexer", "src", "test", "resources", "fixtures", name);
    }

    /** A file of the real chain, which is never part of the project and may be absent. */
    static Path realFixture(String name) {
        return Path.of(System.getProperty("vibrissa.shared"), "fixtures", "sui", name);
    }

    static TrustAnchor anchor(String scenario) {
        return TrustAnchor.parse(
                directory(scenario).resolve("trust-anchor.committee.bcs").toString());
    }

    static Ingest ingest(Database database, TrustAnchor anchor) {
        return new Ingest(
                database,
                WalrusNetwork.mainnet(),
                Optional.of("synthetic chain"),
                anchor,
                Ingest.Limits.ofThisMachine());
    }

    public static Ingest.Outcome ingest(Database database, String scenario) throws Exception {
        return ingest(database, anchor(scenario)).run(source(scenario), Progress.SILENT);
    }

    static CheckpointSource source(String scenario) {
        return FileSource.of(List.of(directory(scenario)));
    }

    /** Some checkpoints of a scenario, both ends included. */
    static CheckpointSource part(String scenario, long first, long last) {
        return FileSource.of(LongStream.rangeClosed(first, last)
                .mapToObj(number -> directory(scenario).resolve(number + ".binpb.zst"))
                .map(Path.class::cast)
                .toList());
    }
}
