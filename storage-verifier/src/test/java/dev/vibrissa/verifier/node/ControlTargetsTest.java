package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vibrissa.verifier.node.ControlTargets.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTargetsTest {
    @Test
    void oneThatAnswersIsEnough() throws IOException {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var here = new Target("127.0.0.1", listening.getLocalPort());
            assertThat(new ControlTargets(List.of(deaf(), here)).getAsBoolean()).isTrue();
        }
    }

    @Test
    void noneThatAnswersMeansThatWeAreCutOff() throws IOException {
        assertThat(new ControlTargets(List.of(deaf(), deaf())).getAsBoolean()).isFalse();
    }

    @Test
    void withoutTargetsNothingIsSaid() {
        assertThat(new ControlTargets(List.of()).getAsBoolean()).isTrue();
    }

    /** A port that was free a moment ago. */
    private static Target deaf() throws IOException {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Target("127.0.0.1", closed.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "example.org:9000, example.org, 9000",
        "https://example.org/checkpoints, example.org, 443",
        "grpcs://example.org, example.org, 443",
        "http://127.0.0.1:8080, 127.0.0.1, 8080",
    })
    void aTargetIsReadFromAnAddress(String text, String host, int port) {
        assertThat(Target.parse(text)).isEqualTo(new Target(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "ftp://example.org", "example.org:99999", "a b"})
    void whatIsNoTargetIsNamed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Target.parse(text));
    }
}
