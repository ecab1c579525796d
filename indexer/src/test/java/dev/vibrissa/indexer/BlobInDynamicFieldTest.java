package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Blob that its owner puts into a dynamic field, as games and wallets do, and takes out again or burns there. */
class BlobInDynamicFieldTest {
    private static final long LAST = 1143;
    private static final SuiAddress PARENT = SuiAddress.parse("0x9a7e47");
    private static final SuiAddress NEW_OWNER = SuiAddress.parse("0x0b");
    /** Effects list changes by id: the field comes before the Blob or after it. */
    private static final String LOW_ID = "0x01";

    private static final String HIGH_ID = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    @TempDir
    Path directory = Path.of("");

    private BuiltCheckpoints next;
    private SuiObject blob;
    private final List<Path> built = new ArrayList<>();

    @BeforeEach
    void findABlobThatAnAddressOwns() throws IOException {
        var owned = new TreeMap<SuiAddress, SuiObject>();
        Checkpoint checkpoint = read(LAST);
        for (long number = 1000; number <= LAST; number++) {
            checkpoint = read(number);
            for (var transaction : checkpoint.transactions()) {
                var effects = transaction.effects().decoded().orElseThrow();
                for (var changed : effects.changedObjects()) {
                    owned.remove(changed.id());
                    checkpoint
                            .objects()
                            .after(effects, changed)
                            .flatMap(raw -> raw.object().decoded())
                            .filter(BlobInDynamicFieldTest::isOwnedBlob)
                            .ifPresent(object -> owned.put(changed.id(), object));
                }
            }
        }
        next = new BuiltCheckpoints(directory, checkpoint);
        blob = owned.firstEntry().getValue();
    }

    private static Checkpoint read(long number) throws IOException {
        Path file = Scenarios.directory("blob-life").resolve(number + ".binpb.zst");
        return CheckpointFile.read(Files.readAllBytes(file), file.toString());
    }

    private static boolean isOwnedBlob(SuiObject object) {
        return object.owner() instanceof Owner.AddressOwner
                && object.data() instanceof SuiObject.Move move
                && move.type().module().equals("blob")
                && move.type().name().equals("Blob");
    }

