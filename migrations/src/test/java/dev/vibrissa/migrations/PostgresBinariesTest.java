package dev.vibrissa.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PostgresBinariesTest {
    @TempDir
    private Path folder;

    @Test
    void areUnpackedOnceByRacingProcesses() throws Exception {
        Path cache = folder.resolve("cache");
        try (var first = ChildJvm.holding(folder.resolve("first"), cache);
                var second = ChildJvm.holding(folder.resolve("second"), cache)) {
            assertThat(first.server().isAlive()).isTrue();
            assertThat(second.server().isAlive()).isTrue();
            first.release();
            second.release();
        }
        Path home = PostgresBinaries.unpackedIn(cache);
        assertThat(home.resolve("bin/postgres")).isExecutable();
        assertThat(home.resolve("share/postgresql/postgres.bki")).isNotEmptyFile();
        try (var entries = Files.list(cache)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(home.getFileName().toString(), home.getFileName() + ".lock");
        }
    }

    @Test
    void sayWhereTheyCouldNotBeUnpacked() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> PostgresBinaries.unpackedIn(file.resolve("cache")))
                .isInstanceOf(PostgresUnavailableException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("XDG_CACHE_HOME");
    }
}
