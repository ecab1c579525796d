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
        Optional<Database> configured;
        try {
            configured = Database.fromEnvironment(settings.asEnvironment());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "VIBRISSA_DB_URL: " + e.getMessage(), e);
        }
        if (configured.isPresent()) {
            return migrated(new OpenDatabase(configured.get(), Optional.empty()));
        }
        Files.createDirectories(data);
        var postgres = EmbeddedPostgres.start(data.resolve("postgres"), EmbeddedPostgresConfig.defaults());
        return migrated(new OpenDatabase(postgres.database(), Optional.of(postgres)));
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
