package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;

/**
 * A delegator's stake with one node.
 *
 * @param principal FROST
 * @param activationEpoch first epoch that earns
 * @see "Move: walrus::staked_wal::StakedWal"
 */
public record StakedWal(SuiAddress id, State state, SuiAddress nodeId, long principal, long activationEpoch)
        implements WalrusObject {
    public static StakedWal decode(BcsReader in) {
        return new StakedWal(SuiAddress.decode(in), State.decode(in), SuiAddress.decode(in), in.u64(), in.u32());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        state.encode(out);
        nodeId.encode(out);
        out.u64(principal);
        out.u32(activationEpoch);
    }

    /** Whether the stake is to be withdrawn. */
    public sealed interface State {
        /** Stays. */
        record Staked() implements State {}

        /** Earns until that epoch and can be withdrawn in it. */
        record Withdrawing(long withdrawEpoch) implements State {}

        static State decode(BcsReader in) {
            return switch (in.variant("State", 2)) {
                case 0 -> new Staked();
                default -> new Withdrawing(in.u32());
            };
        }

        default void encode(BcsWriter out) {
            switch (this) {
                case Staked() -> out.uleb(0);
                case Withdrawing(long withdrawEpoch) -> {
                    out.uleb(1);
                    out.u32(withdrawEpoch);
                }
            }
        }
    }
}
