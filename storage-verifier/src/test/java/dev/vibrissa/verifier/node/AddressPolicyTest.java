package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private final AddressPolicy policy = AddressPolicy.publicOnly();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.1.1.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "169.253.1.1",
                "223.255.255.254",
                "2606:4700::1111",
                "2a01:4f8::1",
                "64:ff9b::808:808",
                "2002:808:808::1",
            })
    void letsPublicAddressesThrough(String address) {
        assertThat(policy.refusalOf(InetAddress.ofLiteral(address))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.1.2.3",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "3fff::1",
                "5f00::1",
                "64:ff9b:1::1",
                // wrapped in IPv6: NAT64, 6to4, IPv4-translated
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "2002:7f00:1::1",
                "2002:c0a8:101::1",
                "2002:a9fe:a9fe::1",
                "::ffff:0:7f00:1",
                "::ffff:127.0.0.1",
            })
    void refusesWhatIsNotPublic(String address) {
        assertThat(policy.refusalOf(InetAddress.ofLiteral(address))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7f000001", "0a000001", "c0a80101", "a9fea9fe"})
    void refusesPrivateAddressesMappedIntoIpv6(String v4) throws Exception {
        byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff" + v4);
        // The usual factories would turn it into IPv4.
        var address = Inet6Address.getByAddress(null, mapped, 0);
        assertThat(address.getAddress()).hasSize(16);
        assertThat(policy.refusalOf(address))
                .hasValueSatisfying(why -> assertThat(why).contains("IPv4-mapped"));
    }

    @Test
    void saysWhy() {
        assertThat(policy.refusalOf(InetAddress.ofLiteral("169.254.169.254"))).contains("169.254.0.0/16 (link-local)");
        assertThat(policy.refusalOf(InetAddress.ofLiteral("2002:a00:1::1")))
                .contains("2002::/16 (6to4) of 10.0.0.0/8 (private)");
    }

    @Test
    void letsTestNetworksNameWhatIsAllowedBesides() {
        AddressPolicy devnet = policy.allowing("127.0.0.0/31", "::1/128");
        assertThat(devnet.refusalOf(InetAddress.ofLiteral("127.0.0.1"))).isEmpty();
        assertThat(devnet.refusalOf(InetAddress.ofLiteral("::1"))).isEmpty();
        assertThat(devnet.refusalOf(InetAddress.ofLiteral("127.0.0.2"))).isPresent();
        assertThat(devnet.refusalOf(InetAddress.ofLiteral("10.0.0.1"))).isPresent();
        assertThat(devnet.refusalOf(InetAddress.ofLiteral("8.8.8.8"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "localhost/8", "::/129"})
    void refusesRangesThatAreNone(String range) {
        assertThatThrownBy(() -> policy.allowing(range)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever looked up the name, and however often: the socket asks again. */
    @Test
    void isAskedAtEveryConnect() throws Exception {
        try (var socket = new GuardedSocket(policy, 1000, new AtomicLong(), () -> {})) {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            assertThatThrownBy(() -> socket.connect(loopback, 100))
                    .isInstanceOf(GuardedSocket.RefusedException.class)
                    .hasMessageContaining("127.0.0.0/8");
        }
    }
}
