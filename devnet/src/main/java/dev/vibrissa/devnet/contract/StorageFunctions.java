package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.walrus.object.Storage;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** Buying, splitting and fusing storage. */
final class StorageFunctions {
    private StorageFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        MoveModule.walrus(modules, types, "system")
                .gives("reserve_space", StorageFunctions::reserveSpace)
                .gives("reserve_space_for_epochs", StorageFunctions::reserveSpaceForEpochs)
                .does("add_subsidy", StorageFunctions::addSubsidy)
                .does("add_per_epoch_subsidies", StorageFunctions::addPerEpochSubsidies);
        MoveModule.walrus(modules, types, "storage_resource")
                .gives("split_by_epoch", call -> split(call, s -> Storages.splitByEpoch(s, call.u32(1), call.newId())))
                .gives("split_by_size", call -> split(call, s -> Storages.splitBySize(s, call.u64(1), call.newId())))
                .does("fuse", call -> fuse(call, Storages::fuse))
                .does("fuse_periods", call -> fuse(call, Storages::fusePeriods))
                .does("fuse_amount", call -> fuse(call, Storages::fuseAmount))
                .does(
                        "destroy",
                        call -> call.tx()
                                .delete(call.move().take(0, types.storage).id()));
    }

    private static MoveValue reserveSpace(WalrusCall call) {
        var system = call.system(0);
        Storage storage =
                call.paying(3, payment -> system.state().reserve(call.newId(), call.u64(1), call.u32(2), payment));
        system.save();
        return call.types().storage.of(storage);
    }

    private static MoveValue reserveSpaceForEpochs(WalrusCall call) {
        var system = call.system(0);
        Storage storage = call.paying(
                4, payment -> system.state().reserve(call.newId(), call.u64(1), call.u32(2), call.u32(3), payment));
        system.save();
        return call.types().storage.of(storage);
    }

    private static void addSubsidy(WalrusCall call) {
        var system = call.system(0);
        system.state().addSubsidy(call.takeCoin(1), call.u32(2));
        system.save();
    }

    private static void addPerEpochSubsidies(WalrusCall call) {
        var system = call.system(0);
        List<Long> subsidies = call.move().take(1, MoveType.vector(call.types().balance));
        var ring = system.state().ring();
        Abort.unless(subsidies.size() <= ring.epochsAhead(), SystemState.MODULE, "add_per_epoch_subsidies", 2);
        for (int offset = 0; offset < subsidies.size(); offset++) {
            ring.reward(offset, new Balance(subsidies.get(offset)));
        }
        system.save();
    }

    private static MoveValue split(WalrusCall call, Function<Storage, Storages.Split> how) {
        var storage = call.move().borrow(0, call.types().storage);
        var split = how.apply(storage.get());
        storage.set(split.kept());
        return call.types().storage.of(split.rest());
    }

    private static void fuse(WalrusCall call, BinaryOperator<Storage> how) {
        var first = call.move().borrow(0, call.types().storage);
        Storage second = call.move().take(1, call.types().storage);
        call.tx().delete(second.id());
        first.set(how.apply(first.get(), second));
    }
}
