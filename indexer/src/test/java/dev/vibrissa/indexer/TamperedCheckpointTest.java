package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One bit, anywhere: the checkpoint is refused and changes nothing. */
class TamperedCheckpointTest {
    private static final long CERTIFYING = 1012;

    @AutoClose
    static final TestDatabase DATABASE = TestDatabase.migrated();

    @TempDir
    Path directory;

    enum Tampered {
        SUMMARY(Checkpoint::summaryBcs),
        SIGNATURE(checkpoint -> checkpoint.signature().signature()),
        SIGNERS(checkpoint -> checkpoint.signature().bitmap()),
        CONTENTS(Checkpoint::contentsBcs),
        TRANSACTION(checkpoint -> checkpoint.transactions().getFirst().data().bcs()),
        EFFECTS(checkpoint -> checkpoint.transactions().getFirst().effects().bcs()),
        EVENTS(checkpoint ->
                checkpoint.transactions().getFirst().events().orElseThrow().bcs()),
        OBJECT(checkpoint -> checkpoint.objects().all().stream()
                .filter(object -> object.bcs().length() < 600)
                .findFirst()
                .orElseThrow()
                .bcs());

        private final Function<Checkpoint, Bytes> part;

        Tampered(Function<Checkpoint, Bytes> part) {
            this.part = part;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedAndChangesNothing(Tampered tampered) throws Exception {
        var ingest = Scenarios.ingest(DATABASE.database(), Scenarios.anchor("blob-life"));
        ingest.run(Scenarios.part("blob-life", 1000, CERTIFYING - 1), Progress.SILENT);
        var before = TableDigests.of(DATABASE.database());

        byte[] bytes = plain(Scenarios.directory("blob-life").resolve(CERTIFYING + ".binpb.zst"));
        Bytes part = tampered.part.apply(CheckpointFile.read(bytes, CERTIFYING + ".binpb"));
        int last = position(bytes, part) + part.length() - 1;
        bytes[last] ^= 1;
        Path file = Files.write(directory.resolve(CERTIFYING + ".binpb"), bytes);

        assertThatThrownBy(() -> ingest.run(FileSource.of(List.of(file)), Progress.SILENT))
                .hasMessageContaining(Long.toString(CERTIFYING));
        assertThat(TableDigests.of(DATABASE.database())).isEqualTo(before);
    }

    private static byte[] plain(Path compressed) throws Exception {
        try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(Files.readAllBytes(compressed)))) {
            return in.readAllBytes();
        }
    }

    private static int position(byte[] whole, Bytes part) {
        int at = HexFormat.of().formatHex(whole).indexOf(part.toString());
        assertThat(at).as("where the part stands in the file").isNotNegative();
        return at / 2;
    }
}
