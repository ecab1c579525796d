package dev.vibrissa.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.indexer.Rebuild;
import dev.vibrissa.indexer.project.Projection;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Folds one projection again; with a database of its own, beside a running server. */
@Command(
        name = "rebuild",
        sortOptions = false,
        description = "Fold one projection again from the stored facts, beside the live one, and put it in its place. "
                + "A running indexer goes on meanwhile.")
final class RebuildCommand implements Callable<Integer> {
    private final Settings settings;

    @Parameters(paramLabel = "PROJECTION", description = "blob, epoch, money, stake, governance, adoption or totals.")
    private String name = "";

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Option(names = "--json", description = "Print the outcome as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    RebuildCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        Projection projection = Projection.named(name)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.USAGE, "there is no projection '%s', but %s".formatted(name, Projection.names())));
        ConsoleLog.warnings(spec);
        var terminal = Terminal.of(spec);
        var data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
        try (var open = OpenDatabase.open(settings, data);
                var progress = ProgressDisplay.on("rebuild", terminal.err())) {
            var outcome = new Rebuild(open.database())
                    .run(projection, progress)
                    .orElseThrow(
                            () -> new CommandFailure(ExitCode.UNAVAILABLE, "nothing is indexed that could be folded"));
            terminal.out()
                    .println(
                            json
                                    ? new ObjectMapper()
                                            .writeValueAsString(Map.of(
                                                    "projection",
                                                    name,
                                                    "first",
                                                    outcome.first(),
                                                    "last",
                                                    outcome.last()))
                                    : "rebuilt %s from the facts of checkpoints %d to %d"
                                            .formatted(name, outcome.first(), outcome.last()));
            return ExitCode.OK.number();
        }
    }
}
