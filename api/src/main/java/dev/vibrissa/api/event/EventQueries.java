package dev.vibrissa.api.event;

import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads events. */
public final class EventQueries {
    private EventQueries() {}

    /** What a list of events may be narrowed to; null where it is not. */
    record Filter(
            @Nullable String name,
            @Nullable Boolean known,
            @Nullable Long fromCheckpoint,
            long toCheckpoint) {}

    static List<EventView> list(Snapshot db, Filter filter, PageRequest page) {
        return db.list(
                """
                select e.*, c.checkpoint_at, t.sender
                from event e
                cross join lateral (select checkpoint_at from checkpoint where sequence_number = e.checkpoint limit 1) c
                left join transaction t on t.digest = e.tx_digest
                where e.checkpoint between coalesce(?::bigint, 0) and ?
                  and (?::text is null or e.name = ?)
                  and (?::boolean is null or e.known = ?)
                  and (e.checkpoint, e.tx_index, e.walrus_ordinal) > (?, ?, ?)
                order by e.checkpoint, e.tx_index, e.walrus_ordinal
                limit ?
                """,
                EventQueries::read,
                filter.fromCheckpoint(),
                filter.toCheckpoint(),
                filter.name(),
                filter.name(),
                filter.known(),
                filter.known(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterNumber(2, -1),
                page.fetch());
    }

    /** The events of the transactions of one checkpoint, or of one of them. */
    public static List<EventView> ofCheckpoint(Snapshot db, long checkpoint, @Nullable Digest transaction) {
        return db.list("""
                select e.*, c.checkpoint_at, t.sender
                from event e
                join checkpoint c on c.sequence_number = e.checkpoint
                left join transaction t on t.digest = e.tx_digest
                where e.checkpoint = ? and (?::bytea is null or e.tx_digest = ?)
                order by e.tx_index, e.walrus_ordinal
                """, EventQueries::read, checkpoint, transaction, transaction);
    }

    /** The events of a blob and of the pools that its objects lie in, up to a checkpoint. */
    public static List<EventView> ofBlob(Snapshot db, BlobId blobId, Collection<SuiAddress> pools, long checkpoint) {
        return db.list("""
                select e.*, c.checkpoint_at, t.sender
                from (
                  select * from event where blob_id = ? and checkpoint <= ?
                  union all
                  select * from event where storage_pool_id = any(?) and blob_id is null and checkpoint <= ?) e
                join checkpoint c on c.sequence_number = e.checkpoint
                left join transaction t on t.digest = e.tx_digest
                order by e.checkpoint, e.tx_index, e.walrus_ordinal
                """, EventQueries::read, blobId, checkpoint, pools, checkpoint);
    }

    private static EventView read(Row row) throws SQLException {
        String name = row.text("name");
        byte[] contents = row.bytes("contents");
        Optional<WalrusEvent> known =
                row.bool("known") ? WalrusEvent.decode(name, contents).known() : Optional.empty();
        return new EventView(
                row.number("checkpoint"),
                row.instant("checkpoint_at"),
                row.digest("tx_digest"),
                row.integer("tx_index"),
                row.integerOrNull("sui_event_index"),
                row.integer("walrus_ordinal"),
                name,
                row.address("type_package") + "::" + WalrusEvent.MODULE + "::" + name,
                known.isPresent(),
                row.text("emitter"),
                row.addressOrNull("sender"),
                known.map(WalrusEvent::fields).orElse(null),
                HexFormat.of().formatHex(contents));
    }
}
