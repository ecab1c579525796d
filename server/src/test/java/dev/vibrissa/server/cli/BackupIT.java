package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.conformance.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands themselves: a backup beside a running server with its embedded database, restored elsewhere, and indexed on. */
@Tag("soak")
class BackupIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path FOLDER = ROOT.resolve("indexer/src/test/resources/scenarios/blob-life");

    private final Program program = Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"));

    @TempDir
    Path directory = Path.of("");

    @Test
    @Timeout(300)
    void whatWasKeptBesideARunningServerIsRestoredAndIndexedOn() throws Exception {
        Path kept = directory.resolve("kept");
        try (var store = new GrowingStore(FOLDER, 1020)) {
            try (var up = program.serve(directory.resolve("up.log"), chain("one", "--source", store.address()))) {
                until(up.address(), "1020");
                var backup = program.run(directory.resolve("backup.log"), chain("one", "backup", "" + kept));
                assertThat(backup.exitCode()).as(backup.output()).isZero();
                assertThat(backup.output()).contains("up to checkpoint 1020");
            }
            var restore = program.run(directory.resolve("restore.log"), chain("two", "restore", "" + kept));
            assertThat(restore.exitCode()).as(restore.output()).isZero();
            var again = program.run(directory.resolve("again.log"), chain("two", "restore", "" + kept));
            assertThat(again.exitCode()).isEqualTo(69);
            assertThat(again.output()).contains("is not empty");
            store.growTo(1143);
            try (var up = program.serve(directory.resolve("on.log"), chain("two", "--source", store.address()))) {
                until(up.address(), "1143");
            }
        }
    }

    private String[] chain(String data, String... others) {
        var all = new ArrayList<>(List.of(others));
        all.addAll(List.of("--network", "mainnet", "--data", "" + directory.resolve(data)));
        if (!List.of("backup", "restore").contains(others[0])) {
            all.addAll(List.of("--label", "synthetic chain", "--from", "1000"));
        }
        return all.toArray(String[]::new);
    }

    private static void until(URI server, String checkpoint) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            String last = "";
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); System.nanoTime() < end; ) {
                last = http.send(
                                HttpRequest.newBuilder(server.resolve("/q/health/well"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                if (last.contains("committed checkpoint " + checkpoint)) {
                    return;
                }
                LockSupport.parkNanos(100_000_000);
            }
            throw new AssertionError(last);
        }
    }
}
