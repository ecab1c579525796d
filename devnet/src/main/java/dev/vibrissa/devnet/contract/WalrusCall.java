package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.Framework.Coin;
import dev.vibrissa.devnet.ledger.move.MoveCall;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.TxContext;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.Staking;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;
import java.util.function.Function;

/** One call of a Walrus function: its arguments in Walrus's types, and what it can do. */
record WalrusCall(MoveCall move, WalrusTypes types) {
    TxContext tx() {
        return move.tx();
    }

    SuiAddress newId() {
        return move.tx().newId();
    }

    long u64(int index) {
        return move.u64(index);
    }

    long u32(int index) {
        return move.u32(index);
    }

    byte[] bytes(int index) {
        return move.bytes(index);
    }

    SuiAddress id(int index) {
        return move.id(index);
    }

    BlobId blobId(int index) {
        return move.take(index, WalrusTypes.BLOB_ID);
    }

    Authorized authenticated(int index) {
        return move.take(index, types.authenticated);
    }

    long nowMillis(int index) {
        return move.clock(index).toEpochMilli();
    }

    Certificate certificate(int signature) {
        return new Certificate(bytes(signature), bytes(signature + 1), bytes(signature + 2));
    }

    /** The System object at this argument, with its state. */
    OpenSystem system(int index) {
        WalrusSystem system = move.read(index, types.system);
        checkVersion(system.packageId(), "system");
        return new OpenSystem(system, this);
    }

    /** The Staking object at this argument, with its state. */
    OpenStaking staking(int index) {
        Staking staking = move.read(index, types.staking);
        checkVersion(staking.packageId(), "staking");
        return new OpenStaking(staking, this);
    }

    /** Refuses all versions of the package but the one in force; other packages call whichever is. */
    private void checkVersion(SuiAddress inForce, String module) {
        boolean walrus = move.originalPackageId().equals(types.packages.walrus1());
        Abort.unless(!walrus || move.packageId().equals(inForce), module, "inner_mut", 1);
    }

    /** Lets {@code purchase} take what it costs from the coin at this argument. */
    <T> T paying(int index, Function<Balance, T> purchase) {
        var reference = move.borrow(index, types.coin);
        Coin coin = reference.get();
        var balance = new Balance(coin.value());
        T bought = purchase.apply(balance);
        reference.set(new Coin(coin.id(), balance.value()));
        return bought;
    }

    /** Takes the coin at this argument as a balance. */
    Balance takeCoin(int index) {
        Coin coin = move.take(index, types.coin);
        tx().delete(coin.id());
        return new Balance(coin.value());
    }

    /** A new coin with all of the balance. */
    Coin coin(Balance balance) {
        return new Coin(newId(), balance.withdrawAll().value());
    }

    /** Takes WAL out of existence; like the contract, by way of a coin. */
    void burn(int treasury, Balance balance) {
        tx().delete(newId());
        reduceSupply(treasury, balance);
    }

    void reduceSupply(int treasury, Balance balance) {
        var cap = tx().objectFields(move.read(treasury, types.treasury).id(), types.treasuryCapKey, types.treasuryCap);
        long burnt = balance.withdrawAll().value();
        cap.update(UnitKey.UNIT, before -> new TreasuryCap(before.id(), U64.subtract(before.totalSupply(), burnt)));
    }

    /** The value of an {@code ExtendedField}: a field by itself, so that what holds it stays small. */
    <V> Fields<UnitKey, V> extended(SuiAddress id, MoveType<V> type) {
        return tx().fields(id, types.extendedFieldKey, type);
    }

    void emit(WalrusEvent event) {
        tx().emit(types.event(event.name()), Bytes.of(event.toBcs()));
    }
}
