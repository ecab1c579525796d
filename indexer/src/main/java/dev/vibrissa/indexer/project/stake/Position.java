package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A StakedWal as it stands.
 *
 * @param holder address, object, shared, immutable or wrapped
 * @param owner the address that holds it
 * @param heldInside the object that it is in, where that is known
 * @param principal FROST, unsigned
 */
record Position(
        String holder,
        @Nullable SuiAddress owner,
        @Nullable SuiAddress heldInside,
        SuiAddress nodeId,
        long principal,
        long activationEpoch,
        @Nullable Long withdrawEpoch) {

    static Position of(StakedWal staked, ObjectState state) {
        Long withdrawEpoch = staked.state() instanceof StakedWal.State.Withdrawing(long epoch) ? (Long) epoch : null;
        var plain = new Position(
                "immutable", null, null, staked.nodeId(), staked.principal(), staked.activationEpoch(), withdrawEpoch);
        return switch (state.owner()) {
            case Owner.AddressOwner(var address) -> plain.held("address", address, null);
            case Owner.ConsensusAddress(var _, var address) -> plain.held("address", address, null);
            case Owner.ObjectOwner(var parent) -> plain.held("object", null, parent);
            case Owner.Shared _ -> plain.held("shared", null, null);
            case Owner.Immutable _ -> plain;
        };
    }

    Position held(String by, @Nullable SuiAddress address, @Nullable SuiAddress object) {
        return new Position(by, address, object, nodeId, principal, activationEpoch, withdrawEpoch);
    }

    Position withPrincipal(long other) {
        return new Position(holder, owner, heldInside, nodeId, other, activationEpoch, withdrawEpoch);
    }

    /** Whether the contract would join the two. */
    boolean isLike(Position other) {
        return nodeId.equals(other.nodeId)
                && activationEpoch == other.activationEpoch
                && Objects.equals(withdrawEpoch, other.withdrawEpoch);
    }

    boolean isHeldLike(Position other) {
        return holder.equals(other.holder)
                && Objects.equals(owner, other.owner)
                && Objects.equals(heldInside, other.heldInside);
    }
}
