package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.ChangedObject;
import dev.vibrissa.protocol.sui.ChangedObject.IdOperation;
import dev.vibrissa.protocol.sui.ChangedObject.InputState;
import dev.vibrissa.protocol.sui.ChangedObject.OutputState;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.protocol.walrus.object.Site;
import dev.vibrissa.protocol.walrus.object.SiteResource;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites, whose files are blobs, after the chain {@code blob-life} has come to its end in an epoch of its own. */
class WalrusSitesTest {
    private static final long LAST = 1143;
    private static final SuiAddress STRANGER = SuiAddress.parse("0xbad");
    private static final SuiAddress PACKAGE =
            WalrusNetwork.mainnet().walrusSites().original().orElseThrow();
    private static final SuiAddress SITE = SuiAddress.parse("0x517e");
    private static final BlobId A = blobId(0xa);
    private static final BlobId B = blobId(0xb);
    private static final String COUNTS = "created, burned, living, resources, blobs, bytes, quilts, broken";

    @TempDir
    Path directory = Path.of("");

    private final TestDatabase database = TestDatabase.migrated();
    private final List<Path> built = new ArrayList<>();
    private BuiltCheckpoints next;
    private long version = 1_000_000; // beyond whatever the scenario wrote
    private long checkpoint = LAST;

