package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalrusContractsTest {
    private static final Digest CHAIN = new Digest(SuiAddress.parse("0xc4a1").toByteArray());

    @Test
    void aFileTellsOtherProcessesWhereWalrusIs(@TempDir Path folder) throws IOException {
        var contracts = WalrusContracts.devnet();
        Path file = Files.writeString(
                folder.resolve("devnet.properties"),
                contracts.network("devnet", CHAIN).toFileText());
        assertThat(WalrusNetwork.custom(file)).isEqualTo(contracts.network("devnet", CHAIN));
    }

    @Test
    void nothingOfItIsMainnets() {
        var mainnet = WalrusNetwork.mainnet();
        var devnet = WalrusContracts.devnet().network("devnet", CHAIN);
        assertThat(devnet.walrus().ids().values())
                .doesNotContainAnyElementsOf(mainnet.walrus().ids().values());
        assertThat(devnet.objects().system()).isNotEqualTo(mainnet.objects().system());
    }
}
