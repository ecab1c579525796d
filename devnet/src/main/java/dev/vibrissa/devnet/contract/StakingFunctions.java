package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Ability;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import java.util.List;
import java.util.Set;

/** Stake, who may speak for a pool, and the commission that it earns. */
final class StakingFunctions {
    private StakingFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "staking")
                .gives("stake_with_pool", StakingFunctions::stake)
                .does("request_withdraw_stake", StakingFunctions::requestWithdraw)
                .gives("withdraw_stake", StakingFunctions::withdraw)
                .gives("collect_commission", StakingFunctions::collectCommission)
                .does("add_commission_to_pools", StakingFunctions::addCommission)
                .does("set_commission_receiver", StakingFunctions::setCommissionReceiver)
                .does("set_governance_authorized", StakingFunctions::setGovernanceAuthorized);
        MoveModule.walrus(modules, types, "staked_wal")
                .gives("split", StakingFunctions::split)
                .does("join", StakingFunctions::join);
        MoveModule.walrus(modules, types, "auth")
                .gives(
                        "authenticate_sender",
                        call -> types.authenticated.of(
                                new Authorized.ByAddress(call.tx().sender())))
                .gives("authenticate_with_object", StakingFunctions::authenticateWithObject)
                .gives(
                        "authorized_address",
                        call -> types.authorized.of(
                                new Authorized.ByAddress(call.move().address(0))))
                .gives("authorized_object", call -> types.authorized.of(new Authorized.ByObject(call.id(0))));
    }

    private static MoveValue stake(WalrusCall call) {
        var staking = call.staking(0);
        Balance principal = call.takeCoin(1);
        StakedWal staked = staking.state().stake(call.newId(), principal, call.id(2));
        staking.save();
        return call.types().stakedWal.of(staked);
    }

    private static void requestWithdraw(WalrusCall call) {
        var staking = call.staking(0);
        call.move().borrow(1, call.types().stakedWal).update(staking.state()::requestWithdraw);
        staking.save();
    }

    private static MoveValue withdraw(WalrusCall call) {
        var staking = call.staking(0);
        StakedWal staked = call.move().take(1, call.types().stakedWal);
        Balance paid = staking.state().withdraw(staked);
        call.tx().delete(staked.id());
        staking.save();
        return call.types().coin.of(call.coin(paid));
    }

    private static MoveValue collectCommission(WalrusCall call) {
        var staking = call.staking(0);
        Balance collected = staking.state().pool(call.id(1)).collectCommission(call.authenticated(2));
        staking.save();
        return call.types().coin.of(call.coin(collected));
    }

    /** Anybody may give operators something. */
    private static void addCommission(WalrusCall call) {
        var staking = call.staking(0);
        List<SuiAddress> nodes = call.move().take(1, MoveType.vector(MoveType.ID));
        List<Long> gifts = call.move().take(2, MoveType.vector(call.types().balance));
        Abort.unlessInFramework(nodes.size() == gifts.size(), "vector", "zip_do", 0x20000);
        for (int i = 0; i < nodes.size(); i++) {
            staking.state().addCommission(nodes.get(i), new Balance(gifts.get(i)));
        }
        staking.save();
    }

    private static void setCommissionReceiver(WalrusCall call) {
        var staking = call.staking(0);
        staking.state()
                .pool(call.id(1))
                .authorizeCommission(call.authenticated(2), call.move().take(3, call.types().authorized));
        staking.save();
    }

    private static void setGovernanceAuthorized(WalrusCall call) {
        var staking = call.staking(0);
        staking.state()
                .pool(call.id(1))
                .authorizeGovernance(call.authenticated(2), call.move().take(3, call.types().authorized));
        staking.save();
    }

    private static MoveValue split(WalrusCall call) {
        var staked = call.move().borrow(0, call.types().stakedWal);
        long amount = call.u64(1);
        StakedWal part = Stakes.part(call.newId(), staked.get(), amount);
        staked.update(before -> Stakes.remainder(before, amount));
        return call.types().stakedWal.of(part);
    }

    private static void join(WalrusCall call) {
        var staked = call.move().borrow(0, call.types().stakedWal);
        StakedWal other = call.move().take(1, call.types().stakedWal);
        staked.update(before -> Stakes.join(before, other));
        call.tx().delete(other.id());
    }

    /** Whoever can show an object speaks for it. */
    private static MoveValue authenticateWithObject(WalrusCall call) {
        var type = MoveType.opaque(call.move().typeArguments().getFirst(), Set.of(Ability.KEY));
        var id = SuiAddress.decode(call.move().read(0, type).reader());
        return call.types().authenticated.of(new Authorized.ByObject(id));
    }
}
