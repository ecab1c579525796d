package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.ArrayList;
import java.util.List;

/** Who has voted, in order. */
final class Votes {
    private Votes() {}

    static List<SuiAddress> with(List<SuiAddress> voters, SuiAddress node) {
        var more = new ArrayList<>(voters);
        more.add(node);
        return List.copyOf(more);
    }
}
