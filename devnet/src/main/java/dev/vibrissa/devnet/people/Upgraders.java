package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.contract.WalrusContracts;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.MoveType;
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
        var modules = WalrusContracts.nextVersion();
        var dependencies = walrus.contracts().dependencies();
        byte[] digest = Ptb.upgradeDigest(modules, dependencies).toByteArray();
        SuiAddress manager = walrus.objects().upgradeManager().orElseThrow();
        for (Sender each : operators) {
            Operator.cap(walrus, each.address())
                    .map(StorageNodeCap::nodeId)
                    .filter(node ->
                            walrus.state().stakingInner().committee().shards().containsKey(node))
                    .ifPresent(node -> each.execute(ptb -> walrus.call(
                            ptb,
                            "upgrade",
                            "vote_for_upgrade",
                            ptb.object(manager),
                            walrus.readStaking(ptb),
                            walrus.call(ptb, "auth", "authenticate_sender"),
                            ptb.pure(MoveType.ID, node),
                            ptb.bytes(digest))));
        }
        Sender first = operators.getFirst();
        SuiAddress before = walrus.state().packageId();
        var upgraded = first.execute(ptb -> {
            var ticket = walrus.call(
                    ptb,
                    "upgrade",
                    "authorize_upgrade",
                    ptb.object(manager),
                    walrus.readStaking(ptb),
                    ptb.bytes(digest));
            var receipt = ptb.upgrade(before, ticket, modules, dependencies);
            walrus.call(
                    ptb,
                    "upgrade",
                    "commit_upgrade",
                    ptb.object(manager),
                    walrus.staking(ptb),
                    walrus.system(ptb),
                    receipt);
        });
        upgraded.orThrow();
        SuiAddress next = upgraded.packages().getFirst().id();
        first.execute(ptb -> ptb.call(next, "init", "migrate_v2", walrus.staking(ptb), walrus.system(ptb)))
                .orThrow();
    }

    private void audit(Turn turn) {
        Sender first = operators.getFirst();
        Operator.cap(walrus, first.address())
                .ifPresent(cap -> first.execute(ptb -> walrus.call(
                        ptb,
                        "system",
                        "record_audit",
                        walrus.readSystem(ptb),
                        ptb.object(cap.id()),
                        ptb.u64(turn.checkpoint()))));
    }
}
