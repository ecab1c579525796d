package dev.vibrissa.redstuff.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.redstuff.Vectors;
import dev.vibrissa.redstuff.kernel.Kernel;
import dev.vibrissa.redstuff.naive.NaiveReedSolomon;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReedSolomonTest {
    private static final int ROW_BYTES = 640;

    static Stream<Arguments> vectorsOnEveryKernel() {
        return Stream.of(Kernel.values())
                .flatMap(kernel -> Vectors.cases("reed-solomon.json").map(vector -> Arguments.of(kernel, vector)));
    }

    @ParameterizedTest
    @MethodSource("vectorsOnEveryKernel")
    void recoveryAndOriginalsAreThoseOfTheVector(Kernel kernel, JsonNode vector) {
        int k = vector.get("originalCount").asInt();
        int m = vector.get("recoveryCount").asInt();
        int size = vector.get("shardBytes").asInt();
        byte[] content = Vectors.content(vector.get("content"), k * size);
        var code = new ReedSolomon(k, m, kernel);
        assertThat(code.rate().name().toLowerCase(Locale.ROOT))
                .isEqualTo(vector.get("rate").asText());
        byte[][] codeword = Arrays.copyOf(split(content, size), k + m);
        byte[][] recovery = encode(code, Arrays.copyOf(codeword, k));
        assertThat(Vectors.sha256(join(recovery)))
                .isEqualTo(vector.get("recoverySha256").asText());
        System.arraycopy(recovery, 0, codeword, k, m);
        var received = new BitSet();
        received.set(Math.min(k, m), k + Math.min(k, m));
        assertThat(decode(code, codeword, received)).isDeepEqualTo(Arrays.copyOf(codeword, k));
    }

    /** Any parameters, any erasures, several codewords in a row: as the paper has it. */
    @Property(tries = 150)
    void everyKernelDoesWhatTheNaiveTwinDoes(
            @ForAll @IntRange(min = 1, max = 70) int k,
            @ForAll @IntRange(min = 1, max = 70) int m,
            @ForAll @IntRange(min = 1, max = 80) int elements,
            @ForAll long seed) {
        var random = new Random(seed);
        int size = 2 * elements;
        byte[][] codeword = new byte[k + m][];
        for (int i = 0; i < k; i++) {
            codeword[i] = new byte[size];
            random.nextBytes(codeword[i]);
        }
        var naive = new NaiveReedSolomon(k, m);
        byte[][] expected = naive.encode(Arrays.copyOf(codeword, k));
        System.arraycopy(expected, 0, codeword, k, m);
        var received = new BitSet();
        while (received.cardinality() < k) {
            received.set(random.nextInt(k + m));
        }
        for (Kernel kernel : Kernel.values()) {
            var code = new ReedSolomon(k, m, kernel);
            assertThat(encode(code, Arrays.copyOf(codeword, k)))
                    .as("%s", kernel)
                    .isDeepEqualTo(expected);
            assertThat(decode(code, codeword, received)).as("%s", kernel).isDeepEqualTo(Arrays.copyOf(codeword, k));
        }
        assertThat(naive.decode(codeword, received)).isDeepEqualTo(Arrays.copyOf(codeword, k));
    }

    /** Codewords side by side in one row, from the second slot on, do not touch each other. */
    @ParameterizedTest
    @EnumSource
    void codewordsInOneRowAreIndependent(Kernel kernel) {
        var random = new Random(3);
        for (int size : new int[] {2, 6, 62, 64, 66, 126, 302}) {
            var code = new ReedSolomon(20, 13, kernel);
            var work = code.workspace(size, 2048, 5);
            int count = work.symbolsPerRow();
            assertThat(count).isGreaterThan(1);
            byte[][][] words = new byte[count][20][size];
            for (byte[][] word : words) {
                for (byte[] symbol : word) {
                    random.nextBytes(symbol);
                }
            }
            byte[][][] recovery = new byte[count][13][size];
            code.encode(
                    work,
                    (i, rows, at) -> {
                        for (int slot = 0; slot < count; slot++) {
                            work.pack(words[slot][i], 0, 1, rows, at, slot);
                        }
                    },
                    (i, rows, at) -> {
                        for (int slot = 0; slot < count; slot++) {
                            work.unpack(rows, at, slot, 1, recovery[slot][i], 0);
                        }
                    });
            for (int slot = 0; slot < count; slot++) {
                assertThat(recovery[slot]).isDeepEqualTo(new NaiveReedSolomon(20, 13).encode(words[slot]));
            }
        }
    }

    @Test
    void tooFewSymbolsAreRefused() {
        var received = new BitSet();
        received.set(0, 4);
        assertThatThrownBy(() -> new ReedSolomon(5, 5).decoder(received))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("4 symbols, the last of index 3, where 5 of 10 are due");
    }

    @Test
    void symbolsBeyondTheCodewordAreRefused() {
        var received = new BitSet();
        received.set(6, 11);
        assertThatThrownBy(() -> new ReedSolomon(5, 5).decoder(received))
                .hasMessage("5 symbols, the last of index 10, where 5 of 10 are due");
    }

    @Test
    void moreSymbolsThanFieldElementsAreRefused() {
        assertThatThrownBy(() -> new ReedSolomon(40_000, 40_000))
                .hasMessage("40000 originals and 40000 recovery symbols do not fit GF(2^16)");
    }

    private static byte[][] encode(ReedSolomon code, byte[][] originals) {
        byte[][] recovery = new byte[code.recovery()][originals[0].length];
        var work = code.workspace(originals[0].length, ROW_BYTES, 1);
        code.encode(
                work,
                (i, rows, at) -> work.pack(originals[i], 0, 1, rows, at, 0),
                (i, rows, at) -> work.unpack(rows, at, 0, 1, recovery[i], 0));
        return recovery;
    }

    private static byte[][] decode(ReedSolomon code, byte[][] codeword, BitSet received) {
        byte[][] originals = new byte[code.originals()][];
        for (int i = 0; i < originals.length; i++) {
            originals[i] = received.get(i) ? codeword[i] : new byte[codeword[0].length];
        }
        ReedSolomon.Decoder decoder = code.decoder(received);
        var work = decoder.workspace(codeword[0].length, ROW_BYTES, 1);
        decoder.decode(
                work,
                (i, rows, at) -> work.pack(codeword[i], 0, 1, rows, at, 0),
                (i, rows, at) -> work.unpack(rows, at, 0, 1, originals[i], 0));
        return originals;
    }

    private static byte[][] split(byte[] bytes, int size) {
        byte[][] parts = new byte[bytes.length / size][];
        Arrays.setAll(parts, i -> Arrays.copyOfRange(bytes, i * size, (i + 1) * size));
        return parts;
    }

    private static byte[] join(byte[][] parts) {
        byte[] bytes = new byte[parts.length * parts[0].length];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, bytes, i * parts[i].length, parts[i].length);
        }
        return bytes;
    }
}
