package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How many objects end when, and whose they are: sums over {@code blob_object} that are carried along, so that nobody has to
 * count it, and what they came to at each checkpoint that changed them. What an object counted for until then is taken away,
 * and what it counts for now is added.
 */
final class Endings {
    private final Sums<Long> byEpoch =
            new Sums<>("ending", List.of(new Column<Long>("end_epoch", "bigint", epoch -> epoch)));
    private final Sums<Held> byOwner = new Sums<>(
            "ending_of_owner",
            List.of(
                    new Column<>("end_epoch", "bigint", Held::endEpoch),
                    new Column<>("owner_kind", "text", Held::ownerKind),
                    new Column<>(
                            "owner",
                            "bytea",
                            held -> held.owner() == null
                                    ? new byte[0]
                                    : held.owner().toByteArray())));
    private final Sums<SuiAddress> byPool =
            new Sums<>("pool_content", List.of(new Column<>("storage_pool_id", "bytea", SuiAddress::toByteArray)));

    /**
     * What an object counts for; nothing once it is deleted.
     *
     * @param endEpoch of an own object
     * @param ownerKind as its row has it
     * @param owner null where there is none
     * @param pool of a pooled object
     */
    record Counted(
            @Nullable Long endEpoch,
            String ownerKind,
            @Nullable SuiAddress owner,
            @Nullable SuiAddress pool,
            BigDecimal bytes) {
        static @Nullable Counted of(BlobObjectRow row) {
            return row.deletedCheckpoint != null
                    ? null
                    : new Counted(
                            row.endEpoch,
                            row.ownerKind,
                            row.owner,
                            row.storagePoolId,
                            row.size == null ? BigDecimal.ZERO : row.size);
        }
    }

    private record Held(
            long endEpoch, String ownerKind, @Nullable SuiAddress owner) implements Comparable<Held> {
        private static final Comparator<Held> ORDER = Comparator.comparingLong(Held::endEpoch)
                .thenComparing(Held::ownerKind)
                .thenComparing(Held::owner, Comparator.nullsFirst(Comparator.naturalOrder()));

        @Override
        public int compareTo(Held other) {
            return ORDER.compare(this, other);
        }
    }

    private record Sum(long objects, BigDecimal bytes) {
        Sum plus(Sum other) {
            return new Sum(objects + other.objects, bytes.add(other.bytes));
        }

        boolean isNothing() {
            return objects == 0 && bytes.signum() == 0;
        }
    }

    /** A checkpoint is over that changed some objects. */
    void changed(long checkpoint, Collection<BlobObjectRow> rows) {
        for (BlobObjectRow row : rows) {
            count(checkpoint, row.counted, -1);
            row.counted = Counted.of(row);
            count(checkpoint, row.counted, 1);
        }
    }

    private void count(long checkpoint, @Nullable Counted counted, int sign) {
        if (counted == null) {
            return;
        }
        var one = new Sum(sign, sign < 0 ? counted.bytes().negate() : counted.bytes());
        if (counted.pool() != null) {
            byPool.add(counted.pool(), checkpoint, one);
        } else if (counted.endEpoch() != null) {
            byEpoch.add(counted.endEpoch(), checkpoint, one);
            byOwner.add(new Held(counted.endEpoch(), counted.ownerKind(), counted.owner()), checkpoint, one);
        }
    }

    void store(Connection db) throws SQLException {
        byEpoch.store(db);
        byOwner.store(db);
        byPool.store(db);
    }

    /** A column of the key of some sums, and what a key has in it. */
    private record Column<K>(String name, String type, Function<K, ?> value) {}

    /** What the sums of a table change by, by key and checkpoint. */
    private static final class Sums<K extends Comparable<K>> {
        private final String table;
        private final List<Column<K>> key;
        private final Map<K, NavigableMap<Long, Sum>> changes = new TreeMap<>();

        Sums(String table, List<Column<K>> key) {
            this.table = table;
            this.key = key;
        }

        void add(K of, long checkpoint, Sum change) {
            changes.computeIfAbsent(of, _ -> new TreeMap<>()).merge(checkpoint, change, Sum::plus);
        }

        private record Change<K>(K of, long checkpoint, Sum by) {}

        /** The history first: it goes on from the sums as they were before the batch. */
        void store(Connection db) throws SQLException {
            var stored = changes.entrySet().stream()
                    .flatMap(of -> of.getValue().entrySet().stream()
                            .filter(at -> !at.getValue().isNothing())
                            .map(at -> new Change<>(of.getKey(), at.getKey(), at.getValue())))
                    .toList();
            if (stored.isEmpty()) {
                return;
            }
            String columns = key.stream().map(Column::name).collect(Collectors.joining(", "));
            String changed = "unnest(%s, ?::bigint[], ?::bigint[], ?::numeric[]) as c (%s, checkpoint, objects, bytes)"
                    .formatted(
                            key.stream().map(each -> "?::" + each.type() + "[]").collect(Collectors.joining(", ")),
                            columns);
            execute(db, stored, """
                    insert into %1$s_history (%2$s, checkpoint, objects, bytes)
                    select %2$s, c.checkpoint, coalesce(s.objects, 0) + sum(c.objects) over so_far,
                      coalesce(s.bytes, 0) + sum(c.bytes) over so_far
                    from %3$s left join %1$s s using (%2$s)
                    window so_far as (partition by %2$s order by c.checkpoint)
                    """.formatted(table, columns, changed));
            execute(db, stored, """
                    insert into %1$s as s (%2$s, objects, bytes)
                    select %2$s, sum(objects), sum(bytes) from %3$s group by %2$s
                    on conflict (%2$s) do update set objects = s.objects + excluded.objects, bytes = s.bytes + excluded.bytes
                    """.formatted(table, columns, changed));
            if (stored.stream().anyMatch(each -> each.by().objects() < 0)) {
                // Whatever the batches were, the same rows are left.
                execute(
                        db,
                        stored,
                        "delete from %1$s where objects = 0 and (%2$s) in (select %2$s from %3$s)"
                                .formatted(table, columns, changed));
            }
        }

        private void execute(Connection db, List<Change<K>> stored, String sql) throws SQLException {
            try (PreparedStatement statement = db.prepareStatement(sql)) {
                int next = 1;
                for (Column<K> column : key) {
                    array(
                            statement,
                            next++,
                            column.type(),
                            stored,
                            each -> column.value().apply(each.of()));
                }
                array(statement, next++, "bigint", stored, Change::checkpoint);
                array(statement, next++, "bigint", stored, each -> each.by().objects());
                array(statement, next, "numeric", stored, each -> each.by().bytes());
                statement.executeUpdate();
            }
        }

        private static <K> void array(
                PreparedStatement statement,
                int index,
                String type,
                List<Change<K>> stored,
                Function<Change<K>, ?> value)
                throws SQLException {
            Object[] values = stored.stream().map(value).toArray();
            statement.setArray(
                    index,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    type, type.equals("bytea") ? List.of(values).toArray(byte[][]::new) : values));
        }
    }
}
