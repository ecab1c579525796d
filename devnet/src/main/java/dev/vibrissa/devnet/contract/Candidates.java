package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.ActiveSet;
import dev.vibrissa.protocol.walrus.object.ActiveSet.Entry;
import java.util.ArrayList;
import java.util.List;

/** Keeps the active set: the candidates with most stake. */
final class Candidates {
    private Candidates() {}

    /**
     * The set once a candidate's stake is known to be this. Without stake it leaves, and the last entry takes its
     * place; a newcomer to a full set replaces the first of those with least stake, if that is less than its own.
     */
    static ActiveSet with(ActiveSet set, SuiAddress nodeId, long stake) {
        var nodes = new ArrayList<>(set.nodes());
        int index = indexOf(nodes, nodeId);
        if (stake == 0 || Long.compareUnsigned(stake, set.thresholdStake()) < 0) {
            if (index >= 0) {
                nodes.set(index, nodes.getLast());
                nodes.removeLast();
            }
        } else if (index >= 0) {
            nodes.set(index, new Entry(nodeId, stake));
        } else if (nodes.size() < set.maxSize()) {
            nodes.add(new Entry(nodeId, stake));
        } else {
            int least = 0;
            for (int i = 1; i < nodes.size(); i++) {
                if (less(nodes.get(i).stakedAmount(), nodes.get(least).stakedAmount())) {
                    least = i;
                }
            }
            if (less(nodes.get(least).stakedAmount(), stake)) {
                nodes.set(least, new Entry(nodeId, stake));
            }
        }
        long total = nodes.stream().mapToLong(Entry::stakedAmount).reduce(0, U64::add);
        return new ActiveSet(set.maxSize(), set.thresholdStake(), List.copyOf(nodes), total);
    }

    private static int indexOf(List<Entry> nodes, SuiAddress nodeId) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).nodeId().equals(nodeId)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean less(long a, long b) {
        return Long.compareUnsigned(a, b) < 0;
    }
}
