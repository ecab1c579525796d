package dev.vibrissa.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A folder with a script for node and a lock file of what it needs.
 *
 * @param dependency a package that is there once the folder is installed
 */
record NodePackage(Path folder, String dependency) {
    private static final Duration INSTALL_DEADLINE = Duration.ofMinutes(5);

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
        if (!Files.exists(folder.resolve("node_modules").resolve(dependency).resolve("package.json"))) {
            run(List.of("npm", "ci", "--no-audit", "--no-fund"), INSTALL_DEADLINE);
        }
    }

    /** What a command printed that ended well within the deadline. */
    String run(List<String> command, Duration deadline) throws UnavailableException, InterruptedException {
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
