package dev.vibrissa.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.round.ReplayBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a round of audits again, from a file of a stranger's or from our own database. */
@Command(
        name = "replay",
        sortOptions = false,
        description = "Draw and judge a round of audits again, from its frame, seed and raw answers. Exit code 1 if "
                + "anything comes out otherwise.")
final class ReplayCommand implements Callable<Integer> {
    private static final Pattern ROUND = Pattern.compile("(\\d{1,9})-(\\d{1,9})(?:-([0-9a-f]{64}))?");

    private final Settings settings;

    @Parameters(
            paramLabel = "ROUND|FILE",
            description = "EPOCH-ROUND in the database, with -PROVER where there are several; or a file as of "
                    + "/v1/rounds/{id}/replay.")
    private String round = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write all that it took to a file, as /v1/rounds/{id}/replay answers it: for somebody else to run.")
    private @Nullable Path out;

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Spec
    private @Nullable CommandSpec spec;

    ReplayCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        ReplayBundle bundle = bundle();
        if (out != null) {
            Files.writeString(out, AuditJson.text(bundle));
        }
        return switch (bundle.replay()) {
            case ReplayBundle.Report.Same(int draws, int asked) -> {
                var told = Terminal.of(spec).out();
                told.printf("the same: %d draws, of which %d were asked and judged%n", draws, asked);
                if (!ROUND.matcher(round).matches()) {
                    told.println("lines not checked against a signed log: verify-log does that, of the whole log");
                }
                yield ExitCode.OK.number();
            }
            case ReplayBundle.Report.Different(var differences) ->
                throw new CommandFailure(ExitCode.CHECK_FAILED, String.join("\n", differences));
        };
    }

    private ReplayBundle bundle() throws IOException, SQLException {
        var id = ROUND.matcher(round);
        if (!id.matches()) {
            try {
                return AuditJson.MAPPER.readValue(Files.readString(Path.of(round)), ReplayBundle.class);
            } catch (JsonProcessingException e) {
                throw new CommandFailure(
                        ExitCode.CHECK_FAILED, "%s is no replay: %s".formatted(round, e.getOriginalMessage()), e);
            }
        }
        ConsoleLog.warnings(spec);
        Path data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
        long epoch = Long.parseLong(id.group(1));
        long number = Long.parseLong(id.group(2));
        try (var open = OpenDatabase.open(settings, data);
                Connection db = open.database().connect()) {
            Bytes prover = id.group(3) == null ? onlyProver(db) : Bytes.parseHex(id.group(3));
            return ReplayBundle.of(db, prover, epoch, number);
        } catch (NoSuchElementException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "round %s: %s".formatted(round, e.getMessage()), e);
        }
    }

    private static Bytes onlyProver(Connection db) throws SQLException {
        try (var select = db.createStatement();
                var row = select.executeQuery("select prover from log_head limit 2")) {
            if (!row.next()) {
                throw new NoSuchElementException("nothing was audited");
            }
            Bytes prover = Bytes.of(row.getBytes(1));
            if (row.next()) {
                throw new CommandFailure(ExitCode.USAGE, "there are several provers: name one, EPOCH-ROUND-PROVER");
            }
            return prover;
        }
    }
}
