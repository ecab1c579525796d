package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The text of a checkpoint is what the TypeScript SDK makes of the same bytes. */
class CheckpointTextTest {
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/decoded-by-typescript.csv", useHeadersInDisplayName = true)
    void equalsThatOfTheTypeScriptSdk(String folder, String sha256) throws IOException {
        Path files = Path.of(System.getProperty("vibrissa.shared"), folder);
        assumeTrue(Files.isDirectory(files), () -> files + " is not on this machine");
        assertThat(DecodeBench.sha256(Corpus.read(List.of(files)))).isEqualTo(sha256);
    }
}
