package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages what storage nodes answer and reads it: a value comes out or a {@link RedStuffFormatException}, and no answer costs
 * memory out of proportion. Every failure prints the seed that makes it again.
 */
class CodecFuzzTest {
    /** Objects on the heap take more than their bytes: an empty node of one byte is an object with a header. */
    private static final long BYTES_PER_BYTE = 64;

    /** Tables, and an expanded sliver of the blobs used here. */
    private static final long BYTES_IN_ANY_CASE = 4 << 20;

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
        INCONSISTENCY_PROOF("inconsistent.json", CodecFuzzTest::isProof);

        private final String index;
        private final Predicate<byte[]> reader;

        Target(String index, Predicate<byte[]> reader) {
            this.index = index;
            this.reader = reader;
        }

        List<byte[]> seeds() {
            var seeds = new ArrayList<byte[]>();
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

    @ParameterizedTest
    @EnumSource
    void damagedAnswersAreJudgedNeverAnythingElse(Target target) {
        fuzz(target, Duration.ofSeconds(2), System.nanoTime());
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
}
