package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import java.time.Duration;
import java.util.List;

/**
 * The operators, agreeing on an upgrade of the contracts: all vote, one carries it out, and from then on the new version
 * now and then emits an event that nobody knows.
 */
public final class Upgraders implements Actor {
    private static final long VERSION_BEFORE = 3;

    private final Walrus walrus;
    private final List<Sender> operators;
    private final Duration from;

    /** @param from age of the chain at which they vote */
    public Upgraders(Walrus walrus, List<Sender> operators, Duration from) {
        this.walrus = walrus;
        this.operators = operators;
        this.from = from;
    }

    @Override
    public void act(Turn turn) {
        if (turn.age().compareTo(from) < 0 || walrus.state().stakingInner().epoch() == 0) {
            return;
        }
        if (walrus.state().system().version() == VERSION_BEFORE) {
            upgrade();
        } else if (turn.dice("auditor").nextInt(40) == 0) {
            audit(turn);
        }
    }

    private void upgrade() {
        for (Sender each : operators) {
            Operator.cap(walrus, each.address())
                    .map(StorageNodeCap::nodeId)
                    .filter(node ->
                            walrus.state().stakingInner().committee().shards().containsKey(node))
                    .ifPresent(node ->
                            each.execute(ptb -> walrus.operatorCalls(ptb).voteForUpgrade(node)));
        }
        Sender first = operators.getFirst();
        var upgraded = first.execute(ptb -> walrus.operatorCalls(ptb).upgrade());
        upgraded.orThrow();
        SuiAddress next = upgraded.packages().getFirst().id();
        first.execute(ptb -> walrus.operatorCalls(ptb).migrate(next)).orThrow();
    }

    private void audit(Turn turn) {
        Sender first = operators.getFirst();
        Operator.cap(walrus, first.address())
                .ifPresent(cap -> first.execute(ptb -> walrus.operatorCalls(ptb)
                        .recordAudit(cap.nodeId(), turn.dice("shards").nextInt(20))));
    }
}
