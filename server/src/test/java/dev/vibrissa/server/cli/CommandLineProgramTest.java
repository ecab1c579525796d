package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineProgramTest {
    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aHomeOfItsOwn() {
        environment.put("HOME", folder.toString());
    }

    @Test
    void helpListsEveryCommandAndExitCode() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "up ",
                        "ingest ",
                        "rebuild ",
                        "blob-id ",
                        "encode ",
                        "decode ",
                        "verify-sliver ",
                        "conformance ",
                        "verify-evidence ",
                        "bench ",
                        "test ")
                .contains("  0  ", " 69  ", " 75  ");
    }

    @Test
    void versionNamesTheProgramAndJava() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("vibrissa ").contains("Java 2").doesNotContain("${");
    }

    @Test
    void withoutACommandItShowsHelp() {
        assertThat(run()).isZero();
        assertThat(out.toString()).startsWith("Usage: vibrissa");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                 | nonsense
            up --port 70000                          | --port is 70000, not 0 to 65535
            up --port many                           | many
            up --roles indexer,cook                  | cook
            up --network mainet                      | mainet
            up --source http://                      | not the address of a checkpoint store
            ingest                                   | PATH
            ingest /no/such/folder                   | there is no file or folder '/no/such/folder'
            ingest / --trust maybe                   | a committee file, the digest
            up --source grpc://                      | not the address of a full node
            up --source grpcs://host/path            | not the address of a full node
            ingest / http://b/ --network devnet      | 2 sources mixed
            ingest / grpc://b:9000 --network devnet  | 2 sources mixed
            up --source /,grpc://b:9000              | 2 sources mixed
            ingest http://a/ --network devnet --from 5 --to 4 | no checkpoints from 5 to 4
            ingest /                                 | needs --network
            verify-evidence                          | FILE
            rebuild                                  | PROJECTION
            rebuild blobs                            | there is no projection 'blobs', but blob, epoch, adoption, governance, money, stake, totals
            """)
    void refusesWrongUseInOneSentence(String line, String reason) {
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString()).startsWith("vibrissa: ").contains(reason).doesNotContain("\tat ");
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void readsTheEnvironment() {
        environment.put("VIBRISSA_PORT", "70000");
        assertThat(run("up")).isEqualTo(2);
        assertThat(err.toString()).contains("--port is 70000");
    }

    @Test
    void readsTheConfigurationFileAfterTheEnvironment() throws IOException {
        configuration("port=70001\n");
        assertThat(run("up")).isEqualTo(2);
        assertThat(err.toString()).contains("--port is 70001");
        environment.put("VIBRISSA_PORT", "70002");
        run("up");
        assertThat(err.toString()).contains("--port is 70002");
        run("up", "--port", "70003");
        assertThat(err.toString()).contains("--port is 70003");
    }

    @Test
    void refusesAKeyThatNothingReads() throws IOException {
        configuration("prot=8081\n");
        assertThat(run("--help")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown key 'prot'");
    }

    @Test
    void showsStackTracesOnlyWhenAsked() throws IOException {
        configuration("db-url=jdbc:oracle:x\n");
        String[] ingest = {"ingest", "/", "--network", "devnet"};
        environment.put("VIBRISSA_DATA", folder.resolve("data").toString());
        run(ingest);
        assertThat(err.toString()).doesNotContain("\tat ");
        environment.put("VIBRISSA_DEBUG", "1");
        run(ingest);
        assertThat(err.toString()).contains("\tat ");
    }

    private void configuration(String text) throws IOException {
        Path file = folder.resolve(".config/vibrissa/config.properties");
        Files.createDirectories(folder.resolve(".config/vibrissa"));
        Files.writeString(file, text);
    }

    private int run(String... arguments) {
        return new CommandLineProgram(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
    }
}
