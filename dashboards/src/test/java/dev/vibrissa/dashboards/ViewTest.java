package dev.vibrissa.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.dashboards.View.Parameter;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of views. */
class ViewTest {
    private static final View VIEW = new View(
            "/delegate", List.of(new Parameter("nodes", "0x1"), new Parameter("nodes", "0x2")), "epoch:3", "abc", true);

    @Test
    void anotherMomentOfAViewBeginsItsListAnew() {
        assertThat(VIEW.address("checkpoint:7")).isEqualTo("/delegate?at=checkpoint:7&nodes=0x1&nodes=0x2");
        assertThat(VIEW.address("")).isEqualTo("/delegate?nodes=0x1&nodes=0x2");
    }

    @Test
    void aListGoesOnWithTheSameQuestion() {
        assertThat(VIEW.next("d/e")).isEqualTo("/delegate?at=epoch:3&cursor=d%2Fe&nodes=0x1&nodes=0x2");
        assertThat(VIEW.shortest()).isEqualTo("/delegate?at=epoch:3&cursor=abc&nodes=0x1&nodes=0x2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\"", "<script>", "a|b", "\r\nx", "at=1&b", "#", "é", "%zz", "\uD800"})
    void namesOfParametersAreEncodedAsTheirValuesAre(String name) {
        var view = new View("/status", List.of(new Parameter(name, "1")), "", "", false);
        var address = URI.create(view.shortest());
        assertThat(address.getPath()).isEqualTo("/status");
        assertThat(address.getRawFragment()).isNull();
        assertThat(address.getRawQuery()).isEqualTo(view.query()).matches("[-.*_%\\w+]+=1");
    }

    @Test
    void otherPagesAreOpenedAtTheSameMoment() {
        assertThat(VIEW.along("/operators")).isEqualTo("/operators?at=epoch:3");
        assertThat(VIEW.along("/evidence/bound?of=0x1")).isEqualTo("/evidence/bound?of=0x1&at=epoch:3");
    }
}
