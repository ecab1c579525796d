package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of checkpoints in which nothing of Walrus is, as nearly all of a public network are. */
class MilestonesTest {
    private static final long LAST = 1143;

    private static final long EMPTY = 60;

    @TempDir
    Path directory = Path.of("");

    @Test
    void theCertifiedSummaryOfOneInTwentyFiveIsKeptWithoutItsContents() throws Exception {
        Path last = Scenarios.directory("blob-life").resolve(LAST + ".binpb.zst");
        var chain = new BuiltCheckpoints(directory, CheckpointFile.read(Files.readAllBytes(last), last.toString()));
        var empty = new ArrayList<Path>();
        for (long i = 0; i < EMPTY; i++) {
            empty.add(chain.add(i, List.of(), List.of()));
        }
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(FileSource.of(empty), Progress.SILENT);
            assertThat(TableRows.of(database.database(), "select count(*) from checkpoint"))
                    .containsExactly(Long.toString(EMPTY));
            var kept = TableRows.of(database.database(), """
                            select e.checkpoint, contents_zstd is null, encode(digest, 'hex'), encode(summary_bcs, 'hex')
                            from checkpoint_evidence e join checkpoint c on c.sequence_number = e.checkpoint order by 1
                            """).stream()
                    .map(row -> row.split("\\|", 4))
                    .toList();
            assertThat(kept).extracting(row -> row[0]).containsExactly("1150", "1175", "1200");
            assertThat(kept).allSatisfy(row -> {
                assertThat(row[1]).isIn("t", "true");
                assertThat(DigestKind.CHECKPOINT_SUMMARY.digest(Bytes.parseHex(row[3])))
                        .isEqualTo(new Digest(Bytes.parseHex(row[2]).toByteArray()));
            });
        }
    }
}
