package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One scenario folder: indexed by a process that sees only its checkpoints and the committee to trust, then compared,
 * assertion by assertion, with what a second process answers over HTTP.
 */
public final class Conformance {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANCHOR = "trust-anchor.committee.bcs";

    /** Keys of a scenario that describe it and assert nothing. */
    static final Set<String> CONTEXT =
            Set.of("scenario", "network", "nShards", "maxEpochsAhead", "walrusEpochMs", "labels");

    private final Program program;

    public Conformance(Program program) {
        this.program = program;
    }

    /** What became of one key of {@code expected.json}. */
    public sealed interface KeyResult {
        String key();

        record Passed(String key, int assertions) implements KeyResult {}

        record Failed(String key, List<String> differences) implements KeyResult {}

        /** Nothing here knows the key; counts as failed. */
        record NotHandled(String key) implements KeyResult {}
    }

    public record Report(String scenario, List<KeyResult> results) {
        public boolean passed() {
            return results.stream().allMatch(KeyResult.Passed.class::isInstance);
        }
    }

    /** Whether {@code folder} is of the kind this runs. */
    public static boolean isScenario(Path folder) {
        return Files.isRegularFile(folder.resolve("expected.json"))
                && read(folder.resolve("expected.json")).has("walrusEpochs");
    }

    /** Indexes and compares every key. */
    public Report run(Path folder) throws InterruptedException {
        return run(folder, List.of(read(folder.resolve("expected.json"))), _ -> true)
                .getFirst();
    }

    /**
     * Indexes once and compares with several sets of answers.
     *
     * @param expectations what to hold against the checkpoints of {@code folder}
     * @param keys which keys of them to compare
     * @return a report for each, in order
     */
    public List<Report> run(Path folder, List<JsonNode> expectations, Predicate<String> keys)
            throws InterruptedException {
        Path scratch = scratch(folder);
        try {
            String data = scratch.resolve("data").toString();
            var ingest = program.run(
                    scratch.resolve("ingest.log"),
                    "ingest",
                    scratch.resolve("checkpoints").toString(),
                    "--network",
                    "mainnet",
                    "--label",
                    "synthetic chain",
                    "--trust",
                    scratch.resolve(ANCHOR).toString(),
                    "--data",
                    data);
            if (ingest.exitCode() != 0) {
                throw new IllegalStateException(
                        "ingest ended with %d: %s".formatted(ingest.exitCode(), ingest.output()));
            }
            try (var server = program.serve(
                            scratch.resolve("server.log"), "--network", "mainnet", "--roles", "api", "--data", data);
                    var api = new ApiClient(server.address())) {
                var answers = new Answers(api);
                return expectations.stream()
                        .map(expected -> compare(expected, keys, answers))
                        .toList();
            }
        } finally {
            delete(scratch);
        }
    }

    static Report compare(JsonNode expected, Predicate<String> keys, Answers answers) {
        var results = new ArrayList<KeyResult>();
        expected.fields().forEachRemaining(entry -> {
            if (!CONTEXT.contains(entry.getKey()) && keys.test(entry.getKey())) {
                results.add(compare(entry.getKey(), entry.getValue(), answers));
            }
        });
        return new Report(expected.path("scenario").asText(), List.copyOf(results));
    }

    private static KeyResult compare(String key, JsonNode expected, Answers answers) {
        Optional<JsonNode> actual;
        try {
            actual = answers.to(key, expected);
        } catch (ApiClient.RefusedException refused) {
            return new KeyResult.Failed(key, List.of(String.valueOf(refused.getMessage())));
        }
        if (actual.isEmpty()) {
            return new KeyResult.NotHandled(key);
        }
        var differences = Differences.between(expected, actual.get());
        return differences.isEmpty()
                ? new KeyResult.Passed(key, Differences.leaves(expected))
                : new KeyResult.Failed(key, differences);
    }

    private static Path scratch(Path folder) {
        try {
            Path scratch = Files.createTempDirectory("vibrissa-conformance-");
            // Where user namespaces are forbidden the database runs under another account and must get there.
            Files.setPosixFilePermissions(
                    scratch, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            Path checkpoints = Files.createDirectory(scratch.resolve("checkpoints"));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".binpb.zst") || name.endsWith(".chk")) {
                        Files.copy(file, checkpoints.resolve(name));
                    }
                }
            }
            Files.copy(folder.resolve(ANCHOR), scratch.resolve(ANCHOR));
            return scratch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path json) {
        try {
            return JSON.readTree(json.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
