package dev.vibrissa.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSummaryTest {
    private static final FileTime STARTED = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    Path root = Path.of("");

    @BeforeEach
    void reportOfOneModule() throws IOException {
        report("indexer", "surefire-reports", "TEST-a.xml", """
                <testsuite><properties/>
                  <testcase name="passes" classname="A" time="1,200.5"><system-out>x
                seed kill=42</system-out></testcase>
                  <testcase name="fails" classname="A" time="0.5"><failure message="no">trace</failure></testcase>
                  <testcase name="breaks" classname="A" time="0"><error message="no">trace</error></testcase>
                  <testcase name="is skipped" classname="A" time="0"><skipped message="no &quot;docker&quot; here"/></testcase>
                </testsuite>
                """, STARTED);
    }

    @Test
    void countsEveryTestOnce() throws Exception {
        var summary = TestSummary.read(root, STARTED);
        assertThat(summary.line()).isEqualTo("tests=4 failures=1 errors=1 skipped=1 modules=1 seconds=1201");
        assertThat(summary.seeds()).containsExactly("A: seed kill=42");
    }

    @Test
    void countsTestsOfWholeProcessesToo() throws Exception {
        report("indexer", "failsafe-reports", "TEST-c.xml", """
                <testsuite><testcase name='killed' classname='CIT' time='2'><failure message="no">trace</failure></testcase></testsuite>
                """, STARTED);
        assertThat(TestSummary.read(root, STARTED).line())
                .isEqualTo("tests=5 failures=2 errors=1 skipped=1 modules=1 seconds=1203");
    }

    @Test
    void leavesOutReportsOfEarlierRuns() throws Exception {
        report(
                "api",
                "surefire-reports",
                "TEST-b.xml",
                "<testsuite><testcase name='old' classname='B' time='1'/></testsuite>",
                FileTime.from(STARTED.toInstant().minusSeconds(1)));
        assertThat(TestSummary.read(root, STARTED).tests()).isEqualTo(4);
    }

    @Test
    void listsSkipsWithTheirReasonsAsJson() throws Exception {
        assertThat(TestSummary.json(TestSummary.read(root, STARTED).skipped())).isEqualTo("""
                [
                  {"module": "indexer", "class": "A", "test": "is skipped", "reason": "no \\"docker\\" here"}
                ]
                """);
        assertThat(TestSummary.json(List.of())).isEqualTo("[\n\n]\n");
    }

    private void report(String module, String plugin, String name, String xml, FileTime written) throws IOException {
        Path folder =
                Files.createDirectories(root.resolve(module).resolve("target").resolve(plugin));
        Path file = Files.writeString(folder.resolve(name), xml);
        Files.setLastModifiedTime(file, written);
    }
}
