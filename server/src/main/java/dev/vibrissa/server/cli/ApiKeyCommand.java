package dev.vibrissa.server.cli;

import dev.vibrissa.api.key.ApiKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives out keys to the API, and takes them back. */
final class ApiKeyCommand {
    private ApiKeyCommand() {}

    /** Says what there is; the work is in the commands below it. */
    @Command(
            name = "api-key",
            sortOptions = false,
            synopsisSubcommandLabel = "COMMAND",
            description =
                    "Give out keys to the API, for higher limits and for what is somebody's own, such as webhooks, and take them back.")
    static final class Group implements Runnable {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                throw new ParameterException(spec.commandLine(), "name one of create, list, revoke");
            }
        }
    }

    /** What one of the commands does with the database. */
    private interface Work {
        ExitCode with(Connection db, Terminal terminal) throws SQLException;
    }

    private abstract static class OnDatabase implements Callable<Integer> {
        private final Settings settings;

        @Mixin
        private ChainOptions chain = new ChainOptions();

        @Spec
        private @Nullable CommandSpec spec;

        OnDatabase(Settings settings) {
            this.settings = settings;
        }

        final Integer run(Work work) throws IOException, SQLException {
            ConsoleLog.warnings(spec);
            Path data = chain.dataDirectory(chain.network().orElse(Network.DEVNET), settings);
            try (var open = OpenDatabase.shared(settings, data);
                    Connection db = open.database().connect()) {
                return work.with(db, Terminal.of(spec)).number();
            }
        }
    }

    @Command(name = "create", sortOptions = false, description = "Make a key, and show it this once.")
    static final class Create extends OnDatabase {
        @Parameters(paramLabel = "NAME", description = "Whose it is.")
        private String name = "";

        @Option(
                names = "--admin",
                description = "It gives out and takes back keys over HTTP, sees all webhooks, and is held to no limit.")
        private boolean admin;

        Create(Settings settings) {
            super(settings);
        }

        @Override
        public Integer call() throws IOException, SQLException {
            return run((db, terminal) -> {
                terminal.out().println(ApiKeys.create(db, name, admin).text());
                return ExitCode.OK;
            });
        }
    }

    @Command(name = "list", sortOptions = false, description = "List the keys, without their secrets.")
    static final class Listing extends OnDatabase {
        Listing(Settings settings) {
            super(settings);
        }

        @Override
        public Integer call() throws IOException, SQLException {
            return run((db, terminal) -> {
                for (ApiKeys.Key each : ApiKeys.list(db)) {
                    String state = each.revokedAt().map(at -> "revoked " + at).orElse("created " + each.createdAt());
                    terminal.out()
                            .printf("%s  %s  %s%s%n", each.id(), state, each.isAdmin() ? "admin  " : "", each.name());
                }
                return ExitCode.OK;
            });
        }
    }

    @Command(name = "revoke", sortOptions = false, description = "A key opens nothing from now on.")
    static final class Revoke extends OnDatabase {
        @Parameters(paramLabel = "ID", description = "Its id, as 'api-key list' shows it.")
        private String id = "";

        Revoke(Settings settings) {
            super(settings);
        }

        @Override
        public Integer call() throws IOException, SQLException {
            return run((db, terminal) -> {
                if (!ApiKeys.revoke(db, id)) {
                    throw new CommandFailure(ExitCode.UNAVAILABLE, "no key has the id %s".formatted(id));
                }
                terminal.out().printf("revoked: %s%n", id);
                return ExitCode.OK;
            });
        }
    }
}
