package dev.vibrissa.verifier.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.Bytes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashTreeTest {
    /** Inputs and roots of the reference tests of Certificate Transparency (RFC 6962), google/certificate-transparency. */
    private static final List<String> INPUTS =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static List<Bytes> leaves(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> HashTree.leaf(new byte[] {(byte) i, (byte) (i >> 8)}))
                .toList();
    }

    @Test
    void agreesWithTheReferenceTrees() {
        var leaves = new ArrayList<Bytes>();
        for (int i = 0; i < INPUTS.size(); i++) {
            leaves.add(HashTree.leaf(HexFormat.of().parseHex(INPUTS.get(i))));
            assertThat(HashTree.root(leaves)).hasToString(ROOTS.get(i));
        }
    }

    @Test
    void ofNothingIsTheHashOfNothing() {
        assertThat(HashTree.root(List.of()))
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100})
    void eachLeafIsProvenAtItsPlaceAndNowhereElse(int count) {
        List<Bytes> leaves = leaves(count);
        Bytes root = HashTree.root(leaves);
        for (int i = 0; i < count; i++) {
            List<Bytes> path = HashTree.path(leaves, i);
            Bytes leaf = leaves.get(i);
            int place = i;
            assertThat(HashTree.proves(leaf, i, count, path, root)).isTrue();
            assertThat(IntStream.range(0, count).filter(other -> HashTree.proves(leaf, other, count, path, root)))
                    .containsExactly(place);
            assertThat(HashTree.proves(HashTree.leaf(new byte[] {-1}), i, count, path, root))
                    .isFalse();
        }
    }

    @Test
    void aPathThatIsTooLongOrTooShortProvesNothing() {
        List<Bytes> leaves = leaves(6);
        Bytes root = HashTree.root(leaves);
        List<Bytes> path = HashTree.path(leaves, 4);
        assertThat(HashTree.proves(leaves.get(4), 4, 6, path.subList(0, path.size() - 1), root))
                .isFalse();
        assertThat(HashTree.proves(
                        leaves.get(4),
                        4,
                        6,
                        Stream.concat(path.stream(), Stream.of(root)).toList(),
                        root))
                .isFalse();
    }
}
