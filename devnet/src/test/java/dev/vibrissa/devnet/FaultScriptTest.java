package dev.vibrissa.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.devnet.node.Fault;
import dev.vibrissa.devnet.rpc.StreamFault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultScriptTest {
    @Test
    void saysWhichFaultsANodeHasAtATime() {
        var script = FaultScript.parse("""
                # two lines about one node
                node 3  from 0s           losing 30%
                node 3  from 4m to 5m     down

                node 4  at 1h30m          slow 250ms   # another
                """);

        assertThat(script.ofNode(3, Duration.ZERO)).containsExactly(new Fault.LosingSlivers(0.3, 1));
        assertThat(script.ofNode(3, Duration.ofMinutes(4)))
                .containsExactlyInAnyOrder(new Fault.LosingSlivers(0.3, 1), new Fault.Down());
        assertThat(script.ofNode(3, Duration.ofMinutes(5))).hasSize(1);
        assertThat(script.ofNode(4, Duration.ofMinutes(89))).isEmpty();
        assertThat(script.ofNode(4, Duration.ofMinutes(90))).containsExactly(new Fault.Slow(Duration.ofMillis(250)));
    }

    @Test
    void flappingIsDownForTheSecondHalfOfEachPeriodByTheChainsClock() {
        var script = FaultScript.parse("node 2 from 1m to 2m flapping 20s");

        for (int second = 0; second < 150; second++) {
            boolean down = second >= 60 && second < 120 && second % 20 >= 10;
            assertThat(script.ofNode(2, Duration.ofSeconds(second)))
                    .as("second %d", second)
                    .isEqualTo(down ? Set.of(new Fault.Down()) : Set.of());
        }
        assertThat(script.ofNode(1, Duration.ofSeconds(75))).isEmpty();
    }

    @Test
    void keepsTheOrderOfItsLines() {
        var script = FaultScript.parse("""
                node 1 from 0s slow 4s
                node 1 from 0s slow 2s
                node 1 from 0s slow 3s
                node 1 from 0s slow 1s
                """);

        assertThat(script.ofNode(1, Duration.ZERO))
                .containsExactly(
                        new Fault.Slow(Duration.ofSeconds(4)),
                        new Fault.Slow(Duration.ofSeconds(2)),
                        new Fault.Slow(Duration.ofSeconds(3)),
                        new Fault.Slow(Duration.ofSeconds(1)));
    }

    @Test
    void faultsOfTheStreamAreOverWhereTheChainWasGoneOnWithLater() {
        var script = FaultScript.parse("""
                stream at 0s gap
                stream at 2m duplicate
                """);

        var fresh = new ScriptedStream(script, Duration.ZERO, () -> Duration.ofMinutes(1));
        assertThat(fresh.at(0, 1)).contains(new StreamFault.Gap());
        assertThat(fresh.at(0, 2)).isEmpty();
        var resumed = new ScriptedStream(script, Duration.ofMinutes(1), () -> Duration.ofMinutes(2));
        assertThat(resumed.at(0, 1)).contains(new StreamFault.Duplicate());
        assertThat(resumed.at(0, 2)).isEmpty();
    }

    @Test
    void knowsFaultsOfTheStreamAndOfTheChain() {
        var script = FaultScript.parse("""
                stream at 2m stall 45s
                stream from 3m to 4m unavailable
                chain at 10m upgrade
                """);

        assertThat(script.entries())
                .containsExactly(
                        new FaultScript.Entry.OfStream(
                                Duration.ofMinutes(2), new StreamFault.Stall(Duration.ofSeconds(45))),
                        new FaultScript.Entry.Unavailable(Duration.ofMinutes(3), Duration.ofMinutes(4)),
                        new FaultScript.Entry.Upgrade(Duration.ofMinutes(10)));
        assertThat(script.isUnavailable(Duration.ofMinutes(3))).isTrue();
        assertThat(script.isUnavailable(Duration.ofMinutes(4))).isFalse();
    }

    @Test
    void theUsualDevnetHasTwoNodesBadInDifferentWays() {
        var script = FaultScript.usual();

        assertThat(script.ofNode(3, Duration.ZERO)).contains(new Fault.LyingConfirmations());
        assertThat(script.ofNode(7, Duration.ZERO)).containsExactly(new Fault.Slow(Duration.ofSeconds(4)));
        assertThat(script.entries().stream()
                        .map(entry -> entry instanceof FaultScript.Entry.OfNode node
                                ? Optional.of(node.node())
                                : Optional.empty())
                        .distinct())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            node 3 from 0s loosing 30%        | a node has no fault 'loosing'
            node from 0s down                 | 'from' is not the number of a node
            node 3 since 0s down              | 'since' is not from or at
            node 3 from 10 down               | '10' is no time
            node 3 from 2m to 1m down         | ends before it begins
            node 3 from 0s losing 30          | '30' is no part
            node 3 from 0s down now           | 'now' is too much
            stream at 3m unavailable          | from when to when
            chain at 3m                       | upgrade is missing
            people at 3m upgrade              | 'people' is not node, stream or chain
            """)
    void namesTheLineThatItDoesNotUnderstand(String line, String why) {
        assertThatThrownBy(() -> FaultScript.parse("# comment\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining(why);
    }
}
