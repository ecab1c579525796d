package dev.vibrissa.migrations;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Another JVM running {@link DatabaseHolder}, killed at the latest by {@link #close}. */
record ChildJvm(Process process, BufferedReader output) implements AutoCloseable {
    static ChildJvm holding(Path dataDirectory, Path cache) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), dataDirectory, cache);
    }

    /** Under another account, which gets a class path it can read; only root can do this. */
    static ChildJvm holdingAs(int uid, Path readableFolder, Path dataDirectory, Path cache) throws IOException {
        return start(
                List.of(ServerAccount.tool("setpriv"), "--reuid=" + uid, "--regid=" + uid, "--clear-groups"),
                copyOfClassPath(readableFolder),
                dataDirectory,
                cache);
    }

    private static ChildJvm start(List<String> prefix, String classPath, Path dataDirectory, Path cache)
            throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath,
                DatabaseHolder.class.getName(),
                dataDirectory.toString(),
                cache.toString()));
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectError(Redirect.INHERIT)
                .start();
        return new ChildJvm(process, process.inputReader());
    }

    /** Whether it got the database, in its words; empty if it ended without any. Its log comes the same way. */
    String says() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("ready ") || line.startsWith("refused ")) {
                return line;
            }
        }
        return "";
    }

    /** Waits until it holds the database. */
    ProcessHandle server() throws IOException {
        String line = says();
        if (!line.startsWith("ready ")) {
            throw new IllegalStateException("the child did not get its database: " + line);
        }
        return ProcessHandle.of(Long.parseLong(line.substring(6))).orElseThrow();
    }

    /** kill -9, and waits for its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it end in order. */
    void release() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        output.close();
    }

    private static String copyOfClassPath(Path folder) throws IOException {
        String[] entries = System.getProperty("java.class.path").split(":");
        Files.createDirectories(folder);
        return IntStream.range(0, entries.length)
                .mapToObj(i -> copy(
                        Path.of(entries[i]),
                        folder.resolve(i + "-" + Path.of(entries[i]).getFileName())))
                .collect(Collectors.joining(":"));
    }

    private static String copy(Path from, Path to) {
        try (Stream<Path> walk = Files.exists(from) ? Files.walk(from) : Stream.empty()) {
            for (Path path : walk.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
            return to.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
