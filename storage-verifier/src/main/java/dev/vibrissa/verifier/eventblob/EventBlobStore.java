package dev.vibrissa.verifier.eventblob;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.verifier.eventblob.Differences.What;
import dev.vibrissa.verifier.eventblob.NodeEventBlobs.Holder;
import dev.vibrissa.verifier.node.NodeHealth;
import dev.vibrissa.verifier.node.StorageNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Event blobs in the database: what the chain says of them, and what their audits came to. */
public final class EventBlobStore {
    private EventBlobStore() {}

    /** How an audit ended; the words of the column {@code event_blob_audit.outcome}. */
    public enum Outcome {
        AGREES,
        DIFFERS,
        /** It has an element of a kind that is not known here; what was before it was compared. */
        INCOMPLETE,
        /** It is no event blob, or not the one that is meant. */
        MALFORMED,
        /** It was not to be had. */
        UNAVAILABLE;

        String column() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome ofColumn(String column) {
            return valueOf(column.toUpperCase(Locale.ROOT));
        }
    }

    /** The range of checkpoints that we have the facts of. */
    record Facts(long first, long last) {}

    /** What is known of an audited file. */
    record Audited(
            Link link,
            Outcome outcome,
            OptionalLong firstCheckpoint,
            Optional<BlobId> previous,
            OptionalLong firstIndex,
            OptionalLong comparedFrom,
            int tries,
            Instant at) {
        /** The file before it; empty if it is the first, or could not be read so far. */
        Optional<Link> older() {
            return firstCheckpoint.isPresent()
                    ? previous.map(id -> new Link(id, firstCheckpoint.getAsLong() - 1, firstIndex))
                    : Optional.empty();
        }
    }

