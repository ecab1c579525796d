package dev.vibrissa.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.protocol.sui.proof.EvidenceFormatException;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import dev.vibrissa.protocol.sui.proof.EvidenceReport;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Conclusion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A stranger's tool: checks evidence without a database and without a network. */
@Command(
        name = "verify-evidence",
        description = "Check evidence offline. Exit code 1 if it does not hold, or does not reach what --trust names.")
final class VerifyEvidenceCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "One piece of evidence, or the whole answer of /v1/blobs/{blobId}/evidence.")
    private Path file = Path.of("");

    @Option(
            names = "--trust",
            paramLabel = "FILE|DIGEST|unverified",
            converter = ChainOptions.TrustConverter.class,
            description = "The committee that should have signed, or the digest of the very checkpoint; without it the "
                    + "evidence can only be consistent with itself.")
    private TrustAnchor trust = new TrustAnchor.Unverified();

    @Option(names = "--json", description = "Answer as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var reports = new ArrayList<EvidenceReport>();
        try {
            String text = Files.readString(file);
            var trusted =
                    TrustedCommittees.from(trust, Json.MAPPER.readTree(text).path("handOvers"));
            for (String piece : piecesOf(text)) {
                var evidence = EvidenceJson.read(piece);
                reports.add(concluded(evidence.verify(trusted.thatSigned(evidence))));
            }
        } catch (EvidenceFormatException | JsonProcessingException e) {
            throw new CommandFailure(ExitCode.CHECK_FAILED, "%s is no evidence: %s".formatted(file, e.getMessage()), e);
        }
        var out = Terminal.of(spec).out();
        if (json) {
            out.println(Json.MAPPER
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(reports.stream()
                            .map(VerifyEvidenceCommand::document)
                            .toList()));
        } else {
            reports.forEach(report -> print(out, report));
        }
        return (reports.stream().allMatch(this::suffices) ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }

    /** Apart, so that other commands start without it. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    /** The answer of the API holds several pieces, each under its event. */
    private static List<String> piecesOf(String text) throws JsonProcessingException {
        JsonNode document = Json.MAPPER.readTree(text);
        if (!document.has("items")) {
            return List.of(text); // unchanged: strictness is up to the format
        }
        var pieces = new ArrayList<String>();
        for (JsonNode item : document.get("items")) {
            if (item.path("evidence").isObject()) {
                pieces.add(item.get("evidence").toString());
            }
        }
        if (pieces.isEmpty()) {
            throw new EvidenceFormatException("the answer holds no evidence");
        }
        return pieces;
    }

    /** Whoever trusts the checkpoint by its digest needs no certificate. */
    private EvidenceReport concluded(EvidenceReport report) {
        boolean trusted =
                trust instanceof TrustAnchor.OfCheckpoint(var digest) && digest.equals(report.checkpointDigest());
        return trusted && report.conclusion() == Conclusion.CONSISTENT
                ? new EvidenceReport(report.checkpoint(), report.checkpointDigest(), report.steps(), Conclusion.PROVEN)
                : report;
    }

    private boolean suffices(EvidenceReport report) {
        return switch (report.conclusion()) {
            case PROVEN -> true;
            case CONSISTENT -> trust instanceof TrustAnchor.Unverified;
            case REFUTED -> false;
        };
    }

    private static void print(PrintWriter out, EvidenceReport report) {
        out.printf("checkpoint %d, %s%n", report.checkpoint(), report.checkpointDigest());
        report.steps()
                .forEach(step ->
                        out.printf("  %-4s %s: %s%n", step.holds() ? "ok" : "FAIL", step.claim(), step.detail()));
        out.printf("  %s%n", report.conclusion());
    }

    private static Map<String, Object> document(EvidenceReport report) {
        return Map.of(
                "checkpoint", report.checkpoint(),
                "checkpointDigest", report.checkpointDigest().toString(),
                "steps", report.steps(),
                "conclusion", report.conclusion().toString());
    }
}
