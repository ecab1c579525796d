package dev.vibrissa.redstuff.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.redstuff.kernel.Kernel;
import dev.vibrissa.redstuff.naive.NaiveBlake2b;
import dev.vibrissa.redstuff.naive.NaiveMerkleTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaneHasherTest {
    @Property(tries = 400)
    void theNaiveTwinIsBlake2b(@ForAll @IntRange(max = 400) int length, @ForAll long seed) {
        byte[] message = new byte[length];
        new Random(seed).nextBytes(message);
        var digest = new Blake2bDigest(256);
        digest.update(message, 0, length);
        byte[] expected = new byte[32];
        digest.doFinal(expected, 0);
        assertThat(NaiveBlake2b.hash(message)).isEqualTo(expected);
    }

    @Property(tries = 600)
    void everyKernelDoesWhatTheNaiveTwinDoes(
            @ForAll @IntRange(max = 520) int length,
            @ForAll @IntRange(max = 20) int count,
            @ForAll @IntRange(max = 9) int gap,
            @ForAll @IntRange(max = 3) int from,
            @ForAll byte first,
            @ForAll long seed) {
        byte[] source = new byte[from + count * (length + gap)];
        new Random(seed).nextBytes(source);
        for (Kernel kernel : Kernel.values()) {
            byte[] target = new byte[count * 40];
            var hasher = new LaneHasher(kernel);
            hasher.hash(7, source, 0, 1, 0, Math.min(count, source.length), new byte[32 * 20], 0, 32); // leaves traces
            hasher.hash(first & 0xff, source, from, length + gap, length, count, target, 0, 40);
            for (int i = 0; i < count; i++) {
                byte[] message = new byte[length + 1];
                message[0] = first;
                System.arraycopy(source, from + i * (length + gap), message, 1, length);
                assertThat(Arrays.copyOfRange(target, i * 40, i * 40 + 32))
                        .as("%s, message %d", kernel, i)
                        .isEqualTo(NaiveBlake2b.hash(message));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rootsAreThoseOfTheNaiveTree(Kernel kernel) {
        var random = new Random(5);
        for (int leaves : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 31, 100, 257, 1000}) {
            List<byte[]> data = new ArrayList<>();
            byte[] flat = new byte[leaves * 10];
            random.nextBytes(flat);
            for (int i = 0; i < leaves; i++) {
                data.add(Arrays.copyOfRange(flat, i * 10, i * 10 + 10));
            }
            byte[] nodes = new byte[MerkleTree.bytesFor(leaves)];
            var hasher = new LaneHasher(kernel);
            hasher.hash(MerkleTree.LEAF, flat, 0, 10, 10, leaves, nodes, 0, 32);
            MerkleTree.root(hasher, nodes, 0, leaves);
            assertThat(Arrays.copyOf(nodes, 32)).isEqualTo(NaiveMerkleTree.root(data));
        }
    }
}
