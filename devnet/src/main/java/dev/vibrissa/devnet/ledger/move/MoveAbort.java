package dev.vibrissa.devnet.ledger.move;

/** Ends the transaction: {@code abort} of Move. */
public final class MoveAbort extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String module;
    private final String function;
    private final long code;

    /**
     * @param code of the module's error constant
     */
    public MoveAbort(String module, String function, long code) {
        super("abort %s::%s %s".formatted(module, function, Long.toUnsignedString(code)));
        this.module = module;
        this.function = function;
        this.code = code;
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
