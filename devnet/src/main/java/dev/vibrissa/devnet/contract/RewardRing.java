package dev.vibrissa.devnet.contract;

import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccountingRing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What is reserved, and what will be paid out, in the current epoch and those ahead.
 *
 * @see "Move: walrus::storage_accounting"
 */
final class RewardRing {
    private static final int BURNT_PERCENT = 3;

    private final List<FutureAccounting> entries;
    private int current;

    RewardRing(FutureAccountingRing ring) {
        this.entries = new ArrayList<>(ring.ringBuffer());
        this.current = (int) ring.currentIndex();
    }

    static FutureAccountingRing empty(int epochsAhead) {
        return new FutureAccountingRing(
                0,
                epochsAhead,
                LongStream.range(0, epochsAhead)
                        .mapToObj(epoch -> new FutureAccounting(epoch, 0, 0))
                        .toList());
    }

    FutureAccountingRing toMove() {
        return new FutureAccountingRing(current, entries.size(), List.copyOf(entries));
    }

    int epochsAhead() {
        return entries.size();
    }

    /** @param offset epochs from the current one */
    FutureAccounting at(long offset) {
        return entries.get(index(offset));
    }

    void reward(long offset, Balance amount) {
        var entry = at(offset);
        var rewards = new Balance(entry.rewardsToDistribute());
        rewards.join(amount);
        entries.set(index(offset), new FutureAccounting(entry.epoch(), entry.usedCapacity(), rewards.value()));
    }

    /** Reserves bytes in one epoch, and tells how many are then. */
    long reserve(long offset, long bytes) {
        var entry = at(offset);
        long used = U64.add(entry.usedCapacity(), bytes);
        entries.set(index(offset), new FutureAccounting(entry.epoch(), used, entry.rewardsToDistribute()));
        return used;
    }

    /** Takes out what is burnt of the current epoch's rewards. */
    Balance burn() {
        var entry = at(0);
        long burnt = Long.divideUnsigned(U64.multiply(entry.rewardsToDistribute(), BURNT_PERCENT), 100);
        entries.set(
                current,
                new FutureAccounting(entry.epoch(), entry.usedCapacity(), entry.rewardsToDistribute() - burnt));
        return new Balance(burnt);
    }

    /** Ends the current epoch: its entry leaves, and one for the farthest epoch takes the place. */
    FutureAccounting pop() {
        var ended = at(0);
        entries.set(current, new FutureAccounting(ended.epoch() + entries.size(), 0, 0));
        current = (current + 1) % entries.size();
        return ended;
    }

    private int index(long offset) {
        Abort.unless(offset >= 0 && offset < entries.size(), "storage_accounting", "ring_lookup_mut", 0);
        return (int) ((offset + current) % entries.size());
    }
}
