package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import dev.vibrissa.protocol.walrus.object.BlsCommittee.Member;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlobCertificationState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SystemStateTest {
    private static final SuiAddress ID = SuiAddress.parse("0x5");
    private static final long TIB = 1L << 40;

    @Test
    void storageCostsAPricePerStartedMebibyteAndEpoch() {
        var system = system(5, 2, 10);
        var coin = new Balance(100_000);
        var storage = system.reserve(ID, 1_000_000_000, 3, coin);
        assertThat(storage.endEpoch()).isEqualTo(3);
        assertThat(coin.value()).isEqualTo(100_000 - 3 * 4770);
        assertThat(rewards(system)).startsWith(4770L, 4770L, 4770L, 0L);
        assertThat(system.ring().at(2).usedCapacity()).isEqualTo(1_000_000_000);
        assertThat(system.toMove().usedCapacitySize()).isEqualTo(1_000_000_000);
    }

    @Test
    void aBlobOfAMegabyteCostsAsTheContractsExampleSays() {
        var system = system(11_000, 20_000, 10);
        var coin = new Balance(3_000_000);
        long encoded = SystemState.encodedSize(1000, 1_000_000, 1);
        system.reserve(ID, encoded, 2, coin);
        system.payWrite(encoded, coin);
        assertThat(3_000_000 - coin.value()).isEqualTo(2_814_000);
    }

    @Test
    void extensionIsPaidForTheEpochsThatAreAdded() {
        var system = system(5, 0, 10);
        var coin = new Balance(100_000);
        system.reserve(ID, 500_000_000, 3, coin);
        system.extend(500_000_000, 3, 2, coin, "extend_storage_pool");
        assertThat(100_000 - coin.value()).isEqualTo(7155 + 4770);
        assertThat(rewards(system)).startsWith(2385L, 2385L, 2385L, 2385L, 2385L, 0L);
        system.enlarge(250_000_000, 2, coin);
        assertThat(rewards(system)).startsWith(2385L + 1195, 2385L + 1195, 2385L);
    }

    @Test
    void nobodyBuysMoreThanThereIsOrPaysWithMoreThanTheyHave() {
        var system = system(5, 0, 10);
        assertThatThrownBy(() -> system.reserve(ID, TIB + 1, 1, new Balance(U64.MAX)))
                .hasMessageContaining("system_state_inner::reserve_space_without_payment 1");
        assertThatThrownBy(() -> system(5, 0, 10).reserve(ID, 1 << 20, 1, new Balance(4)))
                .hasMessageContaining("balance::split 2");
        assertThatThrownBy(() -> system(5, 0, 10).reserve(ID, 1, 11, new Balance(100)))
                .hasMessageContaining("system_state_inner::reserve_space 2");
        assertThatThrownBy(() -> system(U64.MAX, 0, 10).reserve(ID, TIB, 1, new Balance(100)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void theRingGoesRound() {
        var system = system(10, 0, 3);
        for (int epoch = 0; epoch < 5; epoch++) {
            assertThat(system.ring().at(2).epoch()).isEqualTo(epoch + 2);
            system.reserve(ID, 1 << 20, 3, new Balance(30));
            advance(system, Map.of());
        }
        assertThat(system.ring().toMove().currentIndex()).isEqualTo(5 % 3);
        assertThat(rewards(system)).containsExactly(20L, 10L, 0L);
        assertThat(system.toMove().usedCapacitySize()).isEqualTo(2 << 20);
    }

    @Test
    void denyListedBytesCostTheNodeItsReward() {
        var system = system(5, 0, 10);
        system.reserve(ID, 1_000_000_000, 1, new Balance(4770));
        assertThat(system.ring().burn().value()).isEqualTo(143);
        var denying = node(4);
        var rewards = advance(system, Map.of(denying, 10_000_000L));
        assertThat(rewards).hasSize(10).containsEntry(denying, 458L);
        rewards.forEach((node, reward) -> {
            if (!node.equals(denying)) {
                assertThat(reward).isEqualTo(463);
            }
        });
        assertThat(system.ring().at(0).rewardsToDistribute()).as("leftover").isEqualTo(2);
    }

    private static Map<SuiAddress, Long> advance(SystemState system, Map<SuiAddress, Long> denied) {
        var rewards = new LinkedHashMap<SuiAddress, Long>();
        system.advance(committee(system.epoch() + 1), TIB, denied)
                .forEach((node, reward) -> rewards.put(node, reward.value()));
        return rewards;
    }

    private static List<Long> rewards(SystemState system) {
        return IntStream.range(0, system.ring().epochsAhead())
                .mapToObj(offset -> system.ring().at(offset).rewardsToDistribute())
                .toList();
    }

    /** Ten equal nodes. */
    private static BlsCommittee committee(long epoch) {
        List<Member> members = IntStream.range(0, 10)
                .mapToObj(i -> new Member(new KeyBytes(new byte[KeyBytes.G1_UNCOMPRESSED]), 100, node(i)))
                .toList();
        return new BlsCommittee(members, 1000, epoch, new KeyBytes(new byte[KeyBytes.G1_COMPRESSED]));
    }

    private static SuiAddress node(int i) {
        return SuiAddress.parse("0x" + (100 + i));
    }

    private static SystemState system(long storagePrice, long writePrice, int epochsAhead) {
        return new SystemState(new SystemStateInner(
                committee(0),
                TIB,
                0,
                storagePrice,
                writePrice,
                RewardRing.empty(epochsAhead),
                new EventBlobCertificationState(Optional.empty(), new LinkedHashMap<>(Collections.emptyMap())),
                ID));
    }
}
