package dev.vibrissa.protocol.walrus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One blob id in the three notations people use. */
class BlobIdNotationTest {
    @ParameterizedTest
    @CsvSource({
        "iIWkkUTzPZx-d1E_A7LqUynnYFD-ztk39_tP8MLdS2Y,"
                + "46269954626831698189342469164469112511517843773769981308926739591706762839432",
        "E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1-UxEDCDDqGGU,"
                + "45727618340030935768586913391786663432804976072043168237250654202185870982931",
    })
    void isTheSameInBase64DecimalAndHex(String base64, String decimal) {
        var id = BlobId.parse(base64);

        assertThat(id).hasToString(base64);
        assertThat(id.toDecimal()).isEqualTo(new BigInteger(decimal));
        assertThat(BlobId.parse(decimal)).isEqualTo(id);
        assertThat(BlobId.parse(HexFormat.of().formatHex(id.toByteArray()))).isEqualTo(id);
        assertThat(BlobId.parse("0x" + HexFormat.of().formatHex(id.toByteArray())))
                .isEqualTo(id);
    }

    @Test
    void keepsTheOrderOfTheBytes() {
        assertThat(BlobId.parse("E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1-UxEDCDDqGGU").toByteArray())
                .isEqualTo(HexFormat.of().parseHex("13bfe7357bc553fdea655bb7387d72c9c446ecb665ca7d7e5311030830ea1865"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "not a blob id",
                "E7_nNXvFU_3qZVu3OH1yycRG7LZlyn1+UxEDCDDqGGU",
                "115792089237316195423570985008687907853269984665640564039457584007913129639936",
                "zz00000000000000000000000000000000000000000000000000000000000000",
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> BlobId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a blob id is 43 characters");
    }

    @Test
    void takesTheLargestDecimal() {
        var largest = BlobId.parse("115792089237316195423570985008687907853269984665640564039457584007913129639935");
        assertThat(largest.toByteArray()).containsOnly(0xff);
    }
}
