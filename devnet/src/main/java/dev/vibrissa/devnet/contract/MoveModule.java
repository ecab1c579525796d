package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A Move module in the making. */
record MoveModule(MoveModules modules, SuiAddress originalPackageId, String name, WalrusTypes types) {
    /** A module of the Walrus package. */
    static MoveModule walrus(MoveModules modules, WalrusTypes types, String name) {
        return new MoveModule(modules, types.packages.walrus1(), name, types);
    }

    /** A function without a result. */
    MoveModule does(String function, Consumer<WalrusCall> code) {
        modules.add(originalPackageId, name, function, call -> {
            code.accept(new WalrusCall(call, types));
            return List.of();
        });
        return this;
    }

    /** A function with one result. */
    MoveModule gives(String function, Function<WalrusCall, MoveValue> code) {
        modules.add(originalPackageId, name, function, call -> List.of(code.apply(new WalrusCall(call, types))));
        return this;
    }

    /** A function with several results. */
    MoveModule returns(String function, Function<WalrusCall, List<MoveValue>> code) {
        modules.add(originalPackageId, name, function, call -> code.apply(new WalrusCall(call, types)));
        return this;
    }
}
