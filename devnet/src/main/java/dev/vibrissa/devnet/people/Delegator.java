package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import java.util.List;
import java.util.SplittableRandom;

/** Stakes WAL with one operator or another, and takes it back after a while. */
public final class Delegator implements Actor {
    private static final long WAL = 1_000_000_000;

    private final String name;
    private final Walrus walrus;
    private final Sender sender;

    public Delegator(int index, Walrus walrus, Sender sender) {
        this.name = "delegator-%d".formatted(index);
        this.walrus = walrus;
        this.sender = sender;
    }

    @Override
    public void act(Turn turn) {
        var dice = turn.dice(name);
        if (dice.nextInt(100) != 0) {
            return; // about every half minute something
        }
        long epoch = walrus.state().stakingInner().epoch();
        List<SuiAddress> pools =
                List.copyOf(walrus.state().stakingInner().committee().shards().keySet());
        if (pools.isEmpty()) {
            return;
        }
        List<StakedWal> positions = walrus.owned(sender.address(), walrus.types().stakedWal);
        for (StakedWal position : positions) {
            if (position.state() instanceof StakedWal.State.Withdrawing(long withdrawEpoch) && withdrawEpoch <= epoch) {
                withdraw(position);
                return;
            }
        }
        if (positions.size() > 3 && dice.nextBoolean()) {
            StakedWal position = positions.get(dice.nextInt(positions.size()));
            if (position.state() instanceof StakedWal.State.Staked && position.activationEpoch() <= epoch) {
                sender.execute(ptb -> walrus.calls(ptb).requestWithdraw(ptb.object(position.id())));
            }
        } else {
            stake(pools.get(dice.nextInt(pools.size())), dice);
        }
    }

    private void stake(SuiAddress pool, SplittableRandom dice) {
        long amount = (1 + dice.nextInt(50_000)) * WAL;
        walrus.purse(sender.address())
                .filter(purse -> purse.value() > amount)
                .ifPresent(purse -> sender.execute(ptb -> {
                    var part = ptb.split(ptb.object(purse.id()), amount);
                    ptb.transfer(sender.address(), walrus.calls(ptb).stake(part, pool));
                }));
    }

    private void withdraw(StakedWal position) {
        sender.execute(ptb -> ptb.transfer(sender.address(), walrus.calls(ptb).withdraw(ptb.object(position.id()))));
    }
}
