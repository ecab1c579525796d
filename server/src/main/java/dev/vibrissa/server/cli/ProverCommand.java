package dev.vibrissa.server.cli;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.round.Vantages;
import java.io.IOException;
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

/** Says whose word counts among the verifiers that write to one database. */
final class ProverCommand {
    private static final int KEY_BYTES = 32;

    private ProverCommand() {}

    /** Says what there is; the work is in the commands below it. */
    @Command(
            name = "prover",
            sortOptions = false,
            synopsisSubcommandLabel = "COMMAND",
            description = "Say whose word counts among the verifiers that write to one database.")
    static final class Group implements Runnable {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                throw new picocli.CommandLine.ParameterException(spec.commandLine(), "name one of admit, list, revoke");
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
            try (var open = OpenDatabase.open(settings, data);
                    Connection db = open.database().connect()) {
                return work.with(db, Terminal.of(spec)).number();
            }
        }

        static Bytes key(String hex) {
            try {
                Bytes key = Bytes.parseHex(hex);
                if (key.length() == KEY_BYTES) {
                    return key;
                }
            } catch (IllegalArgumentException _) {
                // Said below, in our own words.
            }
            throw new CommandFailure(
                    ExitCode.USAGE, "'%s' is no Ed25519 key: %d hex digits".formatted(hex, 2 * KEY_BYTES));
        }
    }

    @Command(name = "admit", sortOptions = false, description = "Let a prover's word count.")
    static final class Admit extends OnDatabase {
        @Parameters(index = "0", paramLabel = "KEY", description = "Ed25519 key in hex, as 'prover list' shows it.")
        private String key = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "What the vantage is called, such as its city.")
        private String name = "";

        Admit(Settings settings) {
            super(settings);
        }

        @Override
        public Integer call() throws IOException, SQLException {
            Bytes of = key(key);
            return run((db, terminal) -> {
                Vantages.admit(db, of, name);
                terminal.out().printf("admitted: %s, %s%n", of, name);
                return ExitCode.OK;
            });
        }
    }

    @Command(name = "list", sortOptions = false, description = "List the provers, with keys and what became of them.")
    static final class Listing extends OnDatabase {
        Listing(Settings settings) {
            super(settings);
        }

        @Override
        public Integer call() throws IOException, SQLException {
            return run((db, terminal) -> {
                for (Vantages.Prover each : Vantages.list(db)) {
                    terminal.out()
                            .printf(
                                    "%s  %s  %d entries  %s%n",
                                    each.key(),
                                    each.revokedAt()
                                            .map(at -> "revoked " + at)
                                            .or(() -> each.admittedAt().map((Instant at) -> "admitted " + at))
                                            .orElse("not admitted"),
                                    each.entries(),
                                    each.name());
                }
                return ExitCode.OK;
            });
        }
    }

    @Command(name = "revoke", sortOptions = false, description = "From now on a prover's word does not count.")
    static final class Revoke extends OnDatabase {
        @Parameters(paramLabel = "KEY", description = "Ed25519 key in hex.")
        private String key = "";

        Revoke(Settings settings) {
            super(settings);
        }

        @Override
        public Integer call() throws IOException, SQLException {
            Bytes of = key(key);
            return run((db, terminal) -> {
                if (!Vantages.revoke(db, of)) {
                    throw new CommandFailure(ExitCode.UNAVAILABLE, "%s is not admitted".formatted(of));
                }
                terminal.out().printf("revoked: %s%n", of);
                return ExitCode.OK;
            });
        }
    }
}
