package dev.vibrissa.server.cli;

import dev.vibrissa.api.maintenance.Declarations;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNoticeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Declares maintenance on the database itself: whoever can do that is its administrator. */
@Command(
        name = "maintenance",
        sortOptions = false,
        description =
                "Declare maintenance of a storage node ahead. Failures inside are counted all the same; scores show "
                        + "a second figure without them.")
final class MaintenanceCommand implements Callable<Integer> {
    private final Settings settings;

    @Parameters(
            paramLabel = "FILE",
            description = "JSON {nodeId, from, to, reason}, and signature {key: bls|network, value} if the operator "
                    + "signed it.")
    private Path file = Path.of("");

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Spec
    private @Nullable CommandSpec spec;

    MaintenanceCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException, SQLException {
        ConsoleLog.warnings(spec);
        String text = Files.readString(file);
        MaintenanceNotice notice;
        try {
            notice = MaintenanceNoticeJson.read(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "%s is no notice: %s".formatted(file, e.getMessage()), e);
        }
        Path data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
        try (var open = OpenDatabase.open(settings, data);
                Connection db = open.database().connect()) {
            db.setAutoCommit(false);
            return switch (Declarations.accept(db, notice, text, true, Instant.now())) {
                case Declarations.Outcome.Accepted(String declaredBy) -> {
                    db.commit();
                    Terminal.of(spec)
                            .out()
                            .printf(
                                    "declared by %s: node %s, %s to %s%n",
                                    declaredBy, notice.nodeId(), notice.from(), notice.to());
                    yield ExitCode.OK.number();
                }
                case Declarations.Outcome.NotSigned(String why) ->
                    throw new CommandFailure(ExitCode.CHECK_FAILED, "%s: %s".formatted(file, why));
                case Declarations.Outcome.Refused(String field, String why) ->
                    throw new CommandFailure(ExitCode.CHECK_FAILED, "%s, %s: %s".formatted(file, field, why));
            };
        }
    }
}
