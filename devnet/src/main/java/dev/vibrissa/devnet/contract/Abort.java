package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.MoveAbort;

/** Refuses what breaks a rule, with the place and code that the contract on the chain would give. */
final class Abort {
    private Abort() {}

    /** Aborts the transaction unless {@code holds}. */
    static void unless(boolean holds, String module, String function, long code) {
        if (!holds) {
            throw new MoveAbort(module, function, code);
        }
    }

    /** The same in a module of Sui's framework. */
    static void unlessInFramework(boolean holds, String module, String function, long code) {
        if (!holds) {
            throw new MoveAbort(Framework.PACKAGE, module, function, code);
        }
    }
}
