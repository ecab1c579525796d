package dev.vibrissa.indexer.write;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Counts and amounts by subject and epoch, added up as batches are folded, so that nobody has to count them once an epoch
 * is over: the tables {@code adopter}, {@code adopter_epoch} and {@code adopter_count}, and the same for payers.
 */
public final class Tally {
    private final String table;
    private final TreeMap<Key, Sum> sums = new TreeMap<>();

    private record Key(String role, String subject, long epoch) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = role.compareTo(other.role);
            order = order == 0 ? subject.compareTo(other.subject) : order;
            return order == 0 ? Long.compare(epoch, other.epoch) : order;
        }
    }

    private record Sum(long count, BigInteger amount) {
        Sum plus(Sum other) {
            return new Sum(count + other.count, amount.add(other.amount));
        }
    }

    /** @param table {@code adopter} or {@code payer} */
    public Tally(String table) {
        this.table = table;
    }

    public void add(long epoch, String role, String subject, BigInteger amount) {
        sums.merge(new Key(role, subject, epoch), new Sum(1, amount), Sum::plus);
    }

    /** Adds what was counted to the tables, in the order of their keys: two writers could not wait for each other. */
    public void store(Connection db) throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        // All parts of the statement see the tables as they were before it: who is not there is new.
        try (PreparedStatement add = db.prepareStatement("""
                with added as (
                  select *, row_number() over (partition by role, subject order by epoch) = 1 as first_here
                  from unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::numeric[])
                    as each (role, subject, epoch, count, amount)),
                total as (
                  insert into %1$s (role, subject, first_epoch, count, amount)
                  select role, subject, min(epoch), sum(count), sum(amount) from added group by role, subject
                  on conflict (role, subject) do update
                  set count = %1$s.count + excluded.count, amount = %1$s.amount + excluded.amount),
                by_epoch as (
                  insert into %1$s_epoch (role, subject, epoch, count, amount)
                  select role, subject, epoch, count, amount from added
                  on conflict (role, subject, epoch) do update
                  set count = %1$s_epoch.count + excluded.count, amount = %1$s_epoch.amount + excluded.amount)
                insert into %1$s_count (epoch, role, subjects, new_subjects, count, amount)
                select added.epoch, role, count(*) filter (where e.subject is null),
                  count(*) filter (where t.subject is null and first_here), sum(added.count), sum(added.amount)
                from added
                left join %1$s t using (role, subject)
                left join %1$s_epoch e using (role, subject, epoch)
                group by added.epoch, role
                on conflict (epoch, role) do update
                set subjects = %1$s_count.subjects + excluded.subjects,
                  new_subjects = %1$s_count.new_subjects + excluded.new_subjects,
                  count = %1$s_count.count + excluded.count, amount = %1$s_count.amount + excluded.amount
                """.formatted(table))) {
            add.setArray(
                    1, db.createArrayOf("text", column(each -> each.getKey().role())));
            add.setArray(
                    2, db.createArrayOf("text", column(each -> each.getKey().subject())));
            add.setArray(
                    3, db.createArrayOf("bigint", column(each -> each.getKey().epoch())));
            add.setArray(
                    4, db.createArrayOf("bigint", column(each -> each.getValue().count())));
            add.setArray(
                    5,
                    db.createArrayOf(
                            "numeric",
                            column(each -> new BigDecimal(each.getValue().amount()))));
            add.executeUpdate();
        }
        sums.clear();
    }

    private Object[] column(Function<Map.Entry<Key, Sum>, Object> of) {
        return Stream.of(sums).flatMap(each -> each.entrySet().stream()).map(of).toArray();
    }
}
