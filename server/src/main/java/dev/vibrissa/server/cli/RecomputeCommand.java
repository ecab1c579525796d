package dev.vibrissa.server.cli;

import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.round.Hours;
import dev.vibrissa.verifier.round.LogScores;
import dev.vibrissa.verifier.score.NodeHour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts everything again from the lines of the log alone. */
@Command(
        name = "recompute",
        sortOptions = false,
        description = "Make counts and scores again from the lines of the audit logs, and compare them with what is "
                + "served. Exit code 1 if anything differs. Or make them of a log alone, and print them, one a line.")
final class RecomputeCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 20;

    private final Settings settings;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|URL",
            description = "A log from its first entry on, one entry a line; or where it is served, such as "
                    + "https://host/v1/log. Without it, all logs in the database.")
    private @Nullable String log;

    @Option(
            names = "--entries",
            paramLabel = "N",
            description = "Of the log, only so many: what a served score names as basis.entries.")
    private long entries = Long.MAX_VALUE;

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Spec
    private @Nullable CommandSpec spec;

    RecomputeCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        if (log != null) {
            return ofLog(log).number();
        }
        ConsoleLog.warnings(spec);
        Path data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
        try (var open = OpenDatabase.open(settings, data);
                Connection db = open.database().connect()) {
            db.setAutoCommit(false);
            db.setReadOnly(true);
            db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Map<String, NodeHour> again = Hours.ofLogs(db);
            Map<String, NodeHour> stored = Hours.stored(db);
            var differences = new TreeSet<>(again.keySet());
            differences.addAll(stored.keySet());
            differences.removeIf(each -> Objects.equals(again.get(each), stored.get(each)));
            if (!differences.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.CHECK_FAILED,
                        "%d of %d counts differ from the log: %s"
                                .formatted(
                                        differences.size(),
                                        stored.size(),
                                        differences.stream().limit(MOST_SHOWN).toList()));
            }
            long scores = Hours.differingScores(db);
            if (scores > 0) {
                throw new CommandFailure(ExitCode.CHECK_FAILED, "%d scores differ from the log".formatted(scores));
            }
            Terminal.of(spec)
                    .out()
                    .printf(
                            "the same: %d counts of %d probes, and the scores that follow%n",
                            again.size(),
                            again.values().stream().mapToLong(NodeHour::probes).sum());
            return ExitCode.OK.number();
        }
    }

    private ExitCode ofLog(String from) throws IOException {
        var out = Terminal.of(spec).out();
        try (var lines = ServedLog.linesOf(from)) {
            LogScores.of(lines.limit(entries)).forEach(each -> out.println(AuditJson.text(each)));
            return ExitCode.OK;
        } catch (LogFormatException | UncheckedIOException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s is no log: %s".formatted(from, e.getMessage()), e);
        }
    }
}
