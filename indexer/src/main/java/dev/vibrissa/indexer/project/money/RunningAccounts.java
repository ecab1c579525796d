package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.Function;

/** What a batch makes of the accounts of epochs as they are now. */
final class RunningAccounts {
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private boolean anew;

    private record Entry(BigInteger used, BigInteger rewards) {
        Entry plus(Entry other) {
            return new Entry(used.add(other.used), rewards.add(other.rewards));
        }
    }

    /** The accounts as a whole, where they are known. */
    void are(SystemStateInner inner) {
        entries.clear();
        anew = true;
        for (var entry : inner.futureAccounting().ringBuffer()) {
            add(
                    entry.epoch(),
                    new Entry(
                            Sql.numeric(entry.usedCapacity()).toBigIntegerExact(),
                            Sql.numeric(entry.rewardsToDistribute()).toBigIntegerExact()));
        }
    }

    void change(SystemChange change) {
        for (var each : change.ring()) {
            var added = new Entry(BigInteger.valueOf(each.used()), BigInteger.valueOf(each.rewards()));
            for (long epoch = each.firstEpoch(); epoch < each.endEpochExclusive(); epoch++) {
                add(epoch, added);
            }
        }
    }

    private void add(long epoch, Entry more) {
        entries.merge(epoch, more, Entry::plus);
    }

    void store(Connection db) throws SQLException {
        if (anew) {
            execute(db, "delete from account");
        }
        if (!entries.isEmpty()) {
            try (PreparedStatement add = db.prepareStatement("""
                    insert into account (epoch, used_capacity, rewards)
                    select * from unnest(?::bigint[], ?::numeric[], ?::numeric[])
                    on conflict (epoch) do update set used_capacity = account.used_capacity + excluded.used_capacity,
                      rewards = account.rewards + excluded.rewards
                    """)) {
                add.setArray(1, db.createArrayOf("bigint", entries.keySet().toArray()));
                add.setArray(2, db.createArrayOf("numeric", column(Entry::used)));
                add.setArray(3, db.createArrayOf("numeric", column(Entry::rewards)));
                add.executeUpdate();
            }
            execute(db, "delete from account where used_capacity = 0 and rewards = 0");
        }
        entries.clear();
        anew = false;
    }

    private Object[] column(Function<Entry, BigInteger> of) {
        Collection<Entry> all = entries.values();
        return all.stream().map(of).map(BigDecimal::new).toArray();
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }
}
