package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.NetworkKey;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkKeyTest {
    static Stream<Arguments> vectors() throws IOException {
        try (var json = NetworkKeyTest.class.getResourceAsStream("/vectors/network-keys.json")) {
            return new ObjectMapper()
                    .readTree(json)
                    .path("cases")
                    .valueStream()
                    .map(each -> Arguments.of(
                            each.path("compressedPublicKeyHex").asText(),
                            each.path("spkiDerHex").asText(),
                            each.path("serverName").asText()));
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isFoundInACertificateAndNamesTheServer(String compressed, String spki, String serverName) {
        NetworkKey key = NetworkKey.of(new KeyBytes(HexFormat.of().parseHex(compressed)));

        assertThat(key.subjectPublicKeyInfo()).asHexString().isEqualToIgnoringCase(spki);
        assertThat(key.isKeyOf(HexFormat.of().parseHex(spki))).isTrue();
        assertThat(key.serverName()).isEqualTo(serverName);
        assertThat(key).hasToString(compressed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02",
                // uncompressed, hybrid and infinite forms
                "04fee468ced49d8ab2c74215742188e5c291b566e3c634d370f37792605506cfa2",
                "00fee468ced49d8ab2c74215742188e5c291b566e3c634d370f37792605506cfa2",
                // x is not below the prime
                "02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
                // no point has x = 1
                "020000000000000000000000000000000000000000000000000000000000000001",
            })
    void refusesWhatIsNoPoint(String hex) {
        var bytes = new KeyBytes(HexFormat.of().parseHex(hex));
        assertThatThrownBy(() -> NetworkKey.of(bytes)).isInstanceOf(IllegalArgumentException.class);
    }
}
