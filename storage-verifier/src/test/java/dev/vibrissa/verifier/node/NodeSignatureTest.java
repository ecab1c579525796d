package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.protocol.walrus.KeyBytes;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeSignatureTest {
    static Stream<Arguments> vectors() throws IOException {
        try (var json = NodeSignatureTest.class.getResourceAsStream("/vectors/bls.json")) {
            return new ObjectMapper()
                    .readTree(json)
                    .path("cases")
                    .valueStream()
                    .map(each -> Arguments.of(
                            each.path("id").asText(),
                            new KeyBytes(Base64.getDecoder()
                                    .decode(each.path("publicKey").asText())),
                            HexFormat.of().parseHex(each.path("message").asText()),
                            Base64.getDecoder().decode(each.path("signature").asText()),
                            each.path("valid").asBoolean()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void isJudgedAsBlsJudgesIt(String id, KeyBytes key, byte[] message, byte[] signature, boolean valid) {
        assertThat(NodeSignature.faultOfKey(key).isEmpty()
                        && NodeSignature.faultOf(signature, message, key).isEmpty())
                .as(id)
                .isEqualTo(valid);
    }

    @Test
    void isTakenUnderAnUncompressedKeyAsTheChainHasIt() {
        byte[] message = {1, 2, 3};
        byte[] signature = TestSigner.NODE.sign(message);
        assertThat(NodeSignature.faultOf(signature, message, TestSigner.NODE.publicKey()))
                .isEmpty();
        assertThat(NodeSignature.faultOf(signature, message, TestSigner.OTHER.publicKey()))
                .isPresent();
    }
}
