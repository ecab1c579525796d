package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.trust.TrustAnchor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A stranger's tool: checks evidence without a database and without a network. */
@Command(name = "verify-evidence", description = "Check an evidence file offline; exit code 1 if it does not hold.")
final class VerifyEvidenceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What /v1/blobs/{blobId}/evidence answered.")
    private Path file = Path.of("");

    @Option(
            names = "--trust",
            paramLabel = "FILE|DIGEST|unverified",
            converter = ChainOptions.TrustConverter.class,
            description = "The committee to hold the certificate against; without it the file can only be consistent "
                    + "with itself.")
    private TrustAnchor trust = new TrustAnchor.Unverified();

    @Option(names = "--json", description = "Answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        // The one call of the checker goes here.
        throw new CommandFailure(
                ExitCode.INTERNAL,
                "verify-evidence is not built yet (file=%s trust=%s json=%s)".formatted(file, trust, json));
    }
}
