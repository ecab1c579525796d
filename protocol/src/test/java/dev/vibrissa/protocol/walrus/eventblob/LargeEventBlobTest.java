package dev.vibrissa.protocol.walrus.eventblob;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.End;
import dev.vibrissa.protocol.walrus.eventblob.EventBlobReader.Read;
import dev.vibrissa.protocol.walrus.status.EventId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is read in passing: what is held at any moment is one element, however many there are. */
class LargeEventBlobTest {
    private static final int CHECKPOINTS = 100_000;

    @Test
    void isReadWithoutBeingHeld(@TempDir Path folder) throws IOException {
        var file = folder.resolve("event-blob");
        var event = new EpochChangeStart(1);
        var id = new EventId(new Digest(new byte[32]), 0);
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            var writer = new EventBlobWriter(out, new EventBlobHeader(1, Optional.empty()));
            for (int i = 0; i < CHECKPOINTS; i++) {
                writer.add(new Element.Occurrence(2L * i, i, 0, id, event));
                writer.add(new Element.Boundary(2L * i + 1, i, 1));
            }
            writer.end();
        }
        assertThat(Files.size(file)).isGreaterThan(9_000_000);

        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (var reader = EventBlobReader.open(file)) {
            while (reader.next() instanceof Read) {
                // in passing
            }
            assertThat(reader.next()).isInstanceOfSatisfying(End.class, end -> {
                assertThat(end.extent().elements()).isEqualTo(2 * CHECKPOINTS);
                assertThat(end.extent().events()).isEqualTo(CHECKPOINTS);
            });
        }
        // Garbage, all of it; but bounded by the entries, not by what they announce.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * 1024 * 1024);
    }
}
