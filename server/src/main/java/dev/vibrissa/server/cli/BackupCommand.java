package dev.vibrissa.server.cli;

import dev.vibrissa.server.backup.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps the database in a folder; beside a running server, too. */
@Command(
        name = "backup",
        sortOptions = false,
        description = "Write one moment of the whole database into a new folder, while whoever works on it goes on.")
final class BackupCommand implements Callable<Integer> {
    private final Settings settings;

    @Parameters(paramLabel = "FOLDER", description = "Made by this command.")
    private Path folder = Path.of("");

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Spec
    private @Nullable CommandSpec spec;

    BackupCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        ConsoleLog.warnings(spec);
        var data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
        try (var open = OpenDatabase.besideOthers(settings, data)) {
            var manifest = new Backup(open.database(), Clock.systemUTC()).to(folder);
            Terminal.of(spec)
                    .out()
                    .println("kept %d rows of %d tables, schema version %s, %s, in %s: %d bytes"
                            .formatted(
                                    manifest.rows(),
                                    manifest.tables().size(),
                                    manifest.schema(),
                                    manifest.lastCheckpoint() == null
                                            ? "nothing indexed"
                                            : "up to checkpoint " + manifest.lastCheckpoint(),
                                    folder,
                                    manifest.bytes()));
            return ExitCode.OK.number();
        }
    }
}
