package dev.vibrissa.api.checkpoint;

import dev.vibrissa.api.checkpoint.CheckpointView.ObjectChange;
import dev.vibrissa.api.checkpoint.CheckpointView.TransactionItem;
import dev.vibrissa.api.checkpoint.CheckpointView.TransactionView;
import dev.vibrissa.api.event.EventQueries;
import dev.vibrissa.api.event.EventView;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads checkpoints and transactions. */
final class CheckpointQueries {
    private CheckpointQueries() {}

    static CheckpointView checkpoint(Snapshot db, Moment moment) {
        var transactions = transactions(db, moment.checkpoint(), null);
        return db.one(
                """
                select c.*, s.kind from checkpoint c join source s using (source_id) where c.sequence_number = ?
                """,
                row -> new CheckpointView(
                        moment.asOf(),
                        row.number("sequence_number"),
                        row.digest("digest"),
                        row.number("sui_epoch"),
                        row.instant("checkpoint_at"),
                        row.integer("transactions"),
                        row.integer("failed"),
                        row.integer("walrus_events"),
                        row.text("verification"),
                        row.text("kind"),
                        transactions),
                moment.checkpoint());
    }

    static Optional<TransactionView> transaction(Snapshot db, Digest digest) {
        return db.first("select checkpoint from transaction where digest = ?", row -> row.number("checkpoint"), digest)
                .flatMap(checkpoint ->
                        transactions(db, checkpoint, digest).stream().findFirst());
    }

    private record ChangeAt(int txIndex, ObjectChange change) {}

    private static List<TransactionView> transactions(Snapshot db, long checkpoint, @Nullable Digest digest) {
        var events = EventQueries.ofCheckpoint(db, checkpoint, digest).stream()
                .collect(Collectors.groupingBy(EventView::txIndex));
        var changes = db.list("""
                        select * from object_change where checkpoint = ? order by tx_index, object_id, version
                        """, row -> new ChangeAt(row.integer("tx_index"), change(row)), checkpoint).stream()
                .collect(Collectors.groupingBy(
                        ChangeAt::txIndex, Collectors.mapping(ChangeAt::change, Collectors.toList())));
        return db.list(
                """
                select t.*, c.checkpoint_at
                from transaction t join checkpoint c on c.sequence_number = t.checkpoint
                where t.checkpoint = ? and (?::bytea is null or t.digest = ?)
                order by t.tx_index
                """,
                row -> {
                    var item = item(row);
                    return new TransactionView(
                            item.checkpoint(),
                            item.timestamp(),
                            item.tx(),
                            item.txIndex(),
                            item.sender(),
                            item.gasOwner(),
                            item.succeeded(),
                            item.error(),
                            item.calls(),
                            events.getOrDefault(item.txIndex(), List.of()),
                            changes.getOrDefault(item.txIndex(), List.of()));
                },
                checkpoint,
                digest,
                digest);
    }

    static List<TransactionItem> list(Snapshot db, Moment moment, @Nullable Boolean failed, PageRequest page) {
        return db.list(
                """
                select t.*, c.checkpoint_at
                from transaction t
                cross join lateral (select checkpoint_at from checkpoint where sequence_number = t.checkpoint limit 1) c
                where (?::boolean is null or (t.error is not null) = ?)
                  and t.checkpoint <= ?
                  and (t.checkpoint, t.tx_index) > (?, ?)
                order by t.checkpoint, t.tx_index
                limit ?
                """,
                CheckpointQueries::item,
                failed,
                failed,
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.fetch());
    }

    private static TransactionItem item(Row row) throws SQLException {
        String error = row.textOrNull("error");
        return new TransactionItem(
                row.number("checkpoint"),
                row.instant("checkpoint_at"),
                row.digest("digest"),
                row.integer("tx_index"),
                row.address("sender"),
                row.address("gas_owner"),
                error == null,
                error,
                row.texts("calls"));
    }

    private static ObjectChange change(Row row) throws SQLException {
        String type = row.text("type");
        return new ObjectChange(
                row.address("object_id"),
                row.number("version"),
                row.text("change"),
                type.isEmpty() ? null : type,
                row.text("owner_kind"),
                row.addressOrNull("owner"));
    }
}
