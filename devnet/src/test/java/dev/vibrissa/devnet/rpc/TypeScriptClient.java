package dev.vibrissa.devnet.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The Sui TypeScript SDK under node, as the lock file of {@code src/test/resources/typescript} names it. */
public final class TypeScriptClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SOURCE =
            Path.of(System.getProperty("vibrissa.root"), "devnet/src/test/resources/typescript");
    private static final Path FOLDER = Path.of(System.getProperty("vibrissa.root"), "devnet/target/typescript");
    private static final Path ERRORS = FOLDER.resolve("errors.txt");
    private static final Duration INSTALL_DEADLINE = Duration.ofMinutes(5);
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Map<String, String> environment;

    private TypeScriptClient(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Fetches the packages of the lock file, unless they are there.
     *
     * @throws TestAbortedException if there is no node, or no registry to fetch from
     */
    public static TypeScriptClient install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        Path lock = FOLDER.resolve("package-lock.json");
        boolean current = Files.exists(lock)
                && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) < 0
                && Files.exists(FOLDER.resolve("node_modules/.package-lock.json"));
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "read.mjs")) {
            Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        require(List.of("node", "--version"), DEADLINE);
        if (!current) {
            require(List.of("npm", "ci", "--no-audit", "--no-fund"), INSTALL_DEADLINE);
        }
        return new TypeScriptClient(Map.of());
    }

    private static void require(List<String> command, Duration deadline) throws InterruptedException {
        try {
            Process process = process(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                process.destroy();
                throw new TestAbortedException("%s does not work here: %s".formatted(command, output.strip()));
            }
        } catch (IOException e) {
            throw new TestAbortedException("%s does not start here: %s".formatted(command, e.getMessage()), e);
        }
    }

    private static ProcessBuilder process(List<String> command) {
        return new ProcessBuilder(command).directory(FOLDER.toFile());
    }

    /** The same, believing certificates of a PEM file. */
    public TypeScriptClient trusting(Path certificates) {
        return new TypeScriptClient(Map.of("NODE_EXTRA_CA_CERTS", certificates.toString()));
    }

    /** What the script printed last. */
    public JsonNode run(String... arguments) throws IOException, InterruptedException {
        try (var running = start(arguments)) {
            return running.result();
        }
    }

    Running start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("node", "read.mjs"));
        command.addAll(List.of(arguments));
        var builder = process(command).redirectError(ERRORS.toFile());
        builder.environment().putAll(environment);
        return new Running(builder.start());
    }

    /** The script at work. */
    record Running(Process process, BufferedReader output) implements AutoCloseable {
        Running(Process process) {
            this(process, process.inputReader(StandardCharsets.UTF_8));
        }

        /** Waits for a line. */
        String line() throws IOException {
            return String.valueOf(output.readLine());
        }

        JsonNode result() throws IOException, InterruptedException {
            String last = String.join("", output.readAllLines());
            if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new AssertionError("the TypeScript client failed: " + Files.readString(ERRORS));
            }
            return JSON.readTree(last);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
