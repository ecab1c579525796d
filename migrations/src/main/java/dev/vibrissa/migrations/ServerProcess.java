package dev.vibrissa.migrations;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Starts programs that must not outlive this JVM. */
final class ServerProcess {
    private ServerProcess() {}

    /**
     * Starts a program on a platform thread that lives until the program ends. The kernel sends the parent-death signal
     * when the <em>thread</em> that started the program ends, so neither the caller's thread nor a virtual one will do.
     *
     * @param output file that gets what the program says; not a pipe, which would break with us
     */
    static Process start(List<String> command, Path workingDirectory, Path output) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(output.toFile()));
        // The user's PG… and LD_… variables are meant for other programs; messages are to be in English.
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C", "TZ", "UTC"));

        var started = new CompletableFuture<Process>();
        Thread.ofPlatform().daemon().name("postgres-parent").start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                outlive(process);
            } catch (IOException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static void outlive(Process process) {
        process.onExit().join(); // uninterruptible, unlike waitFor: ending early would end the server
    }
}
