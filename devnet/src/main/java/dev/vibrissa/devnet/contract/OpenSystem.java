package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.WalrusSystem;

/** The System object's state, read from its field and written back if it changed. */
final class OpenSystem {
    private final long version;
    private final Fields<Long, SystemStateInner> field;
    private final SystemStateInner before;
    private final SystemState state;

    OpenSystem(WalrusSystem system, WalrusCall call) {
        this.version = system.version();
        this.field = call.tx().fields(system.id(), MoveType.U64, call.types().systemInner);
        this.before = field.get(version);
        this.state = new SystemState(before);
    }

    SystemState state() {
        return state;
    }

    void save() {
        var after = state.toMove();
        if (!after.equals(before)) {
            field.set(version, after);
        }
    }
}
