package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState;
import java.time.Instant;

/** Turns the epochs: the calls that anybody may make, and that nodes make on the public networks, each as soon as it is due. */
public final class Timekeeper implements Actor {
    private final Walrus walrus;
    private final Sender sender;
    private final int nodes;

    /** @param nodes that are awaited before the first epoch begins */
    public Timekeeper(Walrus walrus, Sender sender, int nodes) {
        this.walrus = walrus;
        this.sender = sender;
        this.nodes = nodes;
    }

    @Override
    public void act(Turn turn) {
        StakingInner staking = walrus.state().stakingInner();
        boolean first = staking.epoch() == 0;
        switch (staking.epochState()) {
            case EpochState.EpochChangeSync _ -> {
                if (first && isComplete(staking)) {
                    endVoting();
                }
            }
            case EpochState.EpochChangeDone(long since) -> {
                if (first ? isComplete(staking) : isDue(turn, since, staking.epochDuration() / 2)) {
                    endVoting();
                }
            }
            case EpochState.NextParamsSelected(long since) -> {
                if (first || isDue(turn, since, staking.epochDuration())) {
                    if (!first) {
                        paySubsidies();
                    }
                    changeEpoch();
                }
            }
        }
    }

    private boolean isComplete(StakingInner staking) {
        return staking.pools().size() >= nodes;
    }

    private static boolean isDue(Turn turn, long sinceMillis, long afterMillis) {
        return !turn.time().isBefore(Instant.ofEpochMilli(sinceMillis + afterMillis));
    }

    private void endVoting() {
        sender.execute(ptb -> walrus.operatorCalls(ptb).endVoting()).orThrow();
    }

    private void changeEpoch() {
        sender.execute(ptb -> walrus.operatorCalls(ptb).changeEpoch()).orThrow();
    }

    /** May fail: the pool of subsidies can be too small. */
    private void paySubsidies() {
        sender.execute(ptb -> walrus.operatorCalls(ptb).processSubsidies());
    }
}
