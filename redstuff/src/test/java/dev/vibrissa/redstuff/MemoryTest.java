package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about memory holds: all that a thread allocates is counted, freed or not. */
class MemoryTest {
    private static final long MEBIBYTE = 1 << 20;

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void encodingTakesNoMoreForALargeBlob(@TempDir Path folder) throws IOException {
        var config = new EncodingConfig(1000);
        long size = 256 * MEBIBYTE;
        try (Arena arena = Arena.ofShared();
                FileChannel file = FileChannel.open(
                        folder.resolve("blob"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MemorySegment blob = file.map(FileChannel.MapMode.READ_WRITE, 0, size, arena); // a hole: no disk is needed
            for (long at = 0; at < size; at += 4097) {
                blob.set(ValueLayout.JAVA_BYTE, at, (byte) at);
            }
            long before = allocated();
            BlobMetadata inStrips = new BlobEncoder(config).metadata(blob);
            assertThat(allocated() - before).isLessThan(300 * MEBIBYTE);
            BlobMetadata smallStrips = new BlobEncoder(config, 2, 1).metadata(blob);
            assertThat(smallStrips).isEqualTo(inStrips);
        }
    }

    @Test
    void verifyingASliverTakesItsExpansionAndLittleMore() {
        var config = new EncodingConfig(1000);
        for (int symbolBytes : new int[] {302, 4820, EncodingConfig.MAX_SYMBOL_BYTES})
            for (SliverType type : SliverType.values()) {
                var sliver = new Sliver(type, 3, symbolBytes, new byte[(int) config.sliverBytes(type, symbolBytes)]);
                new ExpandedSliver(config, sliver); // tables are made once
                long before = allocated();
                new ExpandedSliver(config, sliver).root();
                long recovery = 1000L * symbolBytes - sliver.data().length;
                assertThat(allocated() - before).isLessThan(recovery + 5 * MEBIBYTE);
            }
    }
}
