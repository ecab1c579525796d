package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.SuiObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Blob that was wrapped by a stranger, and destroyed there after an index began that never saw it. */
class BackfilledStrayTest {
    private static final long LAST = 1143;

    @TempDir
    Path directory = Path.of("");

    private final List<Path> wrapped = new ArrayList<>();
    private final List<Path> destroyed = new ArrayList<>();

    @ParameterizedTest(name = "announced: {0}")
    @ValueSource(booleans = {true, false})
    void isKnownToBeGoneOnceItsHistoryIsFilledIn(boolean announced) throws Exception {
        try (var straight = TestDatabase.migrated();
                var late = TestDatabase.migrated()) {
            var ingest = Scenarios.ingest(straight.database(), new TrustAnchor.Unverified());
            ingest.run(Scenarios.source("blob-life"), Progress.SILENT);
            wrapAndDestroy(ownedBlob(straight));
            var all = Scenarios.part("blob-life", 1000, LAST);
            ingest.run(FileSource.of(paths(wrapped, destroyed)), Progress.SILENT);
            assertThat(goneHow(straight)).as("what a straight ingest knows").isEqualTo("burned");

            var backfill = BackfillTest.backfill(late.database(), Ingest.Limits.ofThisMachine());
            if (announced) {
                backfill.announce(1000);
            }
            Scenarios.ingest(late.database(), new TrustAnchor.Unverified())
                    .run(FileSource.of(destroyed), Progress.SILENT);
            var reread = new ArrayList<Long>();
            backfill.run(whole(all), 1000, (phase, checkpoint, _) -> {
                if (phase == Backfill.Phase.READ_AGAIN) {
                    reread.add(checkpoint);
                }
            });
            assertThat(TableDigests.of(late.database())).isEqualTo(TableDigests.of(straight.database()));
            if (announced) {
                assertThat(reread).as("only what depends on history").containsExactly(LAST + 3);
            }
        }
    }

    @Test
    void suspectsAreNotKeptForHistoryThatNobodyHas() throws Exception {
        try (var straight = TestDatabase.migrated();
                var database = TestDatabase.migrated()) {
            Scenarios.ingest(straight.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.source("blob-life"), Progress.SILENT);
            wrapAndDestroy(ownedBlob(straight));
            var backfill = BackfillTest.backfill(database.database(), Ingest.Limits.ofThisMachine());
            var ingest = Scenarios.ingest(database.database(), new TrustAnchor.Unverified());
            ingest.run(FileSource.of(wrapped), Progress.SILENT);
            assertThat(backfill.run(FileSource.of(wrapped), 1000, Backfill.Progress.SILENT))
                    .contains(new Backfill.Outcome(LAST + 1, 0, false));
            ingest.run(FileSource.of(paths(wrapped, destroyed)), Progress.SILENT);
            assertThat(suspects(database)).isZero();

            backfill.run(whole(Scenarios.part("blob-life", 1000, LAST)), 1000, Backfill.Progress.SILENT);
            var ingestAll = Scenarios.ingest(straight.database(), new TrustAnchor.Unverified());
            ingestAll.run(FileSource.of(paths(wrapped, destroyed)), Progress.SILENT);
            assertThat(TableDigests.of(database.database()))
                    .as("should somebody have it after all")
                    .isEqualTo(TableDigests.of(straight.database()));
        }
    }

    private static long suspects(TestDatabase database) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery("select count(*) from suspect")) {
            row.next();
            return row.getLong(1);
        }
    }

    private CheckpointSource whole(CheckpointSource scenario) throws InterruptedException {
        var paths = new ArrayList<Path>();
        for (long number = scenario.first(); number <= LAST; number++) {
            paths.add(Scenarios.directory("blob-life").resolve(number + ".binpb.zst"));
        }
        paths.addAll(paths(wrapped, destroyed));
        return FileSource.of(paths);
    }

    private static List<Path> paths(List<Path> one, List<Path> other) {
        var all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private void wrapAndDestroy(SuiObject blob) throws Exception {
        Path last = Scenarios.directory("blob-life").resolve(LAST + ".binpb.zst");
        var next = new BuiltCheckpoints(directory, CheckpointFile.read(Files.readAllBytes(last), last.toString()));
        long version = blob.data().version() + 1_000_000;
        wrapped.add(next.add(
                version,
                List.of(new ChangedObject(
                        blob.data().id(),
                        new InputState.Exists(blob.data().version(), BuiltCheckpoints.digest(blob), blob.owner()),
                        new OutputState.Absent(),
                        IdOperation.NONE)),
                List.of(blob)));
        destroyed.add(next.add(version + 1, List.of(), List.of()));
        destroyed.add(next.add(
                version + 2,
                List.of(new ChangedObject(
                        blob.data().id(), new InputState.Absent(), new OutputState.Absent(), IdOperation.DELETED)),
                List.of()));
    }

    private static SuiObject ownedBlob(TestDatabase database) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery("""
                        select c.object_bcs from blob_object b
                        join lateral (select * from object_change c where c.object_id = b.object_id
                          order by version desc limit 1) c on true
                        where b.owner_kind = 'address' and c.object_bcs is not null order by b.object_id limit 1
                        """)) {
            row.next();
            return BcsReader.decode(row.getBytes(1), SuiObject::decode);
        }
    }

    private static String goneHow(TestDatabase database) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery("""
                        select b.gone_how from blob_object b join object_change c using (object_id)
                        where c.checkpoint = %d
                        """.formatted(LAST + 3))) {
            row.next();
            return row.getString(1);
        }
    }
}
