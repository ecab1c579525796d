package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.Id32;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The votes that a transaction casts by calls of its own, not below another contract's. */
final class VoteCalls {
    private static final int VOTER = 3;
    private static final int SUBJECT = 4;

    private VoteCalls() {}

    /** Who votes on a matter, in order. */
    static List<SuiAddress> voters(Deed deed, Ballot.Kind kind, Id32<?> subject) {
        var calls = deed.calls();
        var voters = new ArrayList<SuiAddress>();
        var votes = switch (kind) {
            case UPGRADE -> calls.to("upgrade", "vote_for_upgrade");
            case SLASHING -> calls.to("slashing", "vote_for_slashing");
        };
        for (var call : votes) {
            Optional<? extends Id32<?>> on = switch (kind) {
                case UPGRADE -> calls.value(call, SUBJECT, Digest::decode);
                case SLASHING -> calls.value(call, SUBJECT, SuiAddress::decode);
            };
            if (on.isPresent() && on.get().equals(subject)) {
                calls.value(call, VOTER, SuiAddress::decode).ifPresent(voters::add);
            }
        }
        return voters;
    }
}
