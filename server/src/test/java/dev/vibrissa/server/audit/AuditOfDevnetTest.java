package dev.vibrissa.server.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether each bad node is found, and no honest one is blamed: on networks that differ by their seeds. */
class AuditOfDevnetTest {
    /** Networks at a time: they mostly wait for their clocks. */
    private static final int AT_ONCE = 3;

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(300)
    void eachBadNodeGetsItsVerdictAndNoHonestOneIsBlamed() throws Exception {
        audit(1, 3);
    }

    @Test
    @Timeout(1_200)
    @Tag("soak")
    void soDoThoseOfTenMoreNetworks() throws Exception {
        audit(4, 13);
    }

    private void audit(long firstSeed, long lastSeed) throws Exception {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var running = new ArrayList<Future<?>>();
            for (long seed : LongStream.rangeClosed(firstSeed, lastSeed).toArray()) {
                var network = new AuditedDevnet(seed, Files.createDirectory(folder.resolve("seed-" + seed)));
                running.add(threads.submit(() -> {
                    network.run();
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }
}
