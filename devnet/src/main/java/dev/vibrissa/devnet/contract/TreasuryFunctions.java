package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.MoveModules;

/** The coin WAL. */
final class TreasuryFunctions {
    private TreasuryFunctions() {}

    static void addTo(MoveModules modules, WalrusTypes types) {
        new MoveModule(modules, types.packages.wal(), "wal", types)
                .does("burn", call -> call.reduceSupply(0, call.takeCoin(1)));
    }
}
