package dev.vibrissa.devnet.ledger.move;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.Optional;

/** Ends the transaction: {@code abort} of Move. */
public final class MoveAbort extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Optional<SuiAddress> packageId;
    private final String module;
    private final String function;
    private final long code;

    /**
     * An abort in the package that was called.
     *
     * @param code of the module's error constant
     */
    public MoveAbort(String module, String function, long code) {
        this(Optional.empty(), module, function, code);
    }

    /** An abort in another package that the one called has called. */
    public MoveAbort(SuiAddress packageId, String module, String function, long code) {
        this(Optional.of(packageId), module, function, code);
    }

    private MoveAbort(Optional<SuiAddress> packageId, String module, String function, long code) {
        super("abort %s::%s %s".formatted(module, function, Long.toUnsignedString(code)));
        this.packageId = packageId;
        this.module = module;
        this.function = function;
        this.code = code;
    }

    /** Original id of the package; empty for the one that was called. */
    public Optional<SuiAddress> packageId() {
        return packageId;
    }

    public String module() {
        return module;
    }

    public String function() {
        return function;
    }

    public long code() {
        return code;
    }
}
