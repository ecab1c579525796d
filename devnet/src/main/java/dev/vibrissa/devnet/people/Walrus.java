package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.contract.OperatorCalls;
import dev.vibrissa.devnet.contract.WalrusCalls;
import dev.vibrissa.devnet.contract.WalrusContracts;
import dev.vibrissa.devnet.contract.WalrusState;
import dev.vibrissa.devnet.contract.WalrusTypes;
import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.sui.Event;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.EpochState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The contracts as people see them: their state as it is now, what somebody has, and how they are called. */
public final class Walrus {
    private final Ledger ledger;
    private final WalrusContracts contracts;
    private final WalrusState state;
    private final PackageChain packages;

    public Walrus(Ledger ledger, WalrusContracts contracts) {
        this.ledger = ledger;
        this.contracts = contracts;
        this.state = new WalrusState(ledger, contracts);
        this.packages = contracts.network("devnet", ledger.chainId()).walrus();
    }

    public WalrusState state() {
        return state;
    }

    WalrusTypes types() {
        return contracts.types();
    }

    /** Whether an event is Walrus's, known to anybody or not. */
    public boolean isEvent(Event event) {
        return event.type().module().equals(WalrusEvent.MODULE)
                && (packages.contains(event.type().address())
                        || state.packageId().equals(event.type().address()));
    }

    /** Writers wait until there is a committee, and until its shards have moved. */
    static boolean takesBlobs(StakingInner staking) {
        return staking.epoch() > 0 && !(staking.epochState() instanceof EpochState.EpochChangeSync);
    }

    /** All objects of one type that somebody has, by id. */
    public <T> List<T> owned(SuiAddress owner, MoveType<T> type) {
        return ledger.currentOwnedBy(new Owner.AddressOwner(owner)).stream()
                .map(SuiObject::data)
                .filter(SuiObject.Move.class::isInstance)
                .map(SuiObject.Move.class::cast)
                .filter(move -> move.type().equals(type.structTag()))
                .map(move -> type.decode(move.contents()))
                .toList();
    }

    /** Somebody's biggest WAL coin. */
    Optional<Coin> purse(SuiAddress owner) {
        return owned(owner, types().coin).stream().max(Comparator.comparingLong(Coin::value));
    }

    /** What users call, in the package version in force. */
    WalrusCalls calls(Ptb ptb) {
        return state.calls(ptb);
    }

    /** What operators call, in the package version in force. */
    OperatorCalls operatorCalls(Ptb ptb) {
        return new OperatorCalls(calls(ptb));
    }
}
