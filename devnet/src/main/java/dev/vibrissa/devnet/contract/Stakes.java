package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakedWal.State;

/**
 * Rules of a stake by itself.
 *
 * @see "Move: walrus::staked_wal"
 */
final class Stakes {
    private static final String MODULE = "staked_wal";

    /** Least stake: 1 WAL. */
    static final long MINIMUM = 1_000_000_000;

    private Stakes() {}

    static StakedWal mint(SuiAddress id, SuiAddress nodeId, long principal, long activationEpoch) {
        Abort.unless(Long.compareUnsigned(principal, MINIMUM) >= 0, MODULE, "mint", 7);
        return new StakedWal(id, new State.Staked(), nodeId, principal, activationEpoch);
    }

    /** Whether it never counted in a committee, so that it needs no notice. */
    static boolean canWithdrawEarly(StakedWal staked, boolean nodeInNextCommittee, WalrusTime time) {
        return staked.state() instanceof State.Staked
                && (staked.activationEpoch() == time.epoch() + 2
                        || staked.activationEpoch() == time.epoch() + 1 && !nodeInNextCommittee);
    }

    static StakedWal withdrawing(StakedWal staked, long withdrawEpoch) {
        return new StakedWal(
                staked.id(),
                new State.Withdrawing(withdrawEpoch),
                staked.nodeId(),
                staked.principal(),
                staked.activationEpoch());
    }

    /** The part that is split off; {@link #remainder} is what stays. */
    static StakedWal part(SuiAddress id, StakedWal staked, long amount) {
        Abort.unless(Long.compareUnsigned(staked.principal(), amount) > 0, MODULE, "split", 2);
        Abort.unless(Long.compareUnsigned(amount, MINIMUM) >= 0, MODULE, "split", 7);
        Abort.unless(Long.compareUnsigned(staked.principal() - amount, MINIMUM) >= 0, MODULE, "split", 7);
        return new StakedWal(id, staked.state(), staked.nodeId(), amount, staked.activationEpoch());
    }

    static StakedWal remainder(StakedWal staked, long amount) {
        return of(staked, U64.subtract(staked.principal(), amount));
    }

    static StakedWal join(StakedWal staked, StakedWal other) {
        boolean alike = staked.nodeId().equals(other.nodeId())
                && staked.activationEpoch() == other.activationEpoch()
                && staked.state().equals(other.state());
        Abort.unless(alike, MODULE, "join", 1);
        return of(staked, U64.add(staked.principal(), other.principal()));
    }

    private static StakedWal of(StakedWal staked, long principal) {
        return new StakedWal(staked.id(), staked.state(), staked.nodeId(), principal, staked.activationEpoch());
    }
}
