package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.SystemChange.RingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a transaction added to the accounts of epochs, less what has been explained of it. */
final class Accounts {
    private record Entry(long rewards, long used) {
        static final Entry NOTHING = new Entry(0, 0);
    }

    private final TreeMap<Long, Entry> entries = new TreeMap<>();

    Accounts(List<RingChange> changes) {
        for (RingChange change : changes) {
            for (long epoch = change.firstEpoch(); epoch < change.endEpochExclusive(); epoch++) {
                entries.put(epoch, new Entry(change.rewards(), change.used()));
            }
        }
    }

    void subtract(Payment payment) {
        var part = new Entry(-payment.perEpoch(), -reserved(payment));
        for (long epoch = payment.firstEpoch(); epoch < payment.endEpochExclusive(); epoch++) {
            entries.merge(
                    epoch, part, (was, less) -> new Entry(was.rewards() + less.rewards(), was.used() + less.used()));
        }
    }

    private static long reserved(Payment payment) {
        return payment.kind().reserves() ? payment.bytes() : 0;
    }

    /** Whether what is left is enough for the payment in each of its epochs. */
    boolean cover(Payment payment) {
        for (long epoch = payment.firstEpoch(); epoch < payment.endEpochExclusive(); epoch++) {
            var entry = entries.getOrDefault(epoch, Entry.NOTHING);
            if (entry.rewards() < payment.perEpoch() || entry.used() < reserved(payment)) {
                return false;
            }
        }
        return true;
    }

    /** What is left, neighbouring epochs with the same together. */
    List<RingChange> left() {
        var runs = new ArrayList<RingChange>();
        entries.forEach((epoch, entry) -> {
            if (entry.equals(Entry.NOTHING)) {
                return;
            }
            var last = runs.isEmpty() ? null : runs.getLast();
            if (last != null
                    && last.endEpochExclusive() == epoch
                    && last.rewards() == entry.rewards()
                    && last.used() == entry.used()) {
                runs.removeLast();
                runs.add(new RingChange(last.firstEpoch(), epoch + 1, entry.rewards(), entry.used()));
            } else {
                runs.add(new RingChange(epoch, epoch + 1, entry.rewards(), entry.used()));
            }
        });
        return runs;
    }
}