    @ParameterizedTest
    @ValueSource(strings = {LOW_ID, HIGH_ID})
    void isHeldByTheParentUntilItIsTakenOut(String fieldId) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.source("blob-life"), Progress.SILENT);
            var before = row(database);
            assertThat(before).containsEntry("owner_kind", "address");

            SuiObject field = putIn(fieldId);
            ingest(database);
            var inside = row(database);
            assertThat(inside)
                    .containsEntry("owner_kind", "object")
                    .containsEntry("owner", hex(PARENT))
                    .containsEntry("gone_how", "null");
            assertThat(rest(inside)).isEqualTo(rest(before));
            assertThat(innerObjectOf(database, field))
                    .as("how a past state finds the field")
                    .isEqualTo(blob.data().id());

            takeOut(field);
            ingest(database);
            var outside = row(database);
            assertThat(outside).containsEntry("owner_kind", "address").containsEntry("owner", hex(NEW_OWNER));
            assertThat(rest(outside)).isEqualTo(rest(before));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LOW_ID, HIGH_ID})
    void isGoneWhenItIsBurnedWhereItLies(String fieldId) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(Scenarios.source("blob-life"), Progress.SILENT);
            SuiObject field = putIn(fieldId);
            long version = field.data().version() + 1;
            add(
                    version,
                    List.of(field),
                    new ChangedObject(
                            field.data().id(), existing(field), new OutputState.Absent(), IdOperation.DELETED),
                    new ChangedObject(
                            blob.data().id(), new InputState.Absent(), new OutputState.Absent(), IdOperation.DELETED));
            ingest(database);
            assertThat(row(database))
                    .containsEntry("owner_kind", "gone")
                    .containsEntry("owner", "null")
                    .containsEntry("gone_how", "burned");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LOW_ID, HIGH_ID})
    void isTakenInAsFoundByAHistoryThatBeginsThere(String fieldId) throws Exception {
        putIn(fieldId);
        try (var database = TestDatabase.migrated()) {
            ingest(database);
            assertThat(row(database))
                    .containsEntry("owner_kind", "object")
                    .containsEntry("owner", hex(PARENT))
                    .containsEntry("origin", "observed")
                    .containsEntry("registered_checkpoint", "null");
        }
    }

    private SuiObject putIn(String fieldId) {
        var move = (SuiObject.Move) blob.data();
        long version = move.version() + 1_000_000; // beyond whatever the scenario wrote
        var type = new StructTag(
                SuiAddress.parse("0x2"),
                "dynamic_field",
                "Field",
                List.of(TypeTag.Primitive.U64, new TypeTag.Struct(move.type())));
        var contents = new BcsWriter();
        SuiAddress.parse(fieldId).encode(contents);
        contents.u64(7).raw(move.contents());
        var field = new SuiObject(
                new SuiObject.Move(type, false, version, Bytes.of(contents.toByteArray())),
                new Owner.ObjectOwner(PARENT),
                blob.previousTransaction(),
                0);
        add(
                version,
                List.of(blob, field),
                new ChangedObject(blob.data().id(), existing(blob), new OutputState.Absent(), IdOperation.NONE),
                new ChangedObject(field.data().id(), new InputState.Absent(), written(field), IdOperation.CREATED));
        return field;
    }

    private void takeOut(SuiObject field) {
        var move = (SuiObject.Move) blob.data();
        long version = field.data().version() + 1;
        var out = new SuiObject(
                new SuiObject.Move(move.type(), move.hasPublicTransfer(), version, move.contents()),
                new Owner.AddressOwner(NEW_OWNER),
                blob.previousTransaction(),
                0);
        add(
                version,
                List.of(field, out),
                new ChangedObject(field.data().id(), existing(field), new OutputState.Absent(), IdOperation.DELETED),
                new ChangedObject(out.data().id(), new InputState.Absent(), written(out), IdOperation.NONE));
    }

    private void add(long version, List<SuiObject> objects, ChangedObject... changes) {
        var byId = new ArrayList<>(List.of(changes));
        byId.sort(Comparator.comparing(ChangedObject::id));
        built.add(next.add(version, byId, objects));
    }

    private static InputState existing(SuiObject object) {
        return new InputState.Exists(object.data().version(), BuiltCheckpoints.digest(object), object.owner());
    }

    private static OutputState written(SuiObject object) {
        return new OutputState.Written(BuiltCheckpoints.digest(object), object.owner());
    }

    private void ingest(TestDatabase database) throws Exception {
        Scenarios.ingest(database.database(), new TrustAnchor.Unverified()).run(FileSource.of(built), Progress.SILENT);
        try (var db = database.connect();
                var statement = db.createStatement();
                var quarantined = statement.executeQuery("select count(*) from quarantine")) {
            quarantined.next();
            assertThat(quarantined.getInt(1)).isZero();
        }
    }

    /** What stays the same wherever the Blob lies. */
    private static Map<String, String> rest(Map<String, String> row) {
        var rest = new TreeMap<>(row);
        rest.keySet().removeAll(List.of("owner_kind", "owner", "changed_checkpoint"));
        return rest;
    }

    private Map<String, String> row(TestDatabase database) throws Exception {
        var row = new TreeMap<String, String>();
        try (var db = database.connect();
                var select = db.prepareStatement("select * from blob_object where object_id = ?")) {
            select.setBytes(1, blob.data().id().toByteArray());
            try (var found = select.executeQuery()) {
                assertThat(found.next()).isTrue();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.put(found.getMetaData().getColumnName(i), String.valueOf(found.getString(i)));
                }
                assertThat(found.next()).isFalse();
            }
        }
        return row;
    }

    private static SuiAddress innerObjectOf(TestDatabase database, SuiObject field) throws Exception {
        try (var db = database.connect();
                var select = db.prepareStatement("select inner_object_id from object_change where object_id = ?")) {
            select.setBytes(1, field.data().id().toByteArray());
            try (var found = select.executeQuery()) {
                assertThat(found.next()).isTrue();
                return new SuiAddress(found.getBytes(1));
            }
        }
    }

    private static String hex(SuiAddress address) {
        return "\\x" + address.toString().substring(2);
    }
}
