package dev.vibrissa.api.epoch;

import java.util.List;
import java.util.StringJoiner;

/** Shard indexes in words: {@code 0-39,985}. */
public final class ShardRanges {
    private ShardRanges() {}

    /**
     * @param ascending shard indexes, each greater than the one before
     */
    public static String text(List<Integer> ascending) {
        var text = new StringJoiner(",");
        for (int i = 0; i < ascending.size(); ) {
            int first = ascending.get(i);
            int last = first;
            while (++i < ascending.size() && ascending.get(i) == last + 1) {
                last++;
            }
            text.add(first == last ? Integer.toString(first) : first + "-" + last);
        }
        return text.toString();
    }
}
