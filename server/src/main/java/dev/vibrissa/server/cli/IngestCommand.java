package dev.vibrissa.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.indexer.Backfill;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.TipPriority;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Indexes what is there and ends. */
@Command(
        name = "ingest",
        sortOptions = false,
        description =
                "Index checkpoint files, folders of them, or what full nodes and checkpoint stores have, then exit.")
final class IngestCommand implements Callable<Integer> {
    private final Settings settings;

    @Parameters(
            paramLabel = "PATH|URL",
            arity = "1..*",
            converter = Source.Converter.class,
            description = "Files and folders (.binpb.zst, .binpb, .chk), or addresses of full "
                    + "nodes (grpc://, grpcs://) and checkpoint stores (http://, https://).")
    private List<Source> sources = List.of();

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Mixin
    private StoreRange range = new StoreRange();

    @Option(names = "--json", description = "Print the outcome as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    IngestCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        Network network = chain.network()
                .orElseThrow(() ->
                        new CommandFailure(ExitCode.USAGE, "ingest needs --network: one database holds one chain"));
        ConsoleLog.warnings(spec);
        var terminal = Terminal.of(spec);
        var outcome = index(network, terminal);
        terminal.out().println(json ? new ObjectMapper().writeValueAsString(outcome) : sentence(outcome));
        if (chain.trust() instanceof TrustAnchor.Unverified) {
            terminal.err()
                    .println("vibrissa: certificates were not checked, and every answer says so; to check them, pin a "
                            + "committee file or the digest of an end-of-epoch checkpoint with --trust.");
            return ExitCode.OK.number();
        }
        return anchored(terminal, outcome);
    }

    /** An anchor that nothing was held against protects nobody: said, and no success. */
    private int anchored(Terminal terminal, Ingest.Outcome outcome) {
        if (outcome.anchored() || outcome.checkpoints() == 0) {
            return ExitCode.OK.number();
        }
        terminal.err()
                .println(
                        "vibrissa: nothing in checkpoints %d to %d leads to the anchor of --trust: they stay unverified"
                                .formatted(outcome.first(), outcome.last()));
        return ExitCode.CHECK_FAILED.number();
    }

    private Ingest.Outcome index(Network network, Terminal terminal)
            throws IOException, SQLException, InterruptedException {
        try (CheckpointSource source =
                        range.bounded(sources, chain.walrus(network).chain());
                var open = OpenDatabase.open(settings, chain.dataDirectory(network, settings));
                var progress = ProgressDisplay.on("ingest", terminal.err())) {
            var limits = Ingest.Limits.ofThisMachine();
            var walrus = chain.walrus(network);
            var outcome =
                    new Ingest(open.database(), walrus, chain.label(), chain.trust(), limits).run(source, progress);
            fillIn(
                    new Backfill(open.database(), walrus, chain.label(), limits, TipPriority.ofNone()),
                    source,
                    terminal);
            return outcome;
        }
    }

    /** History before the first checkpoint that is indexed. */
    private void fillIn(Backfill backfill, CheckpointSource source, Terminal terminal)
            throws SQLException, InterruptedException {
        var goal = range.historyFrom(source);
        if (goal.isEmpty()) {
            return;
        }
        var outcome = backfill.run(source, goal.get(), Backfill.Progress.SILENT);
        if (outcome.isPresent() && outcome.get().checkpoints() > 0) {
            terminal.err()
                    .println("vibrissa: %d earlier checkpoints filled in, from %d on"
                            .formatted(
                                    outcome.get().checkpoints(), outcome.get().first()));
        }
    }

    private static String sentence(Ingest.Outcome outcome) {
        return outcome.checkpoints() == 0
                ? "nothing new: everything up to checkpoint %d is indexed".formatted(outcome.last())
                : "indexed %d checkpoints, %d to %d, as %d rows"
                        .formatted(outcome.checkpoints(), outcome.first(), outcome.last(), outcome.facts());
    }
}
