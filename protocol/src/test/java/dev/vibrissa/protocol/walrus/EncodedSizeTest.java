package dev.vibrissa.protocol.walrus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 66034000, 63",
        "1, 66034000, 63",
        "445556, 66034000, 63",
        "445557, 68036000, 65",
        "1000000, 70038000, 67",
        "1048576, 70038000, 67",
        "10485760, 112080000, 107",
        "104857600, 536504000, 512",
        "1000000000, 4558522000, 4348",
        "1073741824, 4888852000, 4663",
        "10737418240, 48310230000, 46073",
        "14599533452, 65663566000, 62622",
    })
    void isThatOfTheTableForAThousandShards(long unencoded, long encoded, long units) {
        assertThat(EncodedSize.of(1000, unencoded)).hasValue(encoded);
        assertThat(EncodedSize.units(encoded)).isEqualTo(units);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 10, 31, 100, 301, 1000, 65_535})
    void endsWithTheLargestBlob(int nShards) {
        long largest = EncodedSize.largestBlob(nShards);

        assertThat(EncodedSize.of(nShards, largest)).isPresent();
        assertThat(EncodedSize.of(nShards, largest + 1)).isEmpty();
        assertThat(EncodedSize.of(nShards, -1)).as("2^64 - 1 bytes").isEmpty();
    }

    /** Ten shards: 4 by 7 symbols, so 28 symbols of 2 bytes hold 56 bytes. */
    @ParameterizedTest
    @CsvSource({"0, 6940", "56, 6940", "57, 7160", "112, 7160", "113, 7380"})
    void growsInStepsForTenShards(long unencoded, long encoded) {
        assertThat(EncodedSize.of(10, unencoded)).hasValue(encoded);
    }

    @Test
    void knowsTheLargestBlobOfTheNetworks() {
        assertThat(EncodedSize.largestBlob(1000)).isEqualTo(14_599_533_452L);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void refusesANumberOfShardsThatCannotBe(int nShards) {
        assertThatThrownBy(() -> EncodedSize.of(nShards, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void roundsUnitsUp() {
        assertThat(EncodedSize.units(0)).isZero();
        assertThat(EncodedSize.units(1)).isOne();
        assertThat(EncodedSize.units(1 << 20)).isOne();
        assertThat(EncodedSize.units((1 << 20) + 1)).isEqualTo(2);
        assertThat(EncodedSize.units(1_000_000_000)).isEqualTo(954);
    }
}
