package dev.vibrissa.indexer.kafka;

import dev.vibrissa.migrations.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What the database keeps of the work with the broker. */
final class KafkaTables {
    private static final int KEPT_BYTES = 64 << 10;
    private static final int KEPT_CHARACTERS = 2_000;

    private static final String DEAD_LETTERS = "dead-letters";
    private static final int MOST_DEAD_LETTERS = 10_000;
    private static final int TRIM_EVERY = 500;

    /** Complete ranges are kept for whoever asks what went on. */
    private static final long KEPT_CHECKPOINTS = 10_000;

    private KafkaTables() {}

    /** A range that is asked for and not stored yet. */
    record Stored(long first, long last, int attempt, boolean isSent) {}

    /** Whether it is the topic that positions and requests were stored for; if not, its positions are forgotten. */
    static boolean recognise(Connection db, String topic, String topicId, String clusterId) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select 1 from kafka_topic where topic = ? and topic_id = ? and cluster_id = ?")) {
            select.setString(1, topic);
            select.setString(2, topicId);
            select.setString(3, clusterId);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return true;
                }
            }
        }
        try (PreparedStatement delete = db.prepareStatement("delete from kafka_topic where topic = ?")) {
            delete.setString(1, topic);
            delete.executeUpdate();
        }
        try (PreparedStatement insert =
                db.prepareStatement("insert into kafka_topic (topic, topic_id, cluster_id) values (?, ?, ?)")) {
            insert.setString(1, topic);
            insert.setString(2, topicId);
            insert.setString(3, clusterId);
            insert.executeUpdate();
        }
        return false;
    }

    static Map<Integer, Long> offsets(Connection db, String topic) throws SQLException {
        var offsets = new HashMap<Integer, Long>();
        try (PreparedStatement select =
                db.prepareStatement("select partition, next_offset from kafka_offset where topic = ?")) {
            select.setString(1, topic);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    offsets.put(row.getInt(1), row.getLong(2));
                }
            }
        }
        return offsets;
    }

    /** Where a partition is read on, and where it ended when that was looked at. */
    record Position(int partition, long next, long end) {}

    /** Part of the transaction that stores rows. Nothing is stored for a topic that was found to be another meanwhile. */
    static void store(Connection db, String topic, Collection<Position> positions) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into kafka_offset (topic, partition, next_offset, end_offset) values (?, ?, ?, ?)
                on conflict (topic, partition) do update
                  set next_offset = excluded.next_offset, end_offset = excluded.end_offset, updated_at = now()
                """)) {
            for (Position each : positions) {
                upsert.setString(1, topic);
                upsert.setInt(2, each.partition());
                upsert.setLong(3, each.next());
                upsert.setLong(4, Math.max(each.next(), each.end()));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    /** Part of the same transaction. */
    static void complete(Connection db, long last) throws SQLException {
        try (PreparedStatement update = db.prepareStatement(
                "update extraction_range set complete_at = now() where complete_at is null and last_checkpoint <= ?")) {
            update.setLong(1, last);
            update.executeUpdate();
        }
        try (PreparedStatement delete =
                db.prepareStatement("delete from extraction_range where first_checkpoint < ?")) {
            delete.setLong(1, last - KEPT_CHECKPOINTS);
            delete.executeUpdate();
        }
    }

    /** In order. */
    static List<Stored> open(Connection db) throws SQLException {
        var open = new ArrayList<Stored>();
        try (PreparedStatement select = db.prepareStatement("""
                        select first_checkpoint, last_checkpoint, attempt, sent_at is not null from extraction_range
                        where complete_at is null order by first_checkpoint
                        """);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                open.add(new Stored(row.getLong(1), row.getLong(2), row.getInt(3), row.getBoolean(4)));
            }
        }
        return open;
    }

    static void forgetOpen(Connection db) throws SQLException {
        try (PreparedStatement delete = db.prepareStatement("delete from extraction_range where complete_at is null")) {
            delete.executeUpdate();
        }
    }

    /** Before the broker is told, so that what it was told is never forgotten. */
    static void ask(Connection db, Collection<OpenRange> ranges) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into extraction_range (first_checkpoint, last_checkpoint, attempt, reason) values (?, ?, ?, ?)
                on conflict (first_checkpoint) do update set last_checkpoint = excluded.last_checkpoint,
                  attempt = excluded.attempt, reason = excluded.reason, planned_at = now(), sent_at = null, complete_at = null
                """)) {
            for (OpenRange each : ranges) {
                upsert.setLong(1, each.first);
                upsert.setLong(2, each.last);
                upsert.setInt(3, each.attempt);
                upsert.setString(4, each.reason.isEmpty() ? null : text(each.reason));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    static void sent(Connection db, Collection<OpenRange> ranges) throws SQLException {
        try (PreparedStatement update =
                db.prepareStatement("update extraction_range set sent_at = now() where first_checkpoint = any(?)")) {
            update.setArray(
                    1,
                    db.createArrayOf(
                            "bigint", ranges.stream().map(each -> each.first).toArray(Long[]::new)));
            update.executeUpdate();
        }
    }

    /** Gets false if it was there before. */
    static boolean putAside(Connection db, String clusterId, ConsumerRecord<byte[], byte[]> record, String reason)
            throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into dead_letter (cluster_id, topic, partition, record_offset, reason, key, value)
                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)) {
            insert.setString(1, clusterId);
            insert.setString(2, record.topic());
            insert.setInt(3, record.partition());
            insert.setLong(4, record.offset());
            insert.setString(5, text(reason));
            insert.setBytes(6, begin(record.key()));
            insert.setBytes(7, begin(record.value()));
            boolean isNew = insert.executeUpdate() == 1;
            if (isNew) {
                trim(db, count(db, DEAD_LETTERS));
            }
            return isNew;
        }
    }

    /** Now and then: whoever may write to a topic must not fill the disk of the database with what nobody can read. */
    private static void trim(Connection db, long times) throws SQLException {
        if (times % TRIM_EVERY != 0) {
            return;
        }
        try (PreparedStatement delete = db.prepareStatement("""
                delete from dead_letter where found_at <= (
                  select found_at from dead_letter order by found_at desc offset ? limit 1)
                """)) {
            delete.setInt(1, MOST_DEAD_LETTERS);
            delete.executeUpdate();
        }
    }

    /** As PostgreSQL can keep it: a reason may quote what came, and that may be anything. */
    private static String text(String reason) {
        return reason.substring(0, Math.min(reason.length(), KEPT_CHARACTERS)).replace('\0', '\uFFFD');
    }

    private static byte[] begin(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : Arrays.copyOf(bytes, Math.min(bytes.length, KEPT_BYTES));
    }

    static void count(Database database, String what) throws SQLException {
        try (Connection db = database.connect()) {
            count(db, what);
        }
    }

    /** Returns how often it has happened by now. */
    private static long count(Connection db, String what) throws SQLException {
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into kafka_tally as t (what, times) values (?, 1)
                on conflict (what) do update set times = t.times + 1
                returning times
                """)) {
            upsert.setString(1, what);
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The last checkpoint that is stored; -1 if nothing is. */
    static long watermark(Connection db) throws SQLException {
        try (PreparedStatement select =
                        db.prepareStatement("select last_checkpoint from watermark where pipeline = 'facts'");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : -1;
        }
    }
}
