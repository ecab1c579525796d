package dev.vibrissa.devnet.people;

import dev.vibrissa.devnet.contract.WalrusTypes;
import dev.vibrissa.devnet.ledger.Ledger;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.FieldKey;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The contracts as people see them: their state as it is now, and how they are called. */
public final class Walrus {
    private final Ledger ledger;
    private final WalrusNetwork network;
    private final WalrusTypes types;

    public Walrus(Ledger ledger, WalrusNetwork network, WalrusTypes types) {
        this.ledger = ledger;
        this.network = network;
        this.types = types;
    }

    WalrusTypes types() {
        return types;
    }

    WalrusNetwork network() {
        return network;
    }

    /** The package version in force. */
    SuiAddress packageId() {
        return system().packageId();
    }

    private WalrusSystem system() {
        return read(network.objects().system(), WalrusSystem::decode);
    }

    public SystemStateInner systemState() {
        var outer = system();
        return field(outer.id(), outer.version(), SystemStateInner::decode);
    }

    public StakingInner staking() {
        var outer = read(network.objects().staking(), Staking::decode);
        return field(outer.id(), outer.version(), StakingInner::decode);
    }

    /** @param nodeId which is also the pool's object id */
    public StakingPool pool(SuiAddress nodeId) {
        return read(nodeId, StakingPool::decode);
    }

    private <T> T field(SuiAddress parent, long version, Function<BcsReader, T> type) {
        return read(FieldKey.u64(version).under(parent), in -> Field.decode(in, BcsReader::u64, type))
                .value();
    }

    private <T> T read(SuiAddress id, Function<BcsReader, T> type) {
        return ledger.current(id)
                .map(SuiObject::data)
                .filter(SuiObject.Move.class::isInstance)
                .map(data -> BcsReader.decode(((SuiObject.Move) data).contents(), type))
                .orElseThrow(() -> new IllegalStateException("there is no object %s".formatted(id)));
    }

    /** All objects of one type that somebody has, by id. */
    public <T> List<T> owned(SuiAddress owner, MoveType<T> type) {
        return ledger.currentOwnedBy(new Owner.AddressOwner(owner)).stream()
                .map(SuiObject::data)
                .filter(data ->
                        data instanceof SuiObject.Move move && move.type().equals(type.structTag()))
                .map(data -> type.decode(((SuiObject.Move) data).contents()))
                .toList();
    }

    /** Somebody's biggest WAL coin. */
    Optional<Coin> purse(SuiAddress owner) {
        return owned(owner, types.coin).stream().max(Comparator.comparingLong(Coin::value));
    }

    Argument system(Ptb ptb) {
        return ptb.object(network.objects().system());
    }

    /** {@code &System}. */
    Argument readSystem(Ptb ptb) {
        return ptb.read(network.objects().system());
    }

    Argument staking(Ptb ptb) {
        return ptb.object(network.objects().staking());
    }

    Argument readStaking(Ptb ptb) {
        return ptb.read(network.objects().staking());
    }

    Argument treasury(Ptb ptb) {
        return ptb.object(network.objects().treasury().orElseThrow());
    }

    /** Calls a function of the package version in force. */
    Argument.Result call(Ptb ptb, String module, String function, Argument... arguments) {
        return ptb.call(packageId(), module, function, arguments);
    }
}
