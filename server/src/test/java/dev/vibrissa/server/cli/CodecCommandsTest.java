package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.redstuff.BlobEncoder;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.Sliver;
import dev.vibrissa.redstuff.SliverType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the erasure code on real files: 10 shards, of which 4 primary or 7 secondary slivers give a blob back. */
class CodecCommandsTest {
    private static final EncodingConfig TEN = new EncodingConfig(10);

    @TempDir
    Path folder = Path.of("");

    private final byte[] blob = new byte[5000];
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void writeABlob() throws IOException {
        new Random(3).nextBytes(blob);
        Files.write(path("blob"), blob);
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    private int run(String line) {
        out = new StringWriter();
        err = new StringWriter();
        var environment = Map.of("HOME", folder.toString());
        // A name that begins with a slash stands for a file of this test.
        String[] arguments = Stream.of(line.split(" "))
                .map(word -> word.startsWith("/") ? folder + word : word)
                .toArray(String[]::new);
        return new CommandLineProgram(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
    }

    private String idOfBlob() {
        return new BlobEncoder(TEN)
                .metadata(MemorySegment.ofArray(blob))
                .blobId()
                .toString();
    }

    private void encode() {
        assertThat(run("encode /blob --out /slivers --shards 10"))
                .as(err.toString())
                .isZero();
    }

    private void delete(String... names) throws IOException {
        for (String name : names) {
            Files.delete(path("slivers").resolve(name));
        }
    }

    private void damage(String name) throws IOException {
        Path file = path("slivers").resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void blobIdPrintsTheIdAndNothingElse() {
        assertThat(run("blob-id /blob --shards 10")).isZero();
        assertThat(out.toString().strip()).isEqualTo(idOfBlob());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void blobIdOfTheEmptyFileIsTheOneThatIsKnown() throws IOException {
        Files.write(path("empty"), new byte[0]);
        assertThat(run("blob-id /empty --json")).isZero();
        var answer = new ObjectMapper().readTree(out.toString());
        assertThat(answer.get("blobId").asText()).isEqualTo("3GPQL3HZNnFhN_F7l5Aa-X1VOtAKwIsg9zuWk8R81v4");
        assertThat(answer.get("symbolBytes").asInt()).isEqualTo(2);
        assertThat(answer.get("sizeBytes").asInt()).isZero();
        assertThat(answer.get("encodedBytes").asLong()).isEqualTo(66_034_000);
        assertThat(answer.get("rootHash").asText()).hasSize(64);
    }

    @Test
    void encodeWritesEverySliverAsANodeAnswersIt() throws IOException {
        encode();
        assertThat(out.toString()).contains(idOfBlob(), "20 slivers");
        try (Stream<Path> files = Files.list(path("slivers"))) {
            assertThat(files).hasSize(21);
        }
        for (SliverType type : SliverType.values()) {
            for (int index = 0; index < 10; index++) {
                String name = "%s-%04d.bin".formatted(type.name().toLowerCase(java.util.Locale.ROOT), index);
                byte[] body = Files.readAllBytes(path("slivers").resolve(name));
                assertThat(Sliver.decode(type, body).index()).isEqualTo(index);
                assertThat(Sliver.decode(type, body).encode()).isEqualTo(body);
            }
        }
    }

    @Test
    void encodeLeavesAFolderAloneThatIsNotEmpty() throws IOException {
        Files.createDirectory(path("slivers"));
        Files.writeString(path("slivers").resolve("mine"), "mine");
        assertThat(run("encode /blob --out /slivers --shards 10")).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString()).contains("is not empty");
        try (Stream<Path> files = Files.list(path("slivers"))) {
            assertThat(files).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "strict", "none"})
    void decodeGivesTheBlobBack(String check) throws IOException {
        encode();
        assertThat(run("decode /slivers --out /again --check " + check)).isZero();
        assertThat(Files.readAllBytes(path("again"))).isEqualTo(blob);
        assertThat(out.toString())
                .contains("from 4 primary slivers (0 missing, 0 bad); check: " + check)
                .contains(idOfBlob());
    }

    @Test
    void decodeNamesAndSkipsBadSlivers() throws IOException {
        encode();
        delete("primary-0000.bin");
        damage("primary-0002.bin");
        Files.writeString(path("slivers").resolve("primary-0003.bin"), "short");
        Files.copy(
                path("slivers").resolve("primary-0006.bin"),
                path("slivers").resolve("primary-0005.bin"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(run("decode /slivers --out /again")).isZero();
        assertThat(Files.readAllBytes(path("again"))).isEqualTo(blob);
        assertThat(out.toString()).contains("from 4 primary slivers (1 missing, 3 bad)");
        assertThat(err.toString())
                .contains("primary-0002.bin is left out: MERKLE_ROOT_MISMATCH")
                .contains("primary-0003.bin is left out: SLIVER_SIZE_MISMATCH")
                .contains("primary-0005.bin is left out: WRONG_SLIVER_INDEX");
    }

    @Test
    void decodeTakesSecondarySliversWhenPrimaryOnesAreTooFew() throws IOException {
        encode();
        for (int index = 0; index < 7; index++) {
            delete("primary-%04d.bin".formatted(index));
        }
        delete("secondary-0001.bin");
        damage("secondary-0004.bin");
        assertThat(run("decode /slivers --out /again")).isZero();
        assertThat(Files.readAllBytes(path("again"))).isEqualTo(blob);
        assertThat(out.toString()).contains("from 7 secondary slivers (1 missing, 1 bad)");
    }

    @Test
    void decodeWritesNothingWhenTooLittleIsLeft() throws IOException {
        encode();
        for (int index = 0; index < 7; index++) {
            delete("primary-%04d.bin".formatted(index));
        }
        for (int index = 0; index < 4; index++) {
            damage("secondary-%04d.bin".formatted(index));
        }
        assertThat(run("decode /slivers --out /again")).isEqualTo(ExitCode.CHECK_FAILED.number());
        assertThat(err.toString())
                .contains("3 good primary slivers of 4 that are due (7 missing, 0 bad)")
                .contains("6 good secondary slivers of 7 that are due (0 missing, 4 bad)");
        assertNothingWritten();
    }

    private void assertNothingWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.equals("blob") || name.equals("slivers"));
        }
    }

    @Test
    void decodeRefusesMetadataOfAnotherBlobOrThatIsDamagedOrMissing() throws IOException {
        encode();
        String other = "3GPQL3HZNnFhN_F7l5Aa-X1VOtAKwIsg9zuWk8R81v4";
        assertThat(run("decode /slivers --out /again --blob-id " + other)).isEqualTo(1);
        assertThat(err.toString()).contains("WRONG_BLOB_ID");
        assertThat(run("decode /slivers --out /again --shards 7")).isEqualTo(1);
        assertThat(err.toString()).contains("INVALID_HASH_COUNT");
        damage("metadata.bin");
        assertThat(run("decode /slivers --out /again")).isEqualTo(1);
        assertThat(err.toString()).contains("BLOB_ID_MISMATCH");
        delete("metadata.bin");
        assertThat(run("decode /slivers --out /again")).isEqualTo(1);
        assertThat(err.toString()).contains("no metadata.bin");
        assertNothingWritten();
    }

    /** The first case of inconsistent.json: the hash of a systematic primary sliver is wrong. */
    @ParameterizedTest(name = "--check {0} of {1}")
    @CsvSource({
        "none, n7-primary-systematic, 0",
        "default, n7-primary-systematic, 1",
        "strict, n7-primary-systematic, 1",
        "default, n7-primary-parity, 0",
        "strict, n7-primary-parity, 1"
    })
    void decodeHoldsTheBlobAgainstItsMetadata(String check, String name, int code) throws IOException {
        Path vectors =
                Path.of(System.getProperty("vibrissa.root")).resolve("redstuff/src/test/resources/vectors/encoding");
        for (var each : new ObjectMapper()
                .readTree(vectors.resolve("index.json").toFile())
                .get("cases")) {
            if (each.get("id").asText().equals("n7-s1024")) {
                byte[] all = Files.readAllBytes(
                        vectors.resolve(each.get("sliversFile").asText()));
                Files.createDirectory(path("slivers"));
                for (var sliver : each.get("slivers")) {
                    int offset = sliver.get("offset").asInt();
                    Files.write(
                            path("slivers")
                                    .resolve("%s-%04d.bin"
                                            .formatted(
                                                    sliver.get("type").asText(),
                                                    sliver.get("sliverIndex").asInt())),
                            java.util.Arrays.copyOfRange(
                                    all, offset, offset + sliver.get("length").asInt()));
                }
            }
        }
        byte[] metadata = Files.readAllBytes(vectors.resolve("inconsistent/" + name + ".metadata.bin"));
        byte[] id = dev.vibrissa.redstuff.BlobMetadata.decode(metadata).blobId().toByteArray();
        byte[] body = java.util.Arrays.copyOf(id, id.length + metadata.length);
        System.arraycopy(metadata, 0, body, id.length, metadata.length);
        Files.write(path("slivers").resolve("metadata.bin"), body);

        assertThat(run("decode /slivers --out /again --check " + check)).isEqualTo(code);
        assertThat(Files.exists(path("again"))).isEqualTo(code == 0);
        if (code != 0) {
            assertThat(err.toString()).contains("is inconsistent: the " + check + " check failed");
            assertNothingWritten();
        }
    }

    @Test
    void verifySliverSaysWhy() throws IOException {
        encode();
        String metadata = " --metadata /slivers/metadata.bin ";
        assertThat(run("verify-sliver /slivers/primary-0003.bin" + metadata + "--pair 3 --type primary"))
                .isZero();
        assertThat(out.toString()).startsWith("accepted: ");
        assertThat(run("verify-sliver /slivers/secondary-0003.bin" + metadata + "--pair 6 --type secondary"))
                .isZero();
        assertThat(run("verify-sliver /slivers/secondary-0003.bin" + metadata + "--pair 3 --type secondary"))
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("refused: WRONG_SLIVER_INDEX: ");
        assertThat(run("verify-sliver /slivers/secondary-0003.bin" + metadata + "--pair 3 --type primary"))
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("refused: SLIVER_SIZE_MISMATCH: ");
        assertThat(run("verify-sliver /slivers/metadata.bin" + metadata + "--pair 3 --type primary"))
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("refused: DECODE_ERROR: ");
        assertThat(run("verify-sliver /slivers/primary-0003.bin" + metadata + "--pair 10 --type primary"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--pair is 10, not 0 to 9");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            blob-id                                    |  2 | FILE
            blob-id /none                              | 69 | there is no file
            blob-id /blob --shards 3                   |  2 | --shards is 3, not 4 to 4096
            blob-id /blob --threads 0                  |  2 | --threads is 0
            encode /blob                               |  2 | --out
            encode /blob --out /blob                   |  2 | is no folder
            decode /none --out /x                      | 69 | there is no folder
            decode /none --out /x --check hard         |  2 | hard
            decode /none --out /x --blob-id short      |  2 | 43 characters
            verify-sliver /blob --metadata /blob --type primary | 2 | --pair
            verify-sliver /blob --metadata /none --type primary --pair 0 | 69 | there is no file
            verify-sliver /blob --metadata /blob --type primary --pair 0 | 1 | DECODE_ERROR
            conformance /                              |  2 | holds no known answers
            """)
    void refusesWrongUseInOneSentence(String line, int code, String reason) {
        assertThat(run(line)).isEqualTo(code);
        assertThat(err.toString()).startsWith("vibrissa: ").contains(reason).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }
}
