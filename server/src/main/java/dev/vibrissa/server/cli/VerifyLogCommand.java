package dev.vibrissa.server.cli;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.evidence.LogCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A stranger's tool: holds an audit log against itself, without a database. */
@Command(
        name = "verify-log",
        description =
                "Check an audit log offline: every link, every root, every signature. Exit code 1 if it does not hold.")
final class VerifyLogCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE|URL",
            description = "The log from its first entry on, one entry a line; or where it is served, such as "
                    + "https://host/v1/log.")
    private String log = "";

    @Option(names = "--key", paramLabel = "HEX", description = "Ed25519 key of the prover that it must be the log of.")
    private @Nullable String key;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Optional<Bytes> prover = Optional.ofNullable(key).map(ProverKeys::parse);
        try (var lines = ServedLog.linesOf(log)) {
            return switch (LogCheck.of(lines, prover)) {
                case LogCheck.Finding.Intact(Bytes of, long entries, long roots, long unsigned) -> {
                    Terminal.of(spec)
                            .out()
                            .printf(
                                    "intact: %d entries of %s, %d signed roots, %d entries not signed yet%s%n",
                                    entries,
                                    of,
                                    roots,
                                    unsigned,
                                    prover.isEmpty() ? "; whose key that is, --key would have told" : "");
                    yield ExitCode.OK.number();
                }
                case LogCheck.Finding.Broken(long line, String why) ->
                    throw new CommandFailure(ExitCode.CHECK_FAILED, "line %d of %s: %s".formatted(line, log, why));
                case LogCheck.Finding.Empty() ->
                    throw new CommandFailure(ExitCode.CHECK_FAILED, "%s holds no entry".formatted(log));
            };
        } catch (UncheckedIOException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s is no text: %s".formatted(log, e.getMessage()), e);
        }
    }
}
