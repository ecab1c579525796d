package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    @TempDir
    Path directory;

    private void file(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    @Test
    void takesNumberedFilesInAnyOrderAndPrefersProtobuf() throws Exception {
        file("12.chk", "old");
        file("12.binpb.zst", "new");
        file("11.chk", "eleven");
        file("13.binpb", "thirteen");
        file("README.md", "no checkpoint");
        var source = FileSource.of(List.of(directory));
        assertThat(source.first()).isEqualTo(11);
        assertThat(source.last()).contains(13L);
        assertThat(source.fetch(12, Room.UNBOUNDED))
                .hasValueSatisfying(raw ->
                        assertThat(raw.bytes()).isEqualTo("new".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(source.fetch(14, Room.UNBOUNDED)).isEmpty();
    }

    @Test
    void refusesAGapWithItsNumbersBeforeAnythingIsRead() throws Exception {
        file("10.chk", "a");
        file("11.chk", "b");
        file("15.chk", "c");
        assertThatThrownBy(() -> FileSource.of(List.of(directory)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("checkpoint 15 follows 11, 3 missing");
    }

    @Test
    void refusesTwoDifferentFilesOfOneCheckpoint() throws Exception {
        file("10.chk", "a");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("10.chk"), "b");
        assertThatThrownBy(() -> FileSource.of(List.of(directory, other)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("two different files of one checkpoint");
    }

    @Test
    void takesTheSameFileTwiceAsOne() throws Exception {
        file("10.chk", "a");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("10.chk"), "a");
        assertThat(FileSource.of(List.of(directory, other)).last()).contains(10L);
    }

    @Test
    void refusesAnEmptyDirectoryAndAPathThatIsNotThere() {
        assertThatThrownBy(() -> FileSource.of(List.of(directory)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("no checkpoint files");
        assertThatThrownBy(() -> FileSource.of(List.of(directory.resolve("nowhere"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("neither a file nor a directory");
    }

    @Test
    void refusesANumberThatNoCheckpointHas() throws Exception {
        file("9999999999999999999.chk", "a");
        assertThatThrownBy(() -> FileSource.of(List.of(directory)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("no checkpoint has that number");
    }
}