    @BeforeEach
    void goOnAfterTheScenario() throws Exception {
        Path last = Scenarios.directory("blob-life").resolve(LAST + ".binpb.zst");
        next = new BuiltCheckpoints(directory, CheckpointFile.read(Files.readAllBytes(last), last.toString()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    static List<SuiAddress> packages() {
        return List.copyOf(WalrusNetwork.mainnet().walrusSites().ids().values());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void areThoseOfThePackagesThatTheNetworkNames(SuiAddress of) throws Exception {
        publish(site(of, SITE), file(of, SITE, "/index.html", A, ""), file(of, SITE, "/same.html", A, ""));
        ingestAfterTheScenario();
        assertThat(now()).isEqualTo("1|0|1|2|1|0|0|2");
        assertThat(rows("select encode(site_id, 'hex'), first_checkpoint, created from site"))
                .containsExactly(SITE.toString().substring(2) + "|" + checkpoint + "|t");
        assertThat(rows("select path, encode(blob_id, 'hex'), checkpoint from site_resource order by path"))
                .containsExactly(
                        "/index.html|0a" + "00".repeat(31) + "|" + checkpoint,
                        "/same.html|0a" + "00".repeat(31) + "|" + checkpoint);
        assertThat(rows("""
                select change, type, encode(inner_object_id, 'hex'), blob_id from object_change
                where type ~ 'site::' order by type desc
                """))
                .containsExactly(
                        "created|site::Site|null|null",
                        "created|Field<site::Resource>|" + SITE.toString().substring(2) + "|null",
                        "created|Field<site::Resource>|" + SITE.toString().substring(2) + "|null");
    }

    @Test
    void noPackageIsBelievedForTheNamesItGives() throws Exception {
        SuiObject wrongKey =
                field(PACKAGE, STRANGER, SITE, "/a", resource("/a", A, "").toBcs());
        SuiObject wrongValue =
                field(STRANGER, PACKAGE, SITE, "/b", resource("/b", A, "").toBcs());
        publish(site(STRANGER, SITE), file(STRANGER, SITE, "/index.html", A, ""), wrongKey, wrongValue);
        // Named as a blob's attributes are, and none.
        publish(at(
                0,
                new SuiObject.Move(
                        new StructTag(
                                SuiAddress.parse("0x2"),
                                "dynamic_field",
                                "Field",
                                List.of(
                                        TypeTag.parse("vector<u8>"),
                                        new TypeTag.Struct(new StructTag(PACKAGE, "metadata", "Metadata", List.of())))),
                        false,
                        0,
                        Bytes.of(new byte[64])),
                new Owner.ObjectOwner(SITE)));
        ingestAfterTheScenario();
        assertThat(now()).isEqualTo("0|0|0|0|0|0|0|0");
        assertThat(rows("select type from object_change where checkpoint > " + LAST))
                .isEmpty();
        assertThat(quarantined()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsKeptAndNotCounted() throws Exception {
        byte[] contents = resource("/a", A, "").toBcs();
        publish(
                object(type("Site"), Arrays.copyOf(SITE.toByteArray(), 40), STRANGER),
                field(PACKAGE, PACKAGE, SuiAddress.parse("0x5"), "/a", Arrays.copyOf(contents, contents.length - 1)));
        SuiObject file = publish(
                        site(PACKAGE, SuiAddress.parse("0x6")), file(PACKAGE, SuiAddress.parse("0x6"), "/", A, ""))
                .getLast();
        rewrite(file, Arrays.copyOf(fieldContents(SuiAddress.parse("0x6"), "/", resource("/", A, "")), 50));
        ingestAfterTheScenario();
        assertThat(now()).isEqualTo("1|0|1|0|0|0|0|0");
        assertThat(quarantined())
                .containsExactlyInAnyOrder("%s::site::Site".formatted(PACKAGE), fieldType(), fieldType());
        assertRebuiltIsTheSame();
    }

    @Test
    void whoseFilesChangeReferToOtherBlobs() throws Exception {
        register(A, 1000);
        var published = publish(
                site(PACKAGE, SITE),
                file(PACKAGE, SITE, "/1", A, ""),
                file(PACKAGE, SITE, "/2", A, ""),
                file(PACKAGE, SITE, "/3", B, "0x0101000200"));
        ingestAfterTheScenario();
        assertThat(now()).as("nobody knows the second blob").isEqualTo("1|0|1|3|2|1000|1|1");

        register(B, 500);
        rewrite(published.get(1), fieldContents(SITE, "/1", resource("/1", B, "")));
        delete(published.get(2));
        ingest();
        assertThat(now()).isEqualTo("1|0|1|2|1|500|1|0");
        assertThat(at(checkpoint - 1)).isEqualTo("1|0|1|3|2|1500|1|0");
        assertThat(at(LAST + 2)).isEqualTo("1|0|1|3|2|1000|1|1");
        assertThat(quarantined()).isEmpty();
        assertRebuiltIsTheSame();
    }

    @Test
    void thatAreBurnedTakeTheirFilesWithThem() throws Exception {
        var published = publish(site(PACKAGE, SITE), file(PACKAGE, SITE, "/", A, ""));
        delete(published.getFirst());
        ingestAfterTheScenario();
        assertThat(now()).isEqualTo("1|1|0|0|0|0|0|0");
        assertThat(at(checkpoint - 1)).isEqualTo("1|0|1|1|1|0|0|1");
        assertRebuiltIsTheSame();
    }

    @Test
    void thatWereInsideOfSomethingAreKnownByTheirId() throws Exception {
        SuiObject site = publish(site(PACKAGE, SITE)).getFirst();
        version++;
        add(List.of(site), new ChangedObject(SITE, existing(site), new OutputState.Absent(), IdOperation.NONE));
        ingestAfterTheScenario();
        assertThat(now()).as("wrapped, and alive").isEqualTo("1|0|1|0|0|0|0|0");
        version++;
        add(List.of(), new ChangedObject(SITE, new InputState.Absent(), new OutputState.Absent(), IdOperation.DELETED));
        ingest();
        assertThat(now()).isEqualTo("1|1|0|0|0|0|0|0");
        assertRebuiltIsTheSame();
    }

    @Test
    void areCountedWhenAnEpochEnds() throws Exception {
        Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                .run(Scenarios.source("blob-life"), Progress.SILENT);
        long epoch = Long.parseLong(rows("select max(epoch) from adoption").getFirst());
        register(A, 1000);
        var first = publish(site(PACKAGE, SITE), file(PACKAGE, SITE, "/", A, ""), file(PACKAGE, SITE, "/b", B, ""));
        emit(new EpochChangeStart(epoch + 1));
        publish(site(PACKAGE, SuiAddress.parse("0x5")));
        delete(first.getFirst());
        emit(new EpochChangeStart(epoch + 2));
        ingest();
        assertThat(rows("select epoch, end_checkpoint, %s from site_epoch where epoch >= %d order by 1"
                        .formatted(COUNTS, epoch)))
                .containsExactly(
                        "%d|%d|1|0|1|2|2|1000|0|1".formatted(epoch, LAST + 2),
                        "%d|%d|1|1|1|0|0|0|0|0".formatted(epoch + 1, LAST + 5));
        assertThat(now()).isEqualTo("2|1|1|0|0|0|0|0");
        assertRebuiltIsTheSame();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void olderThanOurHistoryAreTakenAsFound(boolean burned) throws Exception {
        var older = publish(site(PACKAGE, SITE), file(PACKAGE, SITE, "/", A, ""), file(PACKAGE, SITE, "/b", B, ""));
        built.clear();
        version++;
        if (burned) {
            delete(older.getFirst());
        } else {
            rewrite(older.get(1), fieldContents(SITE, "/", resource("/", B, "")));
            delete(older.get(2));
        }
        ingest();
        assertThat(now()).isEqualTo(burned ? "0|1|0|0|0|0|0|0" : "0|0|1|1|1|0|0|1");
        assertThat(rows("select count(*) from object_change where change = 'observed'"))
                .containsExactly(burned ? "1" : "2");
        assertRebuiltIsTheSame();
    }

    /** Stores the objects as new ones of one transaction. */
    private List<SuiObject> publish(SuiObject... objects) {
        version++;
        var written = Arrays.stream(objects)
                .map(object -> at(version, (SuiObject.Move) object.data(), object.owner()))
                .toList();
        add(
                written,
                written.stream()
                        .map(object -> new ChangedObject(
                                object.data().id(), new InputState.Absent(), written(object), IdOperation.CREATED))
                        .toArray(ChangedObject[]::new));
        return written;
    }

    private void rewrite(SuiObject before, byte[] contents) {
        version++;
        var move = (SuiObject.Move) before.data();
        var after = at(
                version,
                new SuiObject.Move(move.type(), move.hasPublicTransfer(), version, Bytes.of(contents)),
                before.owner());
        add(
                List.of(before, after),
                new ChangedObject(before.data().id(), existing(before), written(after), IdOperation.NONE));
    }

    private void delete(SuiObject object) {
        version++;
        add(
                List.of(object),
                new ChangedObject(object.data().id(), existing(object), new OutputState.Absent(), IdOperation.DELETED));
    }

    private void register(BlobId blob, long size) {
        emit(new BlobRegistered(1, blob, size, 1, 100, true, new SuiAddress(blob.toByteArray())));
    }

    private void emit(WalrusEvent event) {
        version++;
        checkpoint++;
        var walrus = WalrusNetwork.mainnet().walrus().original().orElseThrow();
        built.add(next.add(
                version,
                List.of(),
                List.of(),
                List.of(new Event(
                        walrus,
                        "system",
                        STRANGER,
                        new StructTag(walrus, WalrusEvent.MODULE, event.name(), List.of()),
                        Bytes.of(event.toBcs())))));
    }

    private void add(List<SuiObject> objects, ChangedObject... changes) {
        checkpoint++;
        built.add(next.add(version, List.of(changes), objects));
    }

    private static SuiObject site(SuiAddress of, SuiAddress id) {
        return object(
                new StructTag(of, "site", "Site", List.of()), new Site(id, "sea", Optional.empty()).toBcs(), STRANGER);
    }

    private static StructTag type(String name) {
        return new StructTag(PACKAGE, "site", name, List.of());
    }

    private static SuiObject object(StructTag type, byte[] contents, SuiAddress owner) {
        return at(0, new SuiObject.Move(type, true, 0, Bytes.of(contents)), new Owner.AddressOwner(owner));
    }

    private static SuiObject file(SuiAddress of, SuiAddress site, String path, BlobId blob, String quiltPatch) {
        return field(of, of, site, path, resource(path, blob, quiltPatch).toBcs());
    }

    private static SiteResource resource(String path, BlobId blob, String quiltPatch) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", "text/html");
        if (!quiltPatch.isEmpty()) {
            headers.put("x-wal-quilt-patch-internal-id", quiltPatch);
        }
        return new SiteResource(path, headers, blob, BigInteger.ONE, Optional.empty());
    }

    /** A dynamic field under a site, with key and value of two packages' types. */
    private static SuiObject field(SuiAddress key, SuiAddress value, SuiAddress site, String path, byte[] contents) {
        var type = new StructTag(
                SuiAddress.parse("0x2"),
                "dynamic_field",
                "Field",
                List.of(
                        new TypeTag.Struct(new StructTag(key, "site", "ResourcePath", List.of())),
                        new TypeTag.Struct(new StructTag(value, "site", "Resource", List.of()))));
        var out = new BcsWriter();
        fieldId(key, site, path).encode(out);
        out.string(path).raw(contents);
        return at(0, new SuiObject.Move(type, false, 0, Bytes.of(out.toByteArray())), new Owner.ObjectOwner(site));
    }

    private static byte[] fieldContents(SuiAddress site, String path, SiteResource resource) {
        return ((SuiObject.Move)
                        field(PACKAGE, PACKAGE, site, path, resource.toBcs()).data())
                .contents()
                .toByteArray();
    }

    private static SuiAddress fieldId(SuiAddress of, SuiAddress site, String path) {
        return FieldKey.struct(
                        of, "site", "ResourcePath", new BcsWriter().string(path).toByteArray())
                .under(site);
    }

    private static SuiObject at(long version, SuiObject.Move move, Owner owner) {
        return new SuiObject(
                new SuiObject.Move(move.type(), move.hasPublicTransfer(), version, move.contents()),
                owner,
                new Digest(new byte[Digest.SIZE]),
                0);
    }

    private static InputState existing(SuiObject object) {
        return new InputState.Exists(object.data().version(), BuiltCheckpoints.digest(object), object.owner());
    }

    private static OutputState written(SuiObject object) {
        return new OutputState.Written(BuiltCheckpoints.digest(object), object.owner());
    }

    private static BlobId blobId(int first) {
        var bytes = new byte[BlobId.SIZE];
        bytes[0] = (byte) first;
        return new BlobId(bytes);
    }

    private static String fieldType() {
        return "0x%064x::dynamic_field::Field<%s::site::ResourcePath, %s::site::Resource>"
                .formatted(2, PACKAGE, PACKAGE);
    }

    private void ingestAfterTheScenario() throws Exception {
        Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                .run(Scenarios.source("blob-life"), Progress.SILENT);
        ingest();
    }

    private void ingest() throws Exception {
        Scenarios.ingest(database.database(), new TrustAnchor.Unverified()).run(FileSource.of(built), Progress.SILENT);
    }

    private String now() throws Exception {
        return at(checkpoint);
    }

    private String at(long until) throws Exception {
        return rows("select %s from site_count(-1, %d)".formatted(COUNTS, until))
                .getFirst();
    }

    private List<String> quarantined() throws Exception {
        return rows("select type from quarantine where part = 'object'");
    }

    private void assertRebuiltIsTheSame() throws Exception {
        var live = TableDigests.of(database.database());
        for (Projection projection : Projection.values()) {
            new Rebuild(database.database()).run(projection, Progress.SILENT);
        }
        assertThat(TableDigests.of(database.database())).isEqualTo(live);
    }

    private List<String> rows(String sql) throws Exception {
        return TableRows.of(database.database(), sql);
    }
}