    /** The newest certified event blob, as the System object had it. */
    public static Optional<Link> head(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                        select blob_id, ending_checkpoint from event_blob_head
                        order by checkpoint desc, tx_index desc limit 1
                        """);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(new Link(
                            new BlobId(row.getBytes(1)), row.getBigDecimal(2).longValueExact()))
                    : Optional.empty();
        }
    }

    /** The newest that ends before a checkpoint, of those that we saw certified. */
    static Optional<Link> headBefore(Connection db, long checkpoint) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select blob_id, ending_checkpoint from event_blob_head where ending_checkpoint < ?
                order by checkpoint desc, tx_index desc limit 1
                """)) {
            select.setLong(1, checkpoint);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Link(
                                new BlobId(row.getBytes(1)),
                                row.getBigDecimal(2).longValueExact()))
                        : Optional.empty();
            }
        }
    }

    /** Which event blob the chain certified for a checkpoint, where we saw it. */
    static Optional<BlobId> certified(Connection db, long endingCheckpoint) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select blob_id from event_blob_head where ending_checkpoint = ? limit 1")) {
            select.setLong(1, endingCheckpoint);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new BlobId(row.getBytes(1))) : Optional.empty();
            }
        }
    }

    static Optional<Facts> facts(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(
                        "select first_checkpoint, last_checkpoint from watermark where pipeline = 'facts'");
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(new Facts(row.getLong(1), row.getLong(2))) : Optional.empty();
        }
    }

    static Optional<Audited> audited(Connection db, BlobId blobId) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select * from event_blob_audit where blob_id = ?")) {
            select.setBytes(1, blobId.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                byte @Nullable [] previous = row.getBytes("previous_blob_id");
                return Optional.of(new Audited(
                        new Link(blobId, row.getLong("last_checkpoint")),
                        Outcome.ofColumn(row.getString("outcome")),
                        number(row, "first_checkpoint"),
                        previous == null ? Optional.empty() : Optional.of(new BlobId(previous)),
                        number(row, "first_index"),
                        number(row, "compared_from"),
                        row.getInt("tries"),
                        row.getObject("audited_at", OffsetDateTime.class).toInstant()));
            }
        }
    }

    private static OptionalLong number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Puts down that a file could not be read; the outcome of an earlier comparison stands. */
    static void failed(Connection db, Link link, Outcome outcome, String detail, Instant at) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into event_blob_audit (blob_id, last_checkpoint, outcome, detail, audited_at, tries) values (?, ?, ?, ?, ?, 1)
                on conflict (blob_id) do update set
                  outcome = case when event_blob_audit.compared_from is null then excluded.outcome else event_blob_audit.outcome end,
                  detail = excluded.detail, audited_at = excluded.audited_at, tries = event_blob_audit.tries + 1
                """)) {
            insert.setBytes(1, link.blobId().toByteArray());
            insert.setLong(2, link.lastCheckpoint());
            insert.setString(3, outcome.column());
            insert.setString(4, detail);
            insert.setObject(5, at.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Puts down what a comparison found, in place of what an earlier one had found. */
    static void compared(
            Connection db,
            EventBlobFile file,
            Outcome outcome,
            String detail,
            Comparison comparison,
            long comparedFrom,
            Instant at)
            throws SQLException {
        byte[] id = file.blobId().toByteArray();
        try (PreparedStatement delete = db.prepareStatement("delete from event_blob_audit where blob_id = ?")) {
            delete.setBytes(1, id);
            delete.executeUpdate();
        }
        var differences = comparison.differences();
        try (PreparedStatement insert = db.prepareStatement("""
                insert into event_blob_audit (blob_id, last_checkpoint, outcome, detail, first_checkpoint, previous_blob_id,
                  walrus_epoch, first_index, next_index, bytes, events, missing, altered, surplus, moved, compared_from,
                  audited_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setBytes(1, id);
            insert.setLong(2, file.lastCheckpoint());
            insert.setString(3, outcome.column());
            insert.setString(4, detail);
            insert.setLong(5, file.firstCheckpoint());
            byte @Nullable [] previous =
                    file.header().previous().map(BlobId::toByteArray).orElse(null);
            insert.setBytes(6, previous);
            insert.setLong(7, file.header().epoch());
            var extent = file.extent().filter(each -> each.elements() > 0);
            if (extent.isPresent()) {
                insert.setLong(8, extent.get().firstIndex());
                insert.setLong(9, extent.get().nextIndex());
            } else {
                insert.setNull(8, Types.BIGINT);
                insert.setNull(9, Types.BIGINT);
            }
            insert.setLong(10, file.bytes());
            insert.setLong(11, comparison.events());
            insert.setLong(12, differences.count(What.MISSING));
            insert.setLong(13, differences.count(What.ALTERED));
            insert.setLong(14, differences.count(What.SURPLUS));
            insert.setLong(15, differences.count(What.MOVED));
            insert.setLong(16, comparedFrom);
            insert.setObject(17, at.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        try (PreparedStatement insert = db.prepareStatement("""
                insert into event_blob_difference (blob_id, number, what, checkpoint, element_index, tx_digest,
                  walrus_ordinal, theirs, ours)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            int number = 0;
            for (Differences.Difference each : differences.kept()) {
                insert.setBytes(1, id);
                insert.setInt(2, number++);
                insert.setString(3, each.what().name().toLowerCase(Locale.ROOT));
                insert.setLong(4, each.checkpoint());
                if (each.index().isPresent()) {
                    insert.setLong(5, each.index().getAsLong());
                } else {
                    insert.setNull(5, Types.BIGINT);
                }
                insert.setBytes(6, each.event().transaction().toByteArray());
                insert.setInt(7, each.event().ordinal());
                insert.setString(8, each.theirs().orElse(null));
                insert.setString(9, each.ours().orElse(null));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** How many shards the network has; empty while nothing is indexed that tells. */
    public static OptionalInt shards(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(
                        "select n_shards from epoch where n_shards is not null order by epoch desc limit 1");
                ResultSet row = select.executeQuery()) {
            return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
        }
    }

    /**
     * Who keeps the shards: the committee of the running epoch, and while the change to it is not done, the one before
     * it too. Addresses and network keys are those of now.
     */
    public static List<Holder> holders(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                        with running as (
                          select max(epoch) as epoch from epoch where start_checkpoint is not null or running_since is not null),
                        asked as (
                          select epoch from running
                          union all
                          select r.epoch - 1 from running r join epoch e on e.epoch = r.epoch where e.done_checkpoint is null)
                        select n.node_id, n.network_address, n.network_public_key, n.public_key, s.shards
                        from asked a
                          join (select epoch, node_id, array_agg(shard order by shard) as shards
                                from shard_assignment group by epoch, node_id) s on s.epoch = a.epoch
                          join storage_node n on n.node_id = s.node_id
                        order by a.epoch desc, n.node_id
                        """);
                ResultSet row = select.executeQuery()) {
            var holders = new ArrayList<Holder>();
            while (row.next()) {
                holders.add(new Holder(
                        new StorageNode(
                                new SuiAddress(row.getBytes(1)),
                                row.getString(2),
                                Optional.of(new KeyBytes(row.getBytes(3))),
                                new KeyBytes(row.getBytes(4))),
                        Arrays.asList((Integer[]) row.getArray(5).getArray())));
            }
            return holders;
        }
    }

    /**
     * The number that our next element would have if we wrote event blobs ourselves, counted on from the newest one that
     * was read; empty before there is one, or where our checkpoints do not follow it.
     */
    public static OptionalLong nextIndex(Connection db, long upTo) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select a.next_index + sum(c.walrus_events + 1), count(*), min(c.sequence_number), a.last_checkpoint, a.next_index
                from (select last_checkpoint, next_index from event_blob_audit where next_index is not null
                      and last_checkpoint <= ? order by last_checkpoint desc limit 1) a
                  left join checkpoint c on c.sequence_number > a.last_checkpoint and c.sequence_number <= ?
                group by a.last_checkpoint, a.next_index
                """)) {
            select.setLong(1, upTo);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return OptionalLong.empty();
                }
                long last = row.getLong(4);
                if (last == upTo) {
                    return OptionalLong.of(row.getLong(5));
                }
                return row.getLong(2) == upTo - last ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** What a node said of its progress, or why it said nothing. */
    record Progress(SuiAddress nodeId, Optional<NodeHealth> health, String failure) {}

    /** Puts down what the nodes said that were asked this time; who was not asked has left the committee. */
    static void progress(Connection db, List<Progress> said, OptionalLong ourNext, long ourCheckpoint, Instant at)
            throws SQLException {
        try (PreparedStatement delete = db.prepareStatement("delete from node_progress where node_id <> all (?)")) {
            delete.setArray(
                    1,
                    db.createArrayOf(
                            "bytea",
                            said.stream()
                                    .map(each -> each.nodeId().toByteArray())
                                    .toArray(byte[][]::new)));
            delete.executeUpdate();
        }
        try (PreparedStatement insert = db.prepareStatement("""
                insert into node_progress (node_id, asked_at, failure, persisted, latest_checkpoint, our_next_index,
                  our_checkpoint)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (node_id) do update set asked_at = excluded.asked_at, failure = excluded.failure,
                  persisted = excluded.persisted, latest_checkpoint = excluded.latest_checkpoint,
                  our_next_index = excluded.our_next_index, our_checkpoint = excluded.our_checkpoint
                """)) {
            for (Progress each : said) {
                insert.setBytes(1, each.nodeId().toByteArray());
                insert.setObject(2, at.atOffset(ZoneOffset.UTC));
                insert.setString(3, each.health().isPresent() ? null : each.failure());
                set(insert, 4, each.health().map(health -> health.events().persisted()));
                set(insert, 5, each.health().flatMap(NodeHealth::latestCheckpoint));
                set(insert, 6, ourNext.isPresent() ? Optional.of(ourNext.getAsLong()) : Optional.empty());
                insert.setLong(7, ourCheckpoint);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void set(PreparedStatement statement, int parameter, Optional<Long> value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(parameter, value.get());
        } else {
            statement.setNull(parameter, Types.BIGINT);
        }
    }
}
