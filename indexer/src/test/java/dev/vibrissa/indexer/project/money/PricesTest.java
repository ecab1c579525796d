package dev.vibrissa.indexer.project.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.walrus.EncodedSize;
import org.junit.jupiter.api.Test;

/** The worked examples of walrus-chain.md §4.3. */
class PricesTest {
    @Test
    void whatIsReservedIsPaidByTheMiBRoundedUp() {
        var prices = new Prices(5, 0);
        assertThat(prices.ofStorage(1_000_000_000)).isEqualTo(4_770);
        assertThat(prices.ofStorage(500_000_000)).isEqualTo(2_385);
        assertThat(prices.ofStorage(250_000_000)).isEqualTo(1_195);
    }

    @Test
    void aBlobIsPaidByItsEncodedSize() {
        var prices = new Prices(11_000, 20_000);
        long small = EncodedSize.of(1000, 1_000_000).orElseThrow();
        assertThat(2 * prices.ofStorage(small)).isEqualTo(1_474_000);
        assertThat(prices.ofWrite(small)).isEqualTo(1_340_000);
        long large = EncodedSize.of(1000, 1L << 30).orElseThrow();
        assertThat(26 * prices.ofStorage(large)).isEqualTo(1_333_618_000);
        assertThat(prices.ofWrite(large)).isEqualTo(93_260_000);
    }

    @Test
    void thePriceOfAnEmptyCommitteeIsMoreThanAnybodyHas() {
        var unaffordable = new Prices(-1, -1); // 2^64 - 1
        assertThat(unaffordable.ofStorage(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(unaffordable.ofStorage(0)).isZero();
        assertThat(new Prices(Long.MAX_VALUE, 0).ofStorage(1 << 21)).isEqualTo(Long.MAX_VALUE);
        assertThat(new Prices(1L << 62, 0).ofStorage(1 << 21)).isEqualTo(Long.MAX_VALUE);
    }
}
