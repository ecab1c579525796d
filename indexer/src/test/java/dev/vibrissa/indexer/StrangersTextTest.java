package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.FileSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
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
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.Metadata;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What anybody may write on chain, and no index of a database can hold as it is. */
class StrangersTextTest {
    private static final long LAST = 1143;
    private static final SuiAddress BLOB = SuiAddress.parse("0xb10b");
    private static final SuiAddress PACKAGE =
            WalrusNetwork.mainnet().walrus().original().orElseThrow();
    private static final long VERSION = 1_000_000;
    private static final Digest TRANSACTION = new Digest(new byte[Digest.SIZE]);
    private static final SuiAddress PARENT = SuiAddress.parse("0x9a7e47");
    private final Random random = new Random(1);

    @TempDir
    Path directory = Path.of("");

    @Test
    void longKeysOfAttributesAndLongTypesAreTakenIn() throws Exception {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put(letters(8_000), "a");
        String longValue = letters(8_000);
        attributes.put(letters(8_000), longValue);
        attributes.put("\0", "replaced");
        attributes.put("\uFFFD", "the later one stays");
        var name = new BcsWriter();
        name.bytes(Bytes.of("metadata".getBytes(StandardCharsets.UTF_8)));
        var metadata = new BcsWriter();
        new Metadata(attributes).encode(metadata);
        SuiObject ofBlob = field(
                "0x01",
                BLOB,
                TypeTag.parse("vector<u8>"),
                new TypeTag.Struct(ours("metadata", "Metadata")),
                name.toByteArray(),
                metadata.toByteArray());

        var value = new TypeTag.Struct(new StructTag(
                PARENT,
                "m",
                "Wide",
                Stream.generate(() -> letters(120))
                        .limit(60)
                        .<TypeTag>map(each -> new TypeTag.Struct(new StructTag(PARENT, "m", each, List.of())))
                        .toList()));
        // A key that anybody can make, on an object of his own.
        SuiObject ofStranger = field(
                "0x02",
                PARENT,
                new TypeTag.Struct(ours("node_metadata", "NodeMetadata")),
                value,
                new byte[3],
                new byte[8]);

        var last = CheckpointFile.read(
                Files.readAllBytes(Scenarios.directory("blob-life").resolve(LAST + ".binpb.zst")), "blob-life");
        Path built = new BuiltCheckpoints(directory, last)
                .add(VERSION, List.of(created(ofBlob), created(ofStranger)), List.of(ofBlob, ofStranger));
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                    .run(FileSource.of(List.of(built)), Progress.SILENT);
            assertThat(TableRows.of(
                            database.database(),
                            "select length(key), left(value, 20) from attribute order by length(value), key"))
                    .containsExactlyInAnyOrder("8000|a", "8000|" + longValue.substring(0, 20), "1|the later one stays");
            assertThat(TableRows.of(
                            database.database(), "select left(type, 40), length(type) from object_change order by 1"))
                    .containsExactly("Field<metadata::Metadata>|25", "Field<node_metadata::NodeMetadata, Wide<|256");
        }
    }

    private String letters(int count) {
        return random.ints(count, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static StructTag ours(String module, String name) {
        return new StructTag(PACKAGE, module, name, List.of());
    }

    private static SuiObject field(
            String id, SuiAddress parent, TypeTag keyType, TypeTag valueType, byte[] key, byte[] value) {
        var contents = new BcsWriter();
        SuiAddress.parse(id).encode(contents);
        contents.raw(key).raw(value);
        var type = new StructTag(SuiAddress.parse("0x2"), "dynamic_field", "Field", List.of(keyType, valueType));
        return new SuiObject(
                new SuiObject.Move(type, false, VERSION, Bytes.of(contents.toByteArray())),
                new Owner.ObjectOwner(parent),
                TRANSACTION,
                0);
    }

    private static ChangedObject created(SuiObject object) {
        return new ChangedObject(
                object.data().id(),
                new InputState.Absent(),
                new OutputState.Written(BuiltCheckpoints.digest(object), object.owner()),
                IdOperation.CREATED);
    }
}
