package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.proof.Evidence.EventEvidence;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evidence for the first event of the scenario, by command line. */
class VerifyEvidenceTest {
    private final Path chain =
            Path.of(System.getProperty("vibrissa.root"), "indexer/src/test/resources/scenarios/blob-life");

    @TempDir
    Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String evidence = "";
    private String digest = "";
    private String committee = "";

    @BeforeEach
    void evidenceOfAnEvent() throws IOException {
        committee = chain.resolve("trust-anchor.committee.bcs").toString();
        for (int number = 1000; evidence.isEmpty(); number++) {
            Path file = chain.resolve(number + ".binpb.zst");
            var checkpoint = CheckpointFile.read(Files.readAllBytes(file), file.toString());
            for (int i = 0; i < checkpoint.transactions().size(); i++) {
                if (checkpoint.transactions().get(i).events().isPresent() && evidence.isEmpty()) {
                    evidence = EvidenceJson.write(EventEvidence.of(checkpoint, i, 0));
                    digest = checkpoint.digest().toString();
                }
            }
        }
    }

    @Test
    void isProvenByTheCommitteeThatSigned() throws IOException {
        assertThat(verify(evidence, "--trust", committee)).isZero();
        assertThat(out.toString()).contains("ok   the committee signed the summary", "\n  proven\n");
    }

    @Test
    void isProvenByTheDigestOfItsCheckpointAndNoOther() throws IOException {
        assertThat(verify(evidence, "--trust", digest)).isZero();
        assertThat(verify(evidence, "--trust", "11111111111111111111111111111111"))
                .isEqualTo(1);
    }

    @Test
    void isOnlyConsistentWithoutTrust() throws IOException {
        assertThat(verify(evidence, "--json")).isZero();
        assertThat(out.toString()).contains("\"internally consistent, committee not trusted\"");
    }

    @Test
    void isRefutedWhenAnotherEventIsClaimed() throws IOException {
        assertThat(verify(evidence.replace("\"eventIndex\" : 0", "\"eventIndex\" : 99"), "--trust", committee))
                .isEqualTo(1);
        assertThat(out.toString()).contains("FAIL the events contain this one", "refuted");
    }

    @Test
    void readsTheWholeAnswerOfTheApi() throws IOException {
        assertThat(verify("{\"items\":[{\"evidence\":" + evidence + "},{\"evidence\":null}]}", "--trust", committee))
                .isZero();
        assertThat(verify("{\"items\":[]}")).isEqualTo(1);
    }

    @Test
    void saysWhatIsWrongWithOtherFiles() throws IOException {
        assertThat(verify("{}")).isEqualTo(1);
        assertThat(verify("not json")).isEqualTo(1);
        assertThat(err.toString()).contains("is no evidence: ").doesNotContain("\tat ");
        assertThat(run("verify-evidence", folder.resolve("none").toString())).isEqualTo(69);
    }

    private int verify(String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("evidence.json"), text);
        var arguments = new java.util.ArrayList<>(java.util.List.of("verify-evidence", file.toString()));
        arguments.addAll(java.util.List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return new CommandLineProgram(
                        Map.of("HOME", folder.toString()), new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
    }
}
