package dev.vibrissa.devnet.contract;

/** WAL in some place, in FROST. What leaves one balance has to enter another. */
final class Balance {
    private long value;

    Balance(long value) {
        this.value = value;
    }

    static Balance zero() {
        return new Balance(0);
    }

    long value() {
        return value;
    }

    /** Takes out exactly so much. */
    Balance split(long amount) {
        Abort.unlessInFramework(Long.compareUnsigned(amount, value) <= 0, "balance", "split", 2);
        value -= amount;
        return new Balance(amount);
    }

    Balance withdrawAll() {
        return split(value);
    }

    /** Takes in all of the other, which is empty afterwards. */
    void join(Balance other) {
        value = U64.add(value, other.value);
        other.value = 0;
    }
}
