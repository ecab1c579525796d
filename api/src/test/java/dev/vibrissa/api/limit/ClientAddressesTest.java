package dev.vibrissa.api.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies at 10.0.0.0/8 and on this machine are trusted. */
class ClientAddressesTest {
    private static final ClientAddresses ADDRESSES =
            new ClientAddresses(AddressRanges.of("proxies", List.of("10.0.0.0/8", "127.0.0.1", "::1/128")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7  | ''                              | 203.0.113.7",
                // A stranger's word about others does not count,
                "203.0.113.7  | 198.51.100.1                    | 203.0.113.7",
                // nor what he told a proxy,
                "127.0.0.1    | 198.51.100.1, 203.0.113.7       | 203.0.113.7",
                "10.1.2.3     | 198.51.100.1,203.0.113.7,10.9.9.9 | 203.0.113.7",
                // however many headers he sends.
                "127.0.0.1    | 198.51.100.1; 203.0.113.7       | 203.0.113.7",
                "127.0.0.1    | ''                              | 127.0.0.1",
                "127.0.0.1    | 10.9.9.9                        | 10.9.9.9",
                "127.0.0.1    | unknown                         | 127.0.0.1",
                "127.0.0.1    | 203.0.113.7, _hidden            | 127.0.0.1",
                "127.0.0.1    | 203.0.113.7:4711                | 203.0.113.7",
                "::1          | [2001:db8::7]:4711              | 2001:db8::7",
                "127.0.0.1    | ::ffff:203.0.113.7              | 203.0.113.7"
            })
    void theNearestStrangerIsWhoAsks(String peer, String forwardedFor, String client) {
        assertThat(ADDRESSES.of(InetAddress.ofLiteral(peer), Arrays.asList(forwardedFor.split(";"))))
                .isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void aNetworkOfIpv6IsOneClient() {
        var here = Client.Anonymous.at(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6"));
        assertThat(Client.Anonymous.at(InetAddress.ofLiteral("2001:db8:1:2::1")))
                .isEqualTo(here);
        assertThat(Client.Anonymous.at(InetAddress.ofLiteral("2001:db8:1:3::1")))
                .isNotEqualTo(here);
        assertThat(Client.Anonymous.at(InetAddress.ofLiteral("203.0.113.7")))
                .isEqualTo(new Client.Anonymous("203.0.113.7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "", "2001:db8::/129"})
    void aWrongRangeIsRefusedByTheNameOfItsSetting(String range) {
        assertThatThrownBy(() -> AddressRanges.of("vibrissa.api.limit.exempt", List.of(range)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vibrissa.api.limit.exempt")
                .hasMessageContaining("'" + range + "'");
    }
}
