package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.proof.EvidenceFormatException;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.LogFormatException;
import dev.vibrissa.verifier.round.ChainCheck;
import dev.vibrissa.verifier.round.Dossier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
                            + "there on the committee, the node's shards and key and every seed must be proven. Without it the "
                            + "dossier can only be consistent with itself.")
    private TrustAnchor trust = new TrustAnchor.Unverified();

    @Option(
            names = "--network",
            paramLabel = "FILE",
            description = "Package ids of a network that is not built in, as devnet writes them: without them nothing "
                    + "that the chain says of such a network is proven.")
    private @Nullable Path network;

    @Option(
            names = "--key",
            paramLabel = "HEX",
            description =
                    "Ed25519 key of a prover that you trust; once for each. The dossier must be of one of them, and "
                            + "only their words count. Without it the words of anybody do.")
    private List<String> keys = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Set<Bytes> trusted = keys.stream().map(ProverKeys::parse).collect(Collectors.toSet());
        Dossier dossier;
        try {
            dossier = Dossier.parse(Files.readString(file));
        } catch (LogFormatException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s is no dossier: %s".formatted(file, e.getMessage()), e);
        }
        return switch (dossier.check(trusted)) {
            case Dossier.Finding.Holds(int failures, int contradictions) -> {
                var out = Terminal.of(spec).out();
                out.printf(
                        "holds: node %s of network %s, epoch %d: %d failures, %d contradicted by its own signature, in the "
                                + "log of %s%n",
                        dossier.nodeId(),
                        dossier.network(),
                        dossier.walrusEpoch(),
                        failures,
                        contradictions,
                        dossier.prover());
                if (trusted.isEmpty()) {
                    out.printf(
                            "provers not trusted: %s%n",
                            dossier.provers().stream().map(Bytes::toString).collect(Collectors.joining(", ")));
                }
                yield onChain(dossier).number();
            }
            case Dossier.Finding.Fails(String why) ->
                throw new CommandFailure(ExitCode.CHECK_FAILED, "%s does not hold: %s".formatted(file, why));
        };
    }

    private ExitCode onChain(Dossier dossier) {
        var out = Terminal.of(spec).out();
        Optional<WalrusNetwork> where = where(dossier);
        TrustedCommittees trusted;
        try {
            trusted = TrustedCommittees.from(
                    trust, AuditJson.MAPPER.valueToTree(dossier.chain().handOvers()));
        } catch (EvidenceFormatException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s: %s".formatted(file, e.getMessage()), e);
        }
        List<ChainCheck.Claim> claims = dossier.onChain(where, trusted::of);
        for (ChainCheck.Claim each : claims) {
            out.printf(
                    "  %s: %s (%s)%n",
                    each.conclusion().map(Object::toString).orElse("to be looked up"), each.claim(), each.detail());
        }
        if (where.isEmpty()) {
            out.printf(
                    "whose packages are those of network '%s' is not known here: --network FILE would have told%n",
                    dossier.network());
        }
        if (claims.stream().anyMatch(ChainCheck.Claim::isRefuted)) {
            out.println(
                    trust instanceof TrustAnchor.Unverified
                            ? "refuted by what the chain says in the file"
                            : "not proven by the committee that --trust names");
            return ExitCode.CHECK_FAILED;
        }
        if (trust instanceof TrustAnchor.Unverified) {
            out.println("internally consistent, committee not trusted");
            return ExitCode.OK;
        }
        List<ChainCheck.Claim> open =
                claims.stream().filter(each -> !each.isProven()).toList();
        if (!open.isEmpty()) {
            out.printf(
                    "incomplete: not proven %s%n",
                    open.stream()
                            .map(each -> "that %s (%s)"
                                    .formatted(
                                            each.claim(),
                                            each.conclusion().isEmpty() ? "not in the file" : "only consistent"))
                            .collect(Collectors.joining(", nor ")));
            return ExitCode.CHECK_FAILED;
        }
        out.println("proven by the committee");
        return ExitCode.OK;
    }

    /** A file of the reader's comes before what is built in: it may know of a later upgrade. */
    private Optional<WalrusNetwork> where(Dossier dossier) {
        if (network == null) {
            return ChainCheck.builtIn(dossier.network());
        }
        WalrusNetwork named = Network.CUSTOM.walrus(Optional.of(network));
        if (!named.name().equals(dossier.network())) {
            throw new CommandFailure(
                    ExitCode.CHECK_FAILED,
                    "%s is about the network '%s', and %s describes '%s'"
                            .formatted(file, dossier.network(), network, named.name()));
        }
        return Optional.of(named);
    }
}
