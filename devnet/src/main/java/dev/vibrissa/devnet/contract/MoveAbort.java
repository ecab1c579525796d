package dev.vibrissa.devnet.contract;

/** A rule was broken. The transaction fails with the place and code that the contract on the chain would give. */
final class MoveAbort extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String module;
    private final String function;
    private final long code;

    MoveAbort(String module, String function, long code) {
        super("abort %s::%s %d".formatted(module, function, code), null, false, false); // expected: no stack trace
        this.module = module;
        this.function = function;
        this.code = code;
    }

    /** Aborts unless {@code holds}. */
    static void unless(boolean holds, String module, String function, long code) {
        if (!holds) {
            throw new MoveAbort(module, function, code);
        }
    }

    String module() {
        return module;
    }

    String function() {
        return function;
    }

    long code() {
        return code;
    }
}
