package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.ledger.Sender;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/** Has all WAL at first, and gives everybody some; also fills the pool of subsidies. */
public final class Foundation implements Actor {
    private static final long WAL = 1_000_000_000;
    private static final long SHARE = 10_000_000 * WAL;
    private static final long SUBSIDIES = 50_000_000 * WAL;

    private final Walrus walrus;
    private final Sender sender;
    private final List<SuiAddress> others;

    public Foundation(Walrus walrus, Sender sender, List<SuiAddress> others) {
        this.walrus = walrus;
        this.sender = sender;
        this.others = others;
    }

    @Override
    public void act(Turn turn) {
        List<SuiAddress> poor = others.stream()
                .filter(each -> walrus.owned(each, walrus.types().coin).isEmpty())
                .toList();
        if (!poor.isEmpty() && turn.checkpoint() % 40 == 1) {
            walrus.purse(sender.address())
                    .filter(purse -> purse.value() > SHARE * poor.size())
                    .ifPresent(purse -> share(poor, purse));
        }
        if (turn.checkpoint() == 2) {
            walrus.purse(sender.address()).ifPresent(this::fillSubsidies);
        }
    }

    private void share(List<SuiAddress> poor, Coin purse) {
        sender.execute(ptb -> {
                    Argument coin = ptb.object(purse.id());
                    for (SuiAddress each : poor) {
                        ptb.transfer(each, ptb.split(coin, SHARE));
                    }
                })
                .orThrow();
    }

    private void fillSubsidies(Coin purse) {
        sender.execute(ptb -> walrus.operatorCalls(ptb).fundSubsidies(ptb.split(ptb.object(purse.id()), SUBSIDIES)))
                .orThrow();
    }
}
