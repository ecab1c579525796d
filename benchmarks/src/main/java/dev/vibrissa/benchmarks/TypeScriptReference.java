package dev.vibrissa.benchmarks;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code benchmarks/typescript}: the Sui TypeScript SDK under node, decoding the same files. */
record TypeScriptReference(Path folder) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final Duration INSTALL_DEADLINE = Duration.ofMinutes(5);

    /**
     * What {@code decode.mjs} printed.
     *
     * @param checkpointsPerSecond container and BCS, as the Java side
     * @param bcsOnlyCheckpointsPerSecond BCS alone, from containers parsed before
     * @param sha256 of the text of all it decoded
     */
    record Measured(
            int checkpoints,
            long bytes,
            double checkpointsPerSecond,
            double bcsOnlyCheckpointsPerSecond,
            String sdkVersion,
            String nodeVersion,
            String sha256,
            List<Undecodable> undecodable) {}

    /** A file the SDK has no variant for. */
    record Undecodable(String name, String reason) {}

    /** The reference cannot run here; the message says why. */
    static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1;

        UnavailableException(String message) {
            super(message);
        }
    }

    /** Fetches the packages of the lock file, unless they are there. */
    void install() throws UnavailableException, InterruptedException {
        run(List.of("node", "--version"), Duration.ofSeconds(20));
        if (!Files.exists(folder.resolve("node_modules/@mysten/sui/package.json"))) {
            run(List.of("npm", "ci", "--no-audit", "--no-fund"), INSTALL_DEADLINE);
        }
    }

    Measured measure(Path data, Duration warmUp, Duration measured)
            throws UnavailableException, InterruptedException, IOException {
        String printed = run(
                List.of(
                        "node",
                        "decode.mjs",
                        data.toString(),
                        "--warm-up",
                        Long.toString(warmUp.toSeconds()),
                        "--seconds",
                        Long.toString(measured.toSeconds())),
                warmUp.plus(measured).multipliedBy(3).plusMinutes(2));
        return JSON.readValue(printed, Measured.class);
    }

    private String run(List<String> command, Duration deadline) throws UnavailableException, InterruptedException {
        Path output = null;
        try {
            output = Files.createTempFile("vibrissa-bench", ".out");
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new UnavailableException("%s took longer than %s".formatted(command, deadline));
                }
            } finally {
                process.destroy();
            }
            if (process.exitValue() != 0) {
                throw new UnavailableException("%s ended with %d".formatted(command, process.exitValue()));
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UnavailableException("%s does not start: %s".formatted(command.getFirst(), e.getMessage()));
        } finally {
            if (output != null) {
                output.toFile().delete();
            }
        }
    }
}
