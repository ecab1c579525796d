package dev.vibrissa.api.concentration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertThat(Grouping.HOST.marks(NODE, address, Map.of(), List.of())).containsExactly(host);
        assertThat(Grouping.DOMAIN.marks(NODE, address, Map.of(), List.of())).containsExactly(domain);
        assertThat(Grouping.PREFIX.marks(NODE, address, Map.of(), List.of())).containsExactly(prefix);
    }

    @Test
    void byWhatAHostNameWasResolvedTo() {
        var addresses = List.of(
                InetAddress.ofLiteral("198.51.100.7"),
                InetAddress.ofLiteral("198.51.100.9"),
                InetAddress.ofLiteral("2001:db8:12:34::1"));
        assertThat(Grouping.PREFIX.marks(NODE, "a.example:9185", Map.of(), addresses))
                .containsExactly("198.51.100.0/24", "2001:0db8:0012::/48");
        assertThat(Grouping.HOST.marks(NODE, "a.example:9185", Map.of(), addresses))
                .containsExactly("a.example", "198.51.100.7", "198.51.100.9", "2001:db8:12:34:0:0:0:1");
    }

    @Test
    void whoHasSomethingInCommonThroughOthersIsOne() {
        var groups = new Groups<String>();
        groups.add("one", List.of("m"));
        groups.add("two", List.of("z"));
        groups.add("alone", List.of("q"));
        groups.add("three", List.of("k", "z", "m"));
        assertThat(List.of("one", "two", "three"))
                .allMatch(each -> groups.of(each).equals("k"));
        assertThat(groups.of("alone")).isEqualTo("q");
    }

    @Test
    void byDeclarationAndElseByThemselves(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("organisations"), "# who\n0x7 = Bearded Seals Ltd\n");
        var declared = Organisations.read(file);
        assertThat(Grouping.ORGANISATION.marks(NODE, null, declared, List.of())).containsExactly("Bearded Seals Ltd");
        var other = SuiAddress.parse("0x8");
        assertThat(Grouping.ORGANISATION.marks(other, null, declared, List.of()))
                .containsExactly(other.toString());
        assertThat(Grouping.NODE.marks(NODE, "x:1", declared, List.of())).containsExactly(NODE.toString());
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("organisations"), "seals = Bearded Seals Ltd\n");
        assertThatThrownBy(() -> Organisations.read(file)).hasMessageContaining(file.toString());
    }
}
