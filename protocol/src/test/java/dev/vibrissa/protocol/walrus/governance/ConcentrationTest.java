package dev.vibrissa.protocol.walrus.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vibrissa.protocol.walrus.governance.Concentration.LorenzPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Measures of concentration, worked by hand and as laws. */
class ConcentrationTest {

    @Test
    void sevenNodesOfAThousandShards() {
        var shards = Concentration.of(List.of(40L, 153L, 81L, 286L, 123L, 256L, 61L));
        assertThat(shards.nakamoto(334)).contains(2); // 286 + 256
        assertThat(shards.nakamoto(667)).contains(3); // and 153
        assertThat(shards.nakamoto(1001)).isEmpty();
        assertThat(shards.herfindahl()).isCloseTo(0.19775, within(1e-4));
        assertThat(shards.lorenz()).startsWith(new LorenzPoint(0, 0), new LorenzPoint(1, 40), new LorenzPoint(2, 101));
        assertThat(shards.lorenz()).last().isEqualTo(new LorenzPoint(7, 1000));
    }

    @Test
    void fourEqualHoldersAreAsEvenAsCanBe() {
        var even = Concentration.of(List.of(25L, 25L, 25L, 25L));
        assertThat(even.gini()).isZero();
        assertThat(even.entropyBits()).isCloseTo(2, within(1e-12));
        assertThat(even.herfindahl()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void oneHolderHasAll() {
        var one = Concentration.of(List.of(0L, 1000L, 0L));
        assertThat(one.holders()).isEqualTo(1);
        assertThat(one.nakamoto(667)).contains(1);
        assertThat(one.herfindahl()).isEqualTo(1);
        assertThat(one.entropyBits()).isZero();
        assertThat(one.gini()).isZero();
    }

    @Test
    void nobodyHoldsNothing() {
        var none = Concentration.of(List.of());
        assertThat(none.nakamoto(1)).isEmpty();
        assertThat(none.herfindahl()).isZero();
        assertThat(none.gini()).isZero();
        assertThat(none.lorenz()).containsExactly(new LorenzPoint(0, 0));
    }

    @Test
    void aDebtIsNoShare() {
        assertThatThrownBy(() -> Concentration.of(List.of(1L, -1L))).hasMessageContaining("below zero");
    }

    @Property
    void holdersTogetherHoldAllAndTheIndexesKeepTheirBounds(
            @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 1, max = 1000) Integer> shares) {
        var measured = Concentration.of(shares.stream().map(Integer::longValue).toList());
        assertThat(measured.lorenz().getLast().held()).isEqualTo(measured.total());
        assertThat(measured.nakamoto(measured.total())).contains(shares.size());
        assertThat(measured.herfindahl()).isBetween(1.0 / shares.size() - 1e-9, 1 + 1e-9);
        assertThat(measured.entropyBits()).isBetween(-1e-9, Math.log(shares.size()) / Math.log(2) + 1e-9);
        assertThat(measured.gini()).isBetween(-1e-9, 1.0);
        var reversed = new ArrayList<>(shares);
        Collections.reverse(reversed);
        assertThat(Concentration.of(reversed.stream().map(Integer::longValue).toList()))
                .isEqualTo(measured);
    }
}
