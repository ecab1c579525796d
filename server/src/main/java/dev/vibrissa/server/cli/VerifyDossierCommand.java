package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.protocol.sui.proof.EvidenceFormatException;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.round.ChainCheck;
import dev.vibrissa.verifier.round.Dossier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--trust",
            paramLabel = "FILE|DIGEST|unverified",
            converter = ChainOptions.TrustConverter.class,
            description =
                    "A Sui committee file, or the digest of an end-of-epoch checkpoint that is in the dossier: from "
                            + "there on what the chain says of the case must be proven. Without it the dossier can only be "
                            + "consistent with itself.")
    private TrustAnchor trust = new TrustAnchor.Unverified();

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
                                        + "of %s%n",
                                dossier.nodeId(), dossier.walrusEpoch(), failures, contradictions, dossier.prover());
                yield onChain(dossier).number();
            }
            case Dossier.Finding.Fails(String why) ->
                throw new CommandFailure(ExitCode.CHECK_FAILED, "%s does not hold: %s".formatted(file, why));
        };
    }

    private ExitCode onChain(Dossier dossier) {
        var out = Terminal.of(spec).out();
        TrustedCommittees trusted;
        try {
            trusted = TrustedCommittees.from(
                    trust, AuditJson.MAPPER.valueToTree(dossier.chain().handOvers()));
        } catch (EvidenceFormatException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s: %s".formatted(file, e.getMessage()), e);
        }
        List<ChainCheck.Claim> claims = dossier.onChain(trusted::of);
        for (ChainCheck.Claim each : claims) {
            out.printf(
                    "  %s: %s (%s)%n",
                    each.conclusion().map(Object::toString).orElse("to be looked up"), each.claim(), each.detail());
        }
        if (trust instanceof TrustAnchor.Unverified) {
            out.println("internally consistent, committee not trusted");
            return ExitCode.OK;
        }
        // What is not in the file is for the reader to look up, and said above; what is there must be proven.
        boolean proven = claims.stream().allMatch(each -> each.conclusion().isEmpty() || each.isProven())
                && claims.stream().anyMatch(ChainCheck.Claim::isProven);
        out.println(proven ? "proven by the committee" : "not proven by the committee that --trust names");
        return proven ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
}
