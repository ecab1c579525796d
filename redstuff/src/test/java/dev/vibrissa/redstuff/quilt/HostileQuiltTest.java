package dev.vibrissa.redstuff.quilt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Vectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes a quilt chooses every byte of it. Here: 7 shards, 5 columns of 3 rows. */
class HostileQuiltTest {
    private static final EncodingConfig SEVEN = new EncodingConfig(7);
    private static final int ROWS = 3;
    private static final int COLUMNS = 5;

    /** A quilt with symbols of {@code symbolBytes}, of which only column streams are written. */
    private static final class Writer {
        private final int symbolBytes;
        private final byte[] blob;

        Writer(int symbolBytes) {
            this.symbolBytes = symbolBytes;
            blob = new byte[ROWS * COLUMNS * symbolBytes];
        }

        Writer put(int column, byte[] stream) {
            int columnBytes = ROWS * symbolBytes;
            for (int i = 0; i < stream.length; i++) {
                int inColumn = i % columnBytes;
                blob[
                                inColumn / symbolBytes * COLUMNS * symbolBytes
                                        + (column + i / columnBytes) * symbolBytes
                                        + inColumn % symbolBytes] =
                        stream[i];
            }
            return this;
        }

        Quilt quilt() {
            return Quilt.of(SEVEN, MemorySegment.ofArray(blob));
        }
    }

    private static byte[] bytes(Consumer<ByteArrayOutputStream> content) {
        var out = new ByteArrayOutputStream();
        content.accept(out);
        return out.toByteArray();
    }

    /** An index whose length is as long as it is. */
    private static byte[] index(byte[] body) {
        return bytes(out -> {
            out.writeBytes(new byte[] {1, (byte) body.length, (byte) (body.length >> 8), 0, 0});
            out.writeBytes(body);
        });
    }

    private static void patch(ByteArrayOutputStream out, int end, String identifier) {
        byte[] name = identifier.getBytes(StandardCharsets.UTF_8);
        out.write(end);
        out.write(end >> 8);
        out.write(name.length);
        out.writeBytes(name);
        out.write(0); // no tags
    }

    private static Quilt ofIndex(byte[] body) {
        return new Writer(40).put(0, index(body)).quilt();
    }

    private static void assertRefused(Quilt quilt, String why) {
        assertThatThrownBy(quilt::index)
                .isInstanceOf(QuiltFormatException.class)
                .hasMessageContaining(why);
    }

    @Test
    void readsWhatThisTestWrites() {
        var quilt = ofIndex(bytes(out -> {
            out.write(2);
            patch(out, 2, "a");
            patch(out, 5, "b");
        }));
        assertThat(quilt.index().patches()).extracting(QuiltPatch::end).containsExactly(2, 5);
        assertThat(quilt.index().notes()).isEmpty();
    }

    @ParameterizedTest(name = "ends {0}, {1}")
    @CsvSource({"1, 2", "0, 1", "2, 2", "3, 2", "2, 6", "65535, 2"})
    void refusesEndsThatDoNotRiseOrLieOutside(int first, int second) {
        assertRefused(
                ofIndex(bytes(out -> {
                    out.write(2);
                    patch(out, first, "a");
                    patch(out, second, "b");
                })),
                "ends at column");
    }

    @Test
    void refusesNamesThatAreEmptyOrThereTwiceOrNoText() {
        assertRefused(
                ofIndex(bytes(out -> {
                    out.write(1);
                    patch(out, 2, "");
                })),
                "0 bytes");
        assertRefused(
                ofIndex(bytes(out -> {
                    out.write(2);
                    patch(out, 2, "same");
                    patch(out, 3, "same");
                })),
                "'same'");
        assertRefused(ofIndex(new byte[] {1, 2, 0, 1, (byte) 0xff, 0}), "UTF-8");
    }

