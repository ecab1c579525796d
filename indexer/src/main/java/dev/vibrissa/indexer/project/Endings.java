package dev.vibrissa.indexer.project;

import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many objects end when, and whose they are: sums over {@code blob_object} that are carried along, so that nobody has to
 * count it. What an object counted for when it was loaded is taken away, and what it counts for now is added.
 */
final class Endings {
    private final Map<Long, Sum> byEpoch = new TreeMap<>();
    private final Map<Held, Sum> byOwner = new TreeMap<>();
    private final Map<SuiAddress, Sum> byPool = new TreeMap<>();

    private Endings() {}

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

    /** Stores what the change of some objects comes to. */
    static void store(Connection db, Collection<BlobObjectRow> changed) throws SQLException {
        var endings = new Endings();
        for (BlobObjectRow row : changed) {
            endings.count(row.countedBefore, -1);
            endings.count(Counted.of(row), 1);
        }
        endings.store(db);
    }

    private void count(@Nullable Counted counted, int sign) {
        if (counted == null) {
            return;
        }
        var one = new Sum(sign, sign < 0 ? counted.bytes().negate() : counted.bytes());
        if (counted.pool() != null) {
            byPool.merge(counted.pool(), one, Sum::plus);
        } else if (counted.endEpoch() != null) {
            byEpoch.merge(counted.endEpoch(), one, Sum::plus);
            byOwner.merge(new Held(counted.endEpoch(), counted.ownerKind(), counted.owner()), one, Sum::plus);
        }
    }

    private void store(Connection db) throws SQLException {
        add(db, "ending", "end_epoch", byEpoch, (insert, epoch) -> {
            insert.setLong(1, epoch);
            return 2;
        });
        add(db, "ending_of_owner", "end_epoch, owner_kind, owner", byOwner, (insert, held) -> {
            insert.setLong(1, held.endEpoch());
            insert.setString(2, held.ownerKind());
            insert.setBytes(3, held.owner() == null ? new byte[0] : held.owner().toByteArray());
            return 4;
        });
        add(db, "pool_content", "storage_pool_id", byPool, (insert, pool) -> {
            insert.setBytes(1, pool.toByteArray());
            return 2;
        });
    }

    /** Sets the parameters of a key, the first ones, and says which is the next one. */
    @FunctionalInterface
    private interface Key<K> {
        int set(PreparedStatement insert, K key) throws SQLException;
    }

    private static <K> void add(Connection db, String table, String columns, Map<K, Sum> sums, Key<K> key)
            throws SQLException {
        sums.values().removeIf(Sum::isNothing);
        if (sums.isEmpty()) {
            return;
        }
        String places = columns.replaceAll("\\w+", "?");
        String upsert = """
                insert into %s as e values (%s, ?, ?) on conflict (%s)
                do update set objects = e.objects + excluded.objects, bytes = e.bytes + excluded.bytes
                """.formatted(table, places, columns);
        // Whatever the batches were, the same rows are left.
        String clear = "delete from %s where (%s) = (%s) and objects = 0".formatted(table, columns, places);
        try (PreparedStatement insert = db.prepareStatement(upsert);
                PreparedStatement delete = db.prepareStatement(clear)) {
            for (Map.Entry<K, Sum> each : sums.entrySet()) {
                int next = key.set(insert, each.getKey());
                insert.setLong(next, each.getValue().objects());
                insert.setBigDecimal(next + 1, each.getValue().bytes());
                insert.addBatch();
                if (each.getValue().objects() < 0) {
                    key.set(delete, each.getKey());
                    delete.addBatch();
                }
            }
            insert.executeBatch();
            delete.executeBatch();
        }
    }
}
