package dev.vibrissa.api.concentration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes are grouped by what their addresses say, and by what was declared. */
class GroupingTest {
    private static final SuiAddress NODE = SuiAddress.parse("0x7");

    @ParameterizedTest
    @CsvSource({
        "walrus.Example.com:9185, walrus.example.com, example.com, walrus.example.com",
        "a.b.example.com, a.b.example.com, example.com, a.b.example.com",
        "localhost:9185, localhost, localhost, localhost",
        "203.0.113.77:9185, 203.0.113.77, 203.0.113.77, 203.0.113.0/24",
        "[2001:db8:12:34::1]:9185, 2001:db8:12:34::1, 2001:db8:12:34::1, 2001:0db8:0012::/48",
        "999.1.1.1:80, 999.1.1.1, 999.1.1.1, 999.1.1.1"
    })
    void byAddress(String address, String host, String domain, String prefix) {
        assertThat(Grouping.HOST.of(NODE, address, Map.of())).isEqualTo(host);
        assertThat(Grouping.DOMAIN.of(NODE, address, Map.of())).isEqualTo(domain);
        assertThat(Grouping.PREFIX.of(NODE, address, Map.of())).isEqualTo(prefix);
    }

    @Test
    void byDeclarationAndElseByThemselves(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("organisations"), "# who\n0x7 = Bearded Seals Ltd\n");
        var declared = Organisations.read(file);
        assertThat(Grouping.ORGANISATION.of(NODE, null, declared)).isEqualTo("Bearded Seals Ltd");
        var other = SuiAddress.parse("0x8");
        assertThat(Grouping.ORGANISATION.of(other, null, declared)).isEqualTo(other.toString());
        assertThat(Grouping.NODE.of(NODE, "x:1", declared)).isEqualTo(NODE.toString());
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("organisations"), "seals = Bearded Seals Ltd\n");
        assertThatThrownBy(() -> Organisations.read(file)).hasMessageContaining(file.toString());
    }
}
