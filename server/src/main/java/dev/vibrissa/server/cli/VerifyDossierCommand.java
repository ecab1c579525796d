package dev.vibrissa.server.cli;

import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.round.Dossier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A stranger's tool: checks the case against a node, without a database and without a network. */
@Command(
        name = "verify-dossier",
        description =
                "Check a dossier offline: draws, verdicts, signatures, and that all of it stands in a signed log. "
                        + "Exit code 1 if it does not hold.")
final class VerifyDossierCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "As of /v1/operators/{nodeId}/dossier.")
    private Path file = Path.of("");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Dossier dossier;
        try {
            dossier = Dossier.parse(Files.readString(file));
        } catch (LogFormatException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s is no dossier: %s".formatted(file, e.getMessage()), e);
        }
        return switch (dossier.check()) {
            case Dossier.Finding.Holds(int failures, int contradictions) -> {
                Terminal.of(spec)
                        .out()
                        .printf(
                                "holds: node %s, epoch %d: %d failures, %d contradicted by its own signature, in the log "
                                        + "of %s; internally consistent, committee not trusted%n",
                                dossier.nodeId(), dossier.walrusEpoch(), failures, contradictions, dossier.prover());
                yield ExitCode.OK.number();
            }
            case Dossier.Finding.Fails(String why) ->
                throw new CommandFailure(ExitCode.CHECK_FAILED, "%s does not hold: %s".formatted(file, why));
        };
    }
}
