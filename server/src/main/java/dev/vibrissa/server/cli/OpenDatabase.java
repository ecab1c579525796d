package dev.vibrissa.server.cli;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.EmbeddedPostgres;
import dev.vibrissa.migrations.EmbeddedPostgresConfig;
import dev.vibrissa.migrations.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The database of a command, migrated: the one that is configured, or the embedded one, stopped when closed. */
final class OpenDatabase implements AutoCloseable {
    private final Database database;
    private final Optional<EmbeddedPostgres> embedded;

    private OpenDatabase(Database database, Optional<EmbeddedPostgres> embedded) {
        this.database = database;
        this.embedded = embedded;
    }

    /** @param data where the embedded database lies, in the folder {@code postgres} */
    static OpenDatabase open(Settings settings, Path data) throws IOException {
        return migrated(asItIs(settings, data));
    }

    /** The same, not migrated. */
    static OpenDatabase asItIs(Settings settings, Path data) throws IOException {
        Optional<Database> configured = configured(settings);
        if (configured.isPresent()) {
            return new OpenDatabase(configured.get(), Optional.empty());
        }
        Files.createDirectories(data);
        var postgres = EmbeddedPostgres.start(data.resolve("postgres"), EmbeddedPostgresConfig.defaults());
        return new OpenDatabase(postgres.database(), Optional.of(postgres));
    }

    /** The same, or the embedded one of a process that is running, which lives on when this is closed. */
    static OpenDatabase besideOthers(Settings settings, Path data) throws IOException {
        Path postgres = data.resolve("postgres");
        if (configured(settings).isEmpty()) {
            Optional<Database> running = EmbeddedPostgres.running(postgres);
            if (running.isPresent()) {
                return new OpenDatabase(running.get(), Optional.empty());
            }
            if (!Files.isDirectory(postgres)) { // to make one would be of no use
                throw new CommandFailure(ExitCode.UNAVAILABLE, "there is no database in " + data);
            }
        }
        return asItIs(settings, data);
    }

    /**
     * One that other processes may be working on, with a schema of ours, which is made only where there is none: to
     * migrate it is for the roles. The embedded one of no running process is nobody's but ours, and migrated.
     */
    static OpenDatabase shared(Settings settings, Path data) throws IOException {
        Optional<Database> configured = configured(settings);
        Optional<Database> others =
                configured.isPresent() ? configured : EmbeddedPostgres.running(data.resolve("postgres"));
        if (others.isEmpty()) {
            return open(settings, data);
        }
        Schema.require(others.get());
        return new OpenDatabase(others.get(), Optional.empty());
    }

    private static Optional<Database> configured(Settings settings) {
        try {
            return Database.fromEnvironment(settings.asEnvironment());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "VIBRISSA_DB_URL: " + e.getMessage(), e);
        }
    }

    private static OpenDatabase migrated(OpenDatabase open) {
        boolean ready = false;
        try {
            Schema.migrate(open.database);
            ready = true;
            return open;
        } finally {
            if (!ready) {
                open.close();
            }
        }
    }

    Database database() {
        return database;
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedPostgres::close);
    }
}
