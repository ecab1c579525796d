package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder is gone on with as it was begun. */
class KeptSettingsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");

    @TempDir
    Path folder = Path.of("");

    private DevnetSettings with(long seed, Optional<Instant> start, int shards, int nodes, Duration walrusEpoch) {
        return new DevnetSettings(
                folder, seed, start, shards, nodes, walrusEpoch, Duration.ofMillis(250), FaultScript.NONE, 1, 0, 0);
    }

    private DevnetSettings begun() {
        return with(7, Optional.of(START.plusNanos(456)), 100, 12, Duration.ofMinutes(3));
    }

    @Test
    void theSameIsGoneOnWith() throws Exception {
        assertThat(KeptSettings.agree(begun())).isEqualTo(START);
        assertThat(KeptSettings.agree(begun())).isEqualTo(START);
        assertThat(KeptSettings.agree(with(7, Optional.empty(), 100, 12, Duration.ofMinutes(3))))
                .isEqualTo(START);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8 | 2026-01-01T00:00:00.123Z | 100 | 12 | PT3M | of seed 7, not 8
            7 | 2026-01-02T00:00:00Z     | 100 | 12 | PT3M | that began at 2026-01-01T00:00:00.123Z, not 2026-01-02T00:00:00Z
            7 | 2026-01-01T00:00:00.123Z |  50 | 12 | PT3M | of 100 shards, not 50
            7 | 2026-01-01T00:00:00.123Z | 100 | 10 | PT3M | of 12 nodes, not 10
            7 | 2026-01-01T00:00:00.123Z | 100 | 12 | PT2M | with epochs of PT3M, not PT2M
            """)
    void anotherValueIsRefusedByName(
            long seed, Instant start, int shards, int nodes, Duration walrusEpoch, String difference) throws Exception {
        KeptSettings.agree(begun());
        assertThatThrownBy(() -> KeptSettings.agree(with(seed, Optional.of(start), shards, nodes, walrusEpoch)))
                .isInstanceOf(OtherNetworkException.class)
                .hasMessage("%s holds a network %s".formatted(folder, difference));
    }

    @Test
    void whatWasHalfWrittenIsWrittenAnew() throws Exception {
        Files.writeString(folder.resolve("settings.part"), "se");
        assertThat(KeptSettings.agree(begun())).isEqualTo(START);
        assertThat(folder.resolve("settings.part")).doesNotExist();
    }

    @Test
    void aNetworkThatSaysNothingAboutItselfIsOfAnOlderVersion() throws Exception {
        Files.createDirectory(folder.resolve("checkpoints"));
        assertThatThrownBy(() -> KeptSettings.agree(begun()))
                .isInstanceOf(OtherNetworkException.class)
                .hasMessageContaining("older version");
    }
}
