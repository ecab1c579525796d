package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAddressTest {
    @ParameterizedTest
    @CsvSource({
        "walrus.example.org:9185,      walrus.example.org, 9185, false",
        "walrus.example.org,           walrus.example.org, 443,  false",
        "WALRUS.example.org:443,       walrus.example.org, 443,  false",
        "203.0.113.7:9185,             203.0.113.7,        9185, true",
        "[2001:db8::7]:9185,           2001:db8::7,        9185, true",
        "[::ffff:127.0.0.1]:9185,      127.0.0.1,          9185, true",
    })
    void isHostAndPort(String text, String host, int port, boolean literal) {
        NodeAddress address = NodeAddress.parse(text);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.literal().isPresent()).isEqualTo(literal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                "host:",
                "host:0",
                "host:65536",
                "host:-1",
                "host:port",
                "https://host",
                "host/path",
                "host:1/v1/health?x=",
                "user@host",
                "user:password@host:1",
                "host?query",
                "host#fragment",
                "host\\path",
                "ho st",
                "host\r\nX: y",
                "ho%73t",
                "[::1",
                "[fe80::1%25eth0]:1",
            })
    void isNothingElse(String text) {
        assertThatThrownBy(() -> NodeAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
