package dev.vibrissa.server.cli;

import dev.vibrissa.server.backup.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a database of what {@code backup} kept. */
@Command(
        name = "restore",
        sortOptions = false,
        description = "Fill an empty database from a folder that backup made; indexing then goes on where that ended.")
final class RestoreCommand implements Callable<Integer> {
    private final Settings settings;

    @Parameters(paramLabel = "FOLDER", description = "What backup made.")
    private Path folder = Path.of("");

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Spec
    private @Nullable CommandSpec spec;

    RestoreCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        ConsoleLog.warnings(spec);
        Network network = chain.network().orElse(Network.DEVNET);
        try (var open = OpenDatabase.asItIs(settings, chain.dataDirectory(network, settings))) {
            var manifest =
                    new Restore(open.database()).from(folder, chain.network().map(Network::toString));
            Terminal.of(spec)
                    .out()
                    .println("restored %d rows of %d tables as of %s%s"
                            .formatted(
                                    manifest.rows(),
                                    manifest.tables().size(),
                                    manifest.takenAt(),
                                    manifest.lastCheckpoint() == null
                                            ? ""
                                            : ", up to checkpoint " + manifest.lastCheckpoint()));
            return ExitCode.OK.number();
        }
    }
}
