package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import dev.vibrissa.redstuff.quilt.Quilt;
import dev.vibrissa.redstuff.quilt.QuiltFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages what storage nodes answer and reads it: a value comes out or a {@link RedStuffFormatException}, and no answer costs
 * memory out of proportion. Every failure prints the seed that makes it again.
 */
class CodecFuzzTest {
    /** Copies, and objects that take more than their bytes. */
    private static final long BYTES_PER_BYTE = 12;

    /** The transforms that expand a sliver of the blobs used here, some times over. */
    private static final long BYTES_IN_ANY_CASE = 1 << 20;

    private static final JsonNode ENCODING = Vectors.cases("index.json")
            .filter(each -> each.get("id").asText().equals("n7-s1024"))
            .findFirst()
            .orElseThrow();
    private static final EncodingConfig CONFIG = new EncodingConfig(7);
    private static final BlobId BLOB_ID = BlobId.parse(ENCODING.get("blobId").asText());
    private static final VerifiedMetadata METADATA = ((MetadataVerdict.Accepted) VerifiedMetadata.verify(
                    CONFIG,
                    BLOB_ID,
                    BlobMetadata.decode(
                            Vectors.bytes(ENCODING.get("metadataFile").asText()))))
            .metadata();

    /** What is read; each says whether it was taken for what it should be. */
    enum Target {
        METADATA_ANSWER("metadata-cases.json", CodecFuzzTest::isMetadata),
        SLIVER_ANSWER("corrupted.json", CodecFuzzTest::isSliver),
        RECOVERY_SYMBOLS("recovery-symbols.json", CodecFuzzTest::areSymbols),
        INCONSISTENCY_PROOF("inconsistent.json", CodecFuzzTest::isProof),
        QUILT("", CodecFuzzTest::isQuilt);

        private final String index;
        private final Predicate<byte[]> reader;

        Target(String index, Predicate<byte[]> reader) {
            this.index = index;
            this.reader = reader;
        }

        List<byte[]> seeds() {
            var seeds = new ArrayList<byte[]>();
            if (this == QUILT) {
                for (String name : List.of("empty-file-n7", "index-boundary-n7")) {
                    seeds.add(Vectors.bytes("../quilt/" + name + "/quilt.bin"));
                }
                return seeds;
            }
            Vectors.cases(index)
                    .filter(each -> each.get("nShards").asInt() == 7)
                    .forEach(each -> {
                        if (each.has("generalRecoverySymbolBcs")) {
                            byte[] one = Base64.getDecoder()
                                    .decode(each.get("generalRecoverySymbolBcs").asText());
                            byte[] list = new byte[one.length + 1];
                            list[0] = 1;
                            System.arraycopy(one, 0, list, 1, one.length);
                            seeds.add(list);
                        } else {
                            seeds.add(Vectors.bytes(each.get(each.has("file") ? "file" : "proofFile")
                                    .asText()));
                        }
                    });
            return seeds;
        }
    }

    private static boolean isMetadata(byte[] bytes) {
        return VerifiedMetadata.verify(CONFIG, BLOB_ID, bytes) instanceof MetadataVerdict.Accepted;
    }

    private static boolean isSliver(byte[] bytes) {
        boolean accepted = false;
        for (SliverType type : SliverType.values()) {
            for (int pair = 0; pair < CONFIG.shards(); pair++) {
                accepted |= METADATA.verifySliver(type, pair, bytes) instanceof SliverVerdict.Accepted;
            }
        }
        return accepted;
    }

    private static boolean areSymbols(byte[] bytes) {
        return RecoverySymbol.decodeList(bytes).stream()
                .allMatch(symbol -> METADATA.verify(symbol) == SymbolVerdict.ACCEPTED);
    }

    private static boolean isProof(byte[] bytes) {
        var proof = InconsistencyProof.decode(SliverType.PRIMARY, bytes);
        assertThat(proof.encode()).isEqualTo(bytes);
        return proof.verify(METADATA) == InconsistencyProof.Verdict.PROVEN;
    }

    private static boolean isQuilt(byte[] bytes) {
        try {
            var quilt = Quilt.of(CONFIG, MemorySegment.ofArray(bytes));
            quilt.index().patches().forEach(patch -> quilt.content(quilt.file(patch)));
            return true;
        } catch (QuiltFormatException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void damagedAnswersAreJudgedNeverAnythingElse(Target target) {
        fuzz(target, Duration.ofSeconds(1), System.nanoTime());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("soak")
    void damagedAnswersAreJudgedNeverAnythingElseForLong(Target target) {
        fuzz(target, Duration.ofMinutes(2), System.nanoTime());
    }

    private static void fuzz(Target target, Duration budget, long seed) {
        System.out.printf("seed %s=%d%n", target.name().toLowerCase(Locale.ROOT), seed);
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        var random = new SplittableRandom(seed);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        boolean _ = target.reader.test(seeds.getFirst()); // tables are made once
        long until = System.nanoTime() + budget.toNanos();
        int refused = 0;
        while (System.nanoTime() < until) {
            long round = random.nextLong();
            byte[] damaged = damage(seeds, new SplittableRandom(round));
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                if (!target.reader.test(damaged)) {
                    refused++;
                }
            } catch (RedStuffFormatException e) {
                refused++;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("round %d of %s".formatted(round, target), e);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated for %d, round %d of %s", damaged.length, round, target)
                    .isLessThan(BYTES_IN_ANY_CASE + BYTES_PER_BYTE * damaged.length);
        }
        assertThat(refused).isPositive();
    }

    private static byte[] damage(List<byte[]> seeds, SplittableRandom random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int left = 1 + random.nextInt(4); left > 0 && bytes.length > 0; left--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) 0xff);
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    bytes = Arrays.copyOf(bytes, at + other.length - Math.min(at, other.length));
                    int from = Math.min(at, other.length);
                    System.arraycopy(other, from, bytes, at, other.length - from);
                }
            }
        }
        return bytes;
    }

    /** A node could answer with a path of a million empty siblings, a byte each. */
    @Test
    void anEndlessPathIsRefusedBeforeItCosts() {
        byte[] body = new byte[1 << 20];
        body[0] = 1; // one symbol: tag 0, source 0, no data, target 0
        System.arraycopy(
                new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xe0, (byte) 0xff, 0x3f}, 0, body, 1, 9); // 1 048 544 siblings
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> RecoverySymbol.decodeList(body))
                .isInstanceOf(RedStuffFormatException.class)
                .hasMessageContaining("a Merkle path of 1048544 siblings");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }
}
