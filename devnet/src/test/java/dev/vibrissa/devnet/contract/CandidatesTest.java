package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    @Test
    void aNewcomerToAFullSetReplacesTheSmallest() {
        var set = set(3);
        set = Candidates.with(set, node(1), 10);
        set = Candidates.with(set, node(2), 8);
        set = Candidates.with(set, node(3), 9);
        assertThat(Candidates.with(set, node(4), 8)).isEqualTo(set);
        set = Candidates.with(set, node(4), 11);
        assertThat(ids(set)).containsExactly(node(1), node(4), node(3));
        assertThat(set.totalStake()).isEqualTo(30);
    }

    @Test
    void withoutStakeACandidateLeavesAndTheLastTakesItsPlace() {
        var set = set(5);
        for (int i = 1; i <= 4; i++) {
            set = Candidates.with(set, node(i), i);
        }
        set = Candidates.with(set, node(2), 0);
        assertThat(ids(set)).containsExactly(node(1), node(4), node(3));
        assertThat(set.totalStake()).isEqualTo(8);
        assertThat(Candidates.with(set, node(2), 0)).isEqualTo(set);
    }

    private static ActiveSet set(int maxSize) {
        return new ActiveSet(maxSize, 0, List.of(), 0);
    }

    private static SuiAddress node(int i) {
        return SuiAddress.parse("0x" + i);
    }

    private static List<SuiAddress> ids(ActiveSet set) {
        return set.nodes().stream().map(ActiveSet.Entry::nodeId).toList();
    }
}
