package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.verifier.node.Blame;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    /** A letter for each vantage: s served, u unreachable, w wrong identity, i inconclusive, m missing. */
    private static List<Quorum.Word> words(String letters) {
        return IntStream.range(0, letters.length())
                .mapToObj(i -> word(i, letters.charAt(i)))
                .toList();
    }

    private static Quorum.Word word(int vantage, char letter) {
        return switch (letter) {
            case 's' -> word(vantage, "served", Optional.empty());
            case 'u' -> word(vantage, "unreachable", Optional.of(Blame.NODE_OR_NETWORK));
            case 'w' -> word(vantage, "wrong-identity", Optional.of(Blame.NODE_OR_NETWORK));
            case 'i' -> word(vantage, "inconclusive", Optional.of(Blame.PROBER));
            default -> word(vantage, "missing", Optional.of(Blame.NODE));
        };
    }

    private static Quorum.Word word(int vantage, String verdict, Optional<Blame> blame) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) vantage);
        return new Quorum.Word(Bytes.of(key), Bytes.of(new byte[16]), Bytes.of(key), verdict, blame);
    }

    @ParameterizedTest(name = "of {0} vantages that say {1}: {2}")
    @CsvSource({
        "1, u, open",
        "2, u, open",
        "2, uu, NODE",
        "2, us, NETWORK",
        "3, uu, NODE",
        "3, uui, NODE",
        "3, uwu, NODE",
        "3, uus, NETWORK",
        "3, uii, open",
        "3, um, open",
        "3, sss, open",
        "4, uu, open",
        "4, uuu, NODE",
        "6, uuui, open",
        "6, uuuu, NODE",
    })
    void silenceCountsWhenTwoThirdsSeeItAndNobodyIsServed(int admitted, String letters, String finding) {
        assertThat(Quorum.finding(admitted, words(letters)).map(Enum::name).orElse("open"))
                .isEqualTo(finding);
    }

    @Test
    void oneVantageAloneIsNoQuorum() {
        assertThat(Quorum.needed(1)).isEqualTo(2);
    }
}
