package dev.vibrissa.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators are given is what the tools they use accept. */
@Timeout(60)
class OperationsFilesTest {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));

    private static final Pattern METRIC = Pattern.compile("\\bvibrissa_[a-z_]+(?=[{\\[)\"])");

    private record Ended(int code, String output) {}

    @Test
    void theRulesOfPrometheusHoldWhatTheirTestsSay() throws Exception {
        assumeTrue(isThere("promtool", "--version"), "no promtool of Prometheus on the PATH");
        for (String[] check : new String[][] {
            {"promtool", "check", "config", "prometheus.yml"},
            {"promtool", "test", "rules", "alerts-test.yml"}
        }) {
            var ended = run(ROOT.resolve("ops"), check);
            assertThat(ended.code()).as(ended.output()).isZero();
        }
    }

    @Test
    void theRulesNameNoMetricThatIsNotDocumented() throws Exception {
        String rules = Files.readString(ROOT.resolve("ops/alerts.yml"));
        assertThat(metrics(rules)).isNotEmpty().isSubsetOf(DocumentedMetrics.names());
    }

    @Test
    void theBoardShowsNoMetricThatIsNotDocumented() throws Exception {
        var board = new ObjectMapper()
                .readTree(ROOT.resolve("dashboards/grafana/vibrissa.json").toFile());
        var queries = board.findValuesAsText("expr");
        assertThat(queries).hasSizeGreaterThan(20);
        assertThat(metrics(String.join(" ", queries))).isNotEmpty().isSubsetOf(DocumentedMetrics.names());
        assertThat(board.at("/panels").findValuesAsText("id")).doesNotHaveDuplicates();
        assertThat(board.at("/title").asText()).isEqualTo("Vibrissa");
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    @Test
    void theCompositionIsValid() throws Exception {
        List<String> compose;
        if (isThere("docker", "compose", "version")) {
            compose = List.of("docker", "compose");
        } else {
            assumeTrue(isThere("docker-compose", "version"), "neither docker compose nor docker-compose on the PATH");
            compose = List.of("docker-compose");
        }
        var all = new ArrayList<>(compose);
        all.addAll(List.of("--profile", "kafka", "config", "--quiet"));
        var ended = run(ROOT, all.toArray(String[]::new));
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return run(ROOT, command).code() == 0;
        } catch (IOException _) {
            return false; // no such program
        }
    }

    private static Ended run(Path folder, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("VIBRISSA_DB_PASSWORD", "secret");
        var process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
