package dev.vibrissa.server.cli;

import dev.vibrissa.server.export.Dataset;
import dev.vibrissa.server.export.Export;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes tables as Parquet, for those who ask other questions than the API answers. */
@Command(
        name = "export",
        sortOptions = false,
        description =
                "Write tables of one moment as Parquet files into an empty folder, with a manifest of their hashes. "
                        + "A running indexer goes on meanwhile.")
final class ExportCommand implements Callable<Integer> {
    private final Settings settings;

    @Parameters(paramLabel = "FOLDER", description = "Empty, or not there yet.")
    private Path folder = Path.of("");

    @Option(
            names = "--dataset",
            split = ",",
            paramLabel = "NAME",
            description = "Only these, such as blobs,payments; all without it.")
    private List<String> names = List.of();

    @Option(
            names = "--rows-per-file",
            paramLabel = "N",
            description = "Most rows of one file. Default: ${DEFAULT-VALUE}.",
            defaultValue = "2000000")
    private long rowsPerFile;

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Spec
    private @Nullable CommandSpec spec;

    ExportCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        if (rowsPerFile < 1) {
            throw new CommandFailure(ExitCode.USAGE, "--rows-per-file is 1 or more, not " + rowsPerFile);
        }
        List<Dataset> datasets = names.isEmpty()
                ? Dataset.ALL
                : names.stream().map(ExportCommand::dataset).toList();
        ConsoleLog.warnings(spec);
        var data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
        try (var open = OpenDatabase.shared(settings, data);
                Connection db = open.database().connect()) {
            db.setAutoCommit(false);
            db.setReadOnly(true);
            db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Export.Manifest written;
            try {
                written = new Export(db, folder, rowsPerFile).write(datasets);
            } catch (IllegalStateException nothing) {
                throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(nothing.getMessage()), nothing);
            }
            Terminal.of(spec)
                    .out()
                    .printf(
                            "wrote %d rows in %d files as of checkpoint %d to %s%n",
                            written.files().stream()
                                    .mapToLong(Export.ExportedFile::rows)
                                    .sum(),
                            written.files().size(),
                            written.checkpoint(),
                            folder);
            return ExitCode.OK.number();
        }
    }

    private static Dataset dataset(String name) {
        return Dataset.named(name)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE,
                        "there is no dataset '%s', but %s"
                                .formatted(
                                        name,
                                        Dataset.ALL.stream().map(Dataset::name).collect(Collectors.joining(", ")))));
    }
}
