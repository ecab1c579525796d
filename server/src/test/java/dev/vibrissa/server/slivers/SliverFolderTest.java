package dev.vibrissa.server.slivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.VerifiedMetadata;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SliverFolderTest {
    private static final EncodingConfig SEVEN = new EncodingConfig(7);

    @TempDir
    Path folder = Path.of("");

    private static byte[] blob(int bytes) {
        byte[] blob = new byte[bytes];
        new Random(bytes).nextBytes(blob);
        return blob;
    }

    /** Symbols of 202 bytes: three blocks of 64 and a tail, the last symbols cut off. */
    @ParameterizedTest
    @EnumSource
    void decodesTheSameInManyStrips(SliverType type) throws Exception {
        byte[] blob = blob(15 * 202 - 20);
        var slivers = new SliverFolder(folder);
        var metadata = new SliverFolderWriter(SEVEN, 2, slivers).write(MemorySegment.ofArray(blob), _ -> {});
        for (int index = 0; index < 7 - SEVEN.sliversToDecode(type); index++) {
            Files.delete(slivers.sliver(type, index));
        }
        var verified = (MetadataVerdict.Accepted) VerifiedMetadata.verify(SEVEN, metadata.blobId(), metadata);
        var reader = new SliverFolderReader(slivers, verified.metadata(), 2, 1);
        byte[] decoded = new byte[blob.length];
        var progress = new java.util.ArrayList<Long>();
        reader.decode(reader.find(type), MemorySegment.ofArray(decoded), progress::add);
        assertThat(decoded).isEqualTo(blob);
        assertThat(progress).hasSize(4).isSorted().endsWith((long) blob.length);
    }

    @Test
    void aRunThatBreaksOffLeavesNoMetadata() {
        byte[] blob = blob(100);
        var writer = new SliverFolderWriter(SEVEN, 1, new SliverFolder(folder));
        assertThatThrownBy(() -> writer.write(MemorySegment.ofArray(blob), _ -> {
                    throw new IllegalStateException("broken off");
                }))
                .hasMessage("broken off");
        assertThat(new SliverFolder(folder).metadata()).doesNotExist();
    }

    @Test
    void aFileThatMayNotBeKeptWasNeverThere() throws Exception {
        Path file = folder.resolve("blob");
        Files.writeString(file, "before");
        assertThat(SliverFolderReader.write(file, 10, _ -> false)).isFalse();
        assertThatThrownBy(() -> SliverFolderReader.write(file, 10, _ -> {
                    throw new IllegalStateException("broken off");
                }))
                .hasMessage("broken off");
        assertThatThrownBy(() -> SliverFolderReader.write(file, Long.MAX_VALUE, _ -> true))
                .isInstanceOf(NoRoomException.class);
        assertThat(file).hasContent("before");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void onlyRegularFilesAreReplaced(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(SliverFolderReader.target(link)).isEqualTo(file.toRealPath());
        assertThat(SliverFolderReader.target(folder.resolve("new")))
                .isEqualTo(folder.resolve("new").toAbsolutePath());
        assertThatThrownBy(() -> SliverFolderReader.target(folder)).hasMessageContaining("no regular file");
        assertThatThrownBy(() -> SliverFolderReader.target(Path.of("/dev/null")))
                .hasMessageContaining("no regular file");
        assertThatThrownBy(() -> SliverFolderReader.target(folder.resolve("none/new")))
                .hasMessageContaining("there is no folder");
    }

    @Test
    void namesDoNotDependOnTheLanguageOfTheMachine(@TempDir Path folder) {
        Locale before = Locale.getDefault(Locale.Category.FORMAT);
        try {
            Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("fa-IR"));
            assertThat(new SliverFolder(folder).sliver(SliverType.PRIMARY, 7)).hasFileName("primary-0007.bin");
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, before);
        }
    }
}
