package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeDone;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochParametersSelected;
import dev.vibrissa.protocol.walrus.EpochEvent.ShardsReceived;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.object.Field.UnitKey;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;

/** From one epoch to the next, and the prices that hold in it. */
final class EpochFunctions {
    private EpochFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "staking")
                .does("voting_end", EpochFunctions::endVoting)
                .does("initiate_epoch_change", EpochFunctions::deprecated)
                .does("initiate_epoch_change_v2", EpochFunctions::changeEpoch)
                .does("epoch_sync_done", EpochFunctions::syncDone)
                .does("update_prices", EpochFunctions::updatePrices)
                .gives("epoch", call -> MoveType.U32.of(call.staking(0).state().epoch()));
        MoveModule.walrus(modules, types, "system")
                .gives("epoch", call -> MoveType.U32.of(call.system(0).state().epoch()))
                .gives(
                        "n_shards",
                        call -> MoveType.U16.of(
                                call.system(0).state().committee().nShards()))
                .gives(
                        "version",
                        call -> MoveType.U64.of(
                                call.move().read(0, types.system).version()));
    }

    private static void endVoting(WalrusCall call) {
        var staking = call.staking(0);
        staking.state().endVoting(call.nowMillis(1));
        staking.save();
        call.emit(new EpochParametersSelected(staking.state().epoch() + 1));
    }

    private static void deprecated(WalrusCall call) {
        throw call.move().abort(2);
    }

    private static void changeEpoch(WalrusCall call) {
        var staking = call.staking(0);
        var system = call.system(1);
        call.burn(2, system.state().ring().burn());
        var denied = call.extended(system.state().denyListSizes(), call.types().denyListSizes)
                .get(UnitKey.UNIT);
        var committee = staking.state().takeNextBlsCommittee();
        var rewards = system.state().advance(committee, staking.state().nextCapacity(), denied);
        staking.state().advance(call.nowMillis(3), rewards);
        call.emit(new EpochChangeStart(staking.state().epoch()));
        updatePrices(call, staking.state(), system.state());
        staking.save();
        system.save();
    }

    private static void updatePrices(WalrusCall call) {
        var staking = call.staking(0);
        var system = call.system(1);
        updatePrices(call, staking.state(), system.state());
        system.save();
    }

    private static void updatePrices(WalrusCall call, StakingState staking, SystemState system) {
        var prices = staking.prices();
        system.prices(prices.storage(), prices.write());
        call.emit(new PricesUpdated(staking.epoch(), prices.storage(), prices.write()));
    }

    private static void syncDone(WalrusCall call) {
        var staking = call.staking(0);
        long epoch = staking.state().epoch();
        var reference = call.move().borrow(1, call.types().nodeCap);
        StorageNodeCap cap = reference.get();
        Abort.unless(call.u32(2) == epoch, StakingState.MODULE, "epoch_sync_done", 1);
        Abort.unless(cap.lastEpochSyncDone() < epoch, StakingState.MODULE, "epoch_sync_done", 2);
        reference.set(NodeCaps.synced(cap, epoch));
        var synced = staking.state().syncDone(cap.nodeId(), call.nowMillis(3));
        staking.save();
        if (synced.quorum()) {
            call.emit(new EpochChangeDone(epoch));
        }
        call.emit(new ShardsReceived(epoch, synced.shards()));
    }
}
