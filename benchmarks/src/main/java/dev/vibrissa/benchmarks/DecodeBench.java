package dev.vibrissa.benchmarks;

import dev.vibrissa.protocol.sui.CheckpointFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Decoding beside the TypeScript SDK: the same files, in turns, each side in a fresh process each time. */
final class DecodeBench {
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration MEASURED = Duration.ofSeconds(5);

    private DecodeBench() {}

    /**
     * What came out.
     *
     * @param reference empty if node is not there
     * @param leftOut files the SDK cannot decode, which neither side was given
     */
    record Measured(
            Corpus corpus,
            List<TypeScriptReference.Measured> reference,
            String referenceUnavailable,
            List<TypeScriptReference.Undecodable> leftOut,
            List<Double> decode,
            List<Double> decodeAndExtract,
            String sha256) {
        boolean equal() {
            return !reference.isEmpty()
                    && reference.stream().allMatch(each -> each.sha256().equals(sha256));
        }
    }

    static Measured measure(Corpus given, TypeScriptReference typeScript, int rounds)
            throws IOException, InterruptedException, RunnerException {
        Path folder = Files.createTempDirectory("vibrissa-bench");
        try {
            given.writeTo(folder);
            Corpus corpus = given;
            List<TypeScriptReference.Undecodable> leftOut = List.of();
            var reference = new ArrayList<TypeScriptReference.Measured>();
            String unavailable = "";
            try {
                typeScript.node().install();
                leftOut =
                        typeScript.measure(folder, Duration.ZERO, Duration.ZERO).undecodable();
                Set<String> names = leftOut.stream()
                        .map(TypeScriptReference.Undecodable::name)
                        .collect(Collectors.toSet());
                for (String name : names) {
                    Files.delete(folder.resolve(name));
                }
                corpus = given.without(names);
            } catch (NodePackage.UnavailableException e) {
                unavailable = String.valueOf(e.getMessage());
            }
            var decode = new ArrayList<Double>();
            var decodeAndExtract = new ArrayList<Double>();
            for (int round = 0; round < rounds; round++) {
                if (unavailable.isEmpty()) {
                    try {
                        reference.add(typeScript.measure(folder, WARM_UP, MEASURED));
                    } catch (NodePackage.UnavailableException e) {
                        unavailable = String.valueOf(e.getMessage());
                    }
                }
                for (RunResult result : jmh(folder)) {
                    double score = result.getPrimaryResult().getScore();
                    (result.getPrimaryResult().getLabel().equals("decode") ? decode : decodeAndExtract).add(score);
                }
            }
            return new Measured(
                    corpus,
                    List.copyOf(reference),
                    unavailable,
                    leftOut,
                    List.copyOf(decode),
                    List.copyOf(decodeAndExtract),
                    sha256(corpus));
        } finally {
            delete(folder);
        }
    }

    private static Iterable<RunResult> jmh(Path folder) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(CheckpointDecodeBenchmark.class.getName() + "\\..*")
                        .param("folder", folder.toString())
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();
    }

    /** SHA-256 of the text of all files, in the order of their names. */
    static String sha256(Corpus corpus) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
        for (Corpus.Entry each : corpus.files()) {
            String text = CheckpointText.of(CheckpointFile.read(each.bytes(), each.name()));
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
