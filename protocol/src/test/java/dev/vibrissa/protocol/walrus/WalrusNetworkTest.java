package dev.vibrissa.protocol.walrus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalrusNetworkTest {
    private static final WalrusNetwork MAINNET = WalrusNetwork.mainnet();

    @Test
    void acceptsEventTypesOfEveryPackageVersion() {
        assertThat(MAINNET.walrus().ids()).hasSize(3);
        for (var id : MAINNET.walrus().ids().values()) {
            assertThat(MAINNET.isWalrusEvent(id, "events")).isTrue();
            assertThat(MAINNET.isWalrusEvent(id, "system")).isFalse();
        }
    }

    @Test
    void refusesEventTypesOfStrangersAndOfOtherNetworks() {
        assertThat(MAINNET.isWalrusEvent(SuiAddress.parse("0xdec0"), "events")).isFalse();
        assertThat(MAINNET.isWalrusEvent(
                        WalrusNetwork.testnet().walrus().original().orElseThrow(), "events"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mainnet", "testnet"})
    void readsWhatItWrites(String name) throws IOException {
        var network = name.equals("mainnet") ? MAINNET : WalrusNetwork.testnet();

        assertThat(WalrusNetwork.read(new StringReader(network.toFileText()))).isEqualTo(network);
    }

    @Test
    void learnsANewVersionOnce() {
        var v4 = SuiAddress.parse("0xf2c89e75db7b0e256c2e568d33a028188eefbf171f6411a5fc123dff70d41fd3");
        var upgraded = MAINNET.upgraded(4, v4);

        assertThat(MAINNET.isWalrusEvent(v4, "events")).isFalse();
        assertThat(upgraded.isWalrusEvent(v4, "events")).isTrue();
        assertThat(upgraded.walrus().latest()).contains(v4);
        assertThat(upgraded.walrus().original()).isEqualTo(MAINNET.walrus().original());
        assertThat(upgraded.upgraded(4, v4)).isEqualTo(upgraded);
        assertThatThrownBy(() -> upgraded.upgraded(4, SuiAddress.parse("0x4")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 4 is " + v4);
    }

    @ParameterizedTest
    @CsvSource({
        "mainnet, 4btiuiMPvEENsttpZC7CZ53DruC3MAgfznDbASZ7DR6S, 35834a8a",
        "testnet, 69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD, 4c78adac"
    })
    void knowsTheChainOfTheBuiltInNetworks(String name, String chain, String prefix) {
        var network = name.equals("mainnet") ? MAINNET : WalrusNetwork.testnet();

        assertThat(network.name()).isEqualTo(name);
        assertThat(network.chain().orElseThrow()).hasToString(chain);
        assertThat(network.chain().orElseThrow().toByteArray())
                .startsWith(HexFormat.of().parseHex(prefix));
    }

    @Test
    void listsTheExchangesOfTestnetOnly() {
        assertThat(MAINNET.objects().exchanges()).isEmpty();
        assertThat(WalrusNetwork.testnet().objects().exchanges()).hasSize(4);
    }

    @Test
    void readsACustomNetworkFromAFile(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("own.properties"), """
                name = own
                package.walrus.1 = 0x77
                package.walrus-sites.1 = 0x517e
                object.system = 0x1
                object.staking = 0x2
                """);

        var network = WalrusNetwork.custom(file);

        assertThat(network.name()).isEqualTo("own");
        assertThat(network.chain()).isEmpty();
        assertThat(network.isWalrusEvent(SuiAddress.parse("0x77"), "events")).isTrue();
        assertThat(network.wal()).isEqualTo(PackageChain.none());
        assertThat(network.walrusSites().contains(SuiAddress.parse("0x517e"))).isTrue();
        assertThat(network.walrusSites()).isNotEqualTo(MAINNET.walrusSites());
        assertThat(network.objects().treasury()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=n;package.walrus.1=0x7;object.system=0x1 | a network needs the key object.staking",
                "name=n;object.system=0x1;object.staking=0x2 | a network needs package.walrus.1",
                "name=n;package.walrus.1=0x7;object.system=0x1;object.staking=0x2;object.treasurey=0x3"
                        + " | a network has no key object.treasurey",
                "name=n;package.walrus.1=7;object.system=0x1;object.staking=0x2 | not '7'",
            })
    void refusesAnIncompleteFileNamingTheKey(String content, String message) {
        assertThatThrownBy(() -> WalrusNetwork.read(new StringReader(content.replace(';', '\n'))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
