package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakingInner.Committee;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Which shards the members of a committee hold. */
final class ShardAssignment {
    private ShardAssignment() {}

    /** Consecutive shards, in the order of node ids: for the first committee. */
    static Committee initial(Map<SuiAddress, Integer> counts) {
        var shards = new TreeMap<SuiAddress, List<Integer>>();
        int next = 0;
        for (var count : new TreeMap<>(counts).entrySet()) {
            shards.put(
                    count.getKey(),
                    IntStream.range(next, next + count.getValue()).boxed().toList());
            next += count.getValue();
        }
        return committee(shards);
    }

    /**
     * The committee with new numbers of shards, moving as few as possible. Shards leave from the end of a node's list;
     * the last that left is the first to go to a node that needs more, newcomers before those that grow.
     *
     * @param counts in the order of the active set, none zero
     */
    static Committee next(Committee old, SequencedMap<SuiAddress, Integer> counts) {
        var shards = new TreeMap<SuiAddress, List<Integer>>();
        var free = new ArrayDeque<Integer>();
        var wanting = new LinkedHashMap<>(counts);
        old.shards().forEach((node, held) -> {
            int due = counts.getOrDefault(node, 0);
            wanting.remove(node);
            if (due == 0) {
                held.forEach(free::push);
            } else if (due > held.size()) {
                wanting.put(node, due); // behind the newcomers
            } else {
                held.subList(due, held.size()).reversed().forEach(free::push);
                shards.put(node, held.subList(0, due));
            }
        });
        wanting.forEach((node, due) -> shards.put(node, grown(old.shards().getOrDefault(node, List.of()), due, free)));
        return committee(shards);
    }

    private static List<Integer> grown(List<Integer> held, int due, Deque<Integer> free) {
        var more = new ArrayList<>(held);
        while (more.size() < due) {
            more.add(free.pop());
        }
        return more;
    }

    private static Committee committee(TreeMap<SuiAddress, List<Integer>> shards) {
        return new Committee(new LinkedHashMap<>(shards));
    }
}
