package dev.vibrissa.protocol.walrus.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.KnownAnswers;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Decodes objects as they lie in checkpoints. */
class WalrusObjectDecodingTest {
    private static final SuiAddress OBJECT =
            SuiAddress.parse("0xe91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac50");
    private static final SuiAddress OTHER =
            SuiAddress.parse("0x4748cd83217b5ce7aa77e7f1ad6fc5f7f694e26a157381b9391ac65c47815faf");

    /** A row of {@code objects.csv}; key tag and parent are empty for an object that is no dynamic field. */
    record Vector(String at, String keyTag, String module, String name, String hex, String parent) {
        byte[] contents() {
            return HexFormat.of().parseHex(hex);
        }

        boolean isField() {
            return !keyTag.isEmpty();
        }

        @Override
        public String toString() {
            return "%s of %s, %d bytes".formatted(name, at, hex.length() / 2);
        }
    }

    static Stream<Vector> vectors() {
        return KnownAnswers.lines("objects.csv").skip(1).map(line -> {
            String[] column = line.split(",", -1);
            return new Vector(column[0], column[1], column[2], column[3], column[4], column[5]);
        });
    }

    @Test
    void readsTheBlobVector() {
        assertThat(decode(
                        "blob",
                        "Blob",
                        "e91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac500700000013bfe7357bc553fdea655bb7387d72c9"
                                + "c446ecb665ca7d7e5311030830ea186540420f00000000000101070000004748cd83217b5ce7aa77e7f1ad6fc5f7f694e26a"
                                + "157381b9391ac65c47815faf070000000c000000f0b12c040000000001"))
                .isEqualTo(new Blob(
                        OBJECT,
                        7,
                        BlobId.parse("E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1-UxEDCDDqGGU"),
                        1_000_000,
                        1,
                        Optional.of(7L),
                        new Storage(OTHER, 7, 12, 70_038_000),
                        true));
    }

    @Test
    void readsTheStakedWalVector() {
        assertThat(decode(
                        "staked_wal",
                        "StakedWal",
                        "e91eee8c5b6f35b9a250cfc29e30f0d9e5463a21fd8d1ddb0fc22d44db4eac5001090000004748cd83217b5ce7aa77e7f1ad6fc5"
                                + "f7f694e26a157381b9391ac65c47815faf00f902950000000005000000"))
                .isEqualTo(new StakedWal(OBJECT, new StakedWal.State.Withdrawing(9), OTHER, 2_500_000_000L, 5));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void readsObjectsOfTheScenariosAndWritesThemBack(Vector vector) {
        assertThat(rewritten(vector, vector.contents())).contains(vector.contents());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void refusesAnyOtherLength(Vector vector) {
        byte[] contents = vector.contents();
        for (int length = 0; length < contents.length; length++) {
            assertThat(rewritten(vector, Arrays.copyOf(contents, length))).isEmpty();
        }
        assertThat(rewritten(vector, Arrays.copyOf(contents, contents.length + 1)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void derivesTheIdOfEveryFieldFromItsParentAndKey(Vector vector) {
        if (!vector.isField()) {
            return; // an object of its own
        }
        var in = new BcsReader(vector.contents());
        var id = SuiAddress.decode(in);
        var key = fieldKey(vector.keyTag, in);
        assertThat(key.under(SuiAddress.parse("0x" + vector.parent))).isEqualTo(id);
    }

    private static Optional<byte[]> rewritten(Vector vector, byte[] contents) {
        if (!vector.isField()) {
            return WalrusObject.decode(vector.module, vector.name, contents)
                    .known()
                    .map(WalrusObject::toBcs);
        }
        return WalrusObject.decodeField(keyType(vector.keyTag), vector.module, vector.name, contents)
                .known()
                .map(field -> BcsWriter.encode(
                        field, (out, f) -> f.encode(out, BcsWriter::raw, (to, value) -> value.encode(to))));
    }

    /** Keys as their own bytes, whatever their type. */
    private static Function<BcsReader, byte[]> keyType(String tagHex) {
        return in -> {
            int start = in.position();
            fieldKey(tagHex, in);
            return in.since(start);
        };
    }

    private static FieldKey fieldKey(String tagHex, BcsReader in) {
        return switch (tagHex) {
            case "02" -> FieldKey.u64(in.u64());
            case "09" -> FieldKey.u32(in.u32());
            case "0601" -> FieldKey.text(in.string());
            default -> {
                var tag = new BcsReader(HexFormat.of().parseHex(tagHex));
                tag.skip(1);
                var address = SuiAddress.decode(tag);
                String module = tag.string();
                String name = tag.string();
                yield switch (name) {
                    case "ID" -> FieldKey.id(SuiAddress.decode(in));
                    case "PackageDigest" -> {
                        int start = in.position();
                        in.skipBytes();
                        yield FieldKey.struct(address, module, name, in.since(start));
                    }
                    default -> {
                        assertThat(Field.UnitKey.decode(in)).isEqualTo(Field.UnitKey.UNIT);
                        yield FieldKey.unit(address, module, name);
                    }
                };
            }
        };
    }

    /** Types that no scenario contains; the numbers are bytes. */
    @ParameterizedTest
    @CsvSource({"subsidies,Subsidies,84", "wal_exchange,Exchange,96", "coin,TreasuryCap,40"})
    void readsTypesOfFixedSize(String module, String name, int size) {
        byte[] contents = new byte[size];
        for (int i = 0; i < size; i++) {
            contents[i] = (byte) i;
        }
        var object = WalrusObject.decode(module, name, contents).known().orElseThrow();
        assertThat(object.toBcs()).isEqualTo(contents);
        assertThat(WalrusObject.decode(module, name, Arrays.copyOf(contents, size - 1)))
                .isInstanceOf(Decoding.Malformed.class);
        assertThat(WalrusObject.decode(module, name, Arrays.copyOf(contents, size + 1)))
                .isInstanceOf(Decoding.Malformed.class);
    }

    @Test
    void everyTypeIsCoveredByAVector() {
        var covered = new TreeSet<>(Set.of(
                "subsidies::Subsidies", "wal_exchange::Exchange", "coin::TreasuryCap", "site::Site", "site::Resource"));
        vectors().map(vector -> vector.module + "::" + vector.name).forEach(covered::add);
        assertThat(covered).isEqualTo(new HashSet<>(WalrusObject.types()));
    }

    @Test
    void leavesATypeOfALaterContractUnknown() {
        assertThat(WalrusObject.decode("blob_bucket", "BlobBucket", new byte[40]))
                .isEqualTo(new Decoding.Unknown<WalrusObject>("blob_bucket::BlobBucket"));
    }

    @Test
    void refusesAVecMapThatNamesAKeyTwice() {
        byte[] twice = HexFormat.of().parseHex("02" + "01610162" + "01610163");
        assertThat(WalrusObject.decode("metadata", "Metadata", twice))
                .isInstanceOfSatisfying(
                        Decoding.Malformed.class,
                        malformed -> assertThat(malformed.reason()).contains("2 entries but 1 keys"));
    }

    private static WalrusObject decode(String module, String name, String hex) {
        return WalrusObject.decode(module, name, HexFormat.of().parseHex(hex))
                .known()
                .orElseThrow();
    }
}
