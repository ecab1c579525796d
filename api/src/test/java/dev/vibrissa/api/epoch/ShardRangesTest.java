package dev.vibrissa.api.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShardRangesTest {
    @Test
    void writesRunsAsRangesAndSinglesAlone() {
        assertThat(ShardRanges.text(List.of())).isEmpty();
        assertThat(ShardRanges.text(List.of(7))).isEqualTo("7");
        assertThat(ShardRanges.text(List.of(0, 1, 2, 3, 985))).isEqualTo("0-3,985");
        assertThat(ShardRanges.text(List.of(1, 3, 4, 999))).isEqualTo("1,3-4,999");
    }

    @Property
    void losesNoShard(@ForAll List<@IntRange(max = 60) Integer> shards) {
        SortedSet<Integer> distinct = new TreeSet<>(shards);
        assertThat(read(ShardRanges.text(List.copyOf(distinct)))).containsExactlyElementsOf(distinct);
    }

    private static List<Integer> read(String text) {
        var shards = new ArrayList<Integer>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                shards.add(i);
            }
        }
        return shards;
    }
}