    @Test
    void notesNamesThatAWriterShouldNotGive() {
        var index = ofIndex(bytes(out -> {
                    out.write(3);
                    patch(out, 2, "b ");
                    patch(out, 3, "a");
                    patch(out, 4, "c\u0007d");
                }))
                .index();
        assertThat(index.patches()).hasSize(3);
        assertThat(index.notes())
                .containsExactly(
                        "the name of file 0 ends in white space",
                        "file 1 is not in the order of names",
                        "the name of file 2 has control characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 0200 0161 02 0162 00 0161 00", // keys fall
                "01 0200 0161 02 0162 00 0162 00", // a key twice
                "01 0200 0161 02 026161 00 0162 00", // a longer key first
                "01 0200 0161 8001", // a length that is not canonical
                "01 0200 0161 00 00", // bytes left over
                "02 0200 0161 00", // a file less than said
                "ffffffff07 0200 0161 00", // more files than bytes
                "01 0200 ffffffff07 61 00", // a longer name than there is
                "01 0200 0161 ffffffff07" // more tags than bytes
            })
    void refusesBcsThatIsNotCanonical(String body) {
        assertRefused(ofIndex(HexFormat.of().parseHex(body.replace(" ", ""))), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "ff"})
    void refusesOtherVersions(String version) {
        assertRefused(
                new Writer(40)
                        .put(0, HexFormat.of().parseHex(version + "01000000" + "00"))
                        .quilt(),
                "version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"54020000", "ffffffff", "ffffff7f", "00000080"})
    void refusesAnIndexLongerThanTheQuilt(String length) {
        assertRefused(
                new Writer(40).put(0, HexFormat.of().parseHex("01" + length)).quilt(), "have room");
    }

    @Test
    void refusesAnIndexOfMoreThanTenColumns() {
        var config = new EncodingConfig(31); // 11 rows, 21 columns
        byte[] blob = new byte[11 * 21 * 2];
        blob[0] = 1;
        int room = 10 * 11 * 2 - 5;
        // Column 0 runs down the rows: two bytes of it in each.
        blob[1] = (byte) room;
        assertThat(Quilt.of(config, MemorySegment.ofArray(blob)).indexColumns()).isEqualTo(10);
        blob[1] = (byte) (room + 1);
        assertRefused(Quilt.of(config, MemorySegment.ofArray(blob)), "an index of 216 bytes, where 215 have room");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 89, 91, 119})
    void refusesBlobsThatDoNotFillTheirMatrix(int bytes) {
        assertThatThrownBy(() -> Quilt.of(SEVEN, MemorySegment.ofArray(new byte[bytes])))
                .isInstanceOf(QuiltFormatException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 08000000 00 0600 0561616161 61", // version
                "01 ffffffff 00 0600 0561616161 61", // longer than its columns
                "01 73000000 00 0600 0561616161 61", // by one byte
                "01 01000000 00 0600 0561616161 61", // ends in the length of the name
                "01 05000000 00 0600 0561616161 61", // ends in the name
                "01 08000000 00 ffff 0561616161 61", // a longer name than there is
                "01 08000000 00 0600 0461616161 61", // bytes left over behind the name
                "01 08000000 02 0600 0561616161 61", // an unknown bit
                "01 08000000 01 0600 0561616161 61", // tags that are not there
                "01 0c000000 01 0600 0561616161 61 ffff", // more tags than there are
                "01 0c000000 01 0600 0561616161 61 0200 0100" // a tag less than said
            })
    void refusesFilesThatAreNotWhatTheySay(String file) {
        var quilt = new Writer(40)
                .put(0, index(HexFormat.of().parseHex("01" + "0200" + "056161616161" + "00")))
                .put(1, HexFormat.of().parseHex(file.replace(" ", "")))
                .quilt();
        var patch = quilt.index().patches().getFirst();
        assertThatThrownBy(() -> quilt.file(patch)).isInstanceOf(QuiltFormatException.class);
    }

    @Test
    void notesWhereAFileDiffersFromTheIndex() {
        var quilt = new Writer(40)
                .put(0, index(HexFormat.of().parseHex("01" + "0400" + "056161616161" + "00")))
                .put(
                        1,
                        HexFormat.of()
                                .parseHex("01" + "0d000000" + "01" + "0200" + "0162" + "0500" + "01016b0176" + "cafe"))
                .quilt();
        var file = quilt.file(quilt.index().patches().getFirst());
        assertThat(file.identifier()).isEqualTo("b");
        assertThat(file.tags()).containsEntry("k", "v");
        assertThat(quilt.content(file)).isEqualTo(new byte[] {(byte) 0xca, (byte) 0xfe});
        assertThat(file.notes())
                .containsExactly(
                        "it calls itself 'b', the index 'aaaaa'",
                        "its tags {k=v} are not those of the index, {}",
                        "it has 3 columns and needs 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"three-files-n10", "empty-file-n7", "index-boundary-n7"})
    void aFlippedOrMissingByteAnywhereIsReadOrRefusedAndNothingElse(String name) throws IOException {
        var folder = Vectors.folder("quilt").resolve(name);
        var config = new EncodingConfig(new ObjectMapper()
                .readTree(folder.resolve("expected.json").toFile())
                .get("nShards")
                .asInt());
        byte[] blob = Files.readAllBytes(folder.resolve("quilt.bin"));
        long seed = System.nanoTime();
        System.out.println("seed " + name + "=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int at = 0; at < blob.length; at++) {
            byte[] flipped = blob.clone();
            flipped[at] ^= (byte) (1 + random.nextInt(255));
            readOrRefuse(config, flipped);
            byte[] cut = blob.clone();
            java.util.Arrays.fill(cut, at, cut.length, (byte) (random.nextBoolean() ? 0 : 0xff));
            readOrRefuse(config, cut);
            readOrRefuse(config, java.util.Arrays.copyOf(blob, at));
        }
    }

    private static void readOrRefuse(EncodingConfig config, byte[] blob) {
        try {
            var quilt = Quilt.of(config, MemorySegment.ofArray(blob));
            for (QuiltPatch patch : quilt.index().patches()) {
                try {
                    QuiltFile file = quilt.file(patch);
                    assertThat(quilt.content(file).length).isEqualTo((int) file.contentBytes());
                } catch (QuiltFormatException refused) {
                    assertThat(refused).hasMessageNotContaining("null");
                }
            }
        } catch (QuiltFormatException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
