package dev.vibrissa.api.pool;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.object.Holder;
import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.api.pool.StoragePoolView.Capacity;
import dev.vibrissa.api.pool.StoragePoolView.PoolOwnership;
import dev.vibrissa.api.pool.StoragePoolView.PoolTerm;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads storage pools with their lives. */
final class StoragePoolQueries {
    private StoragePoolQueries() {}

    static Optional<StoragePoolView> find(Snapshot db, Moment moment, SuiAddress id) {
        var changes = ObjectChanges.around(db, List.of(id), moment.checkpoint());
        var terms = db.list(
                """
                select t.*, c.checkpoint_at
                from storage_pool_term t join checkpoint c on c.sequence_number = t.checkpoint
                where t.storage_pool_id = ? and t.checkpoint <= ?
                order by t.checkpoint, t.tx_index, t.walrus_ordinal
                """,
                row -> new PoolTerm(row.number("checkpoint"), row.instant("checkpoint_at"), row.number("end_epoch")),
                id,
                moment.checkpoint());
        if (terms.isEmpty() && changes.isEmpty()) {
            return Optional.empty();
        }
        return db.first("""
                select p.*, cc.checkpoint_at as created_at, ct.sender as created_sender,
                  dc.checkpoint_at as destroyed_at, dt.sender as destroyed_sender
                from storage_pool p
                left join checkpoint cc on cc.sequence_number = p.created_checkpoint
                left join transaction ct on ct.digest = p.created_tx
                left join checkpoint dc on dc.sequence_number = p.destroyed_checkpoint
                left join transaction dt on dt.digest = p.destroyed_tx
                where p.storage_pool_id = ?
                """, row -> view(row, moment, id, terms, changes), id);
    }

    private static StoragePoolView view(
            Row row, Moment moment, SuiAddress id, List<PoolTerm> terms, List<Change> changes) throws SQLException {
        var created = occurrence(row, "created", moment);
        var destroyed = occurrence(row, "destroyed", moment);
        long end = terms.isEmpty() ? row.number("end_epoch") : terms.getLast().endEpoch();
        var owners = owners(id, changes);
        var capacities = capacities(changes);
        return new StoragePoolView(
                moment.asOf(),
                id,
                row.text("origin"),
                created,
                row.number("start_epoch"),
                end,
                destroyed == null && end > moment.epoch(),
                capacities.isEmpty() ? null : capacities.getLast(),
                owners.isEmpty()
                        ? Holder.of(row.text("owner_kind"), row.addressOrNull("owner"))
                        : owners.getLast().owner(),
                terms,
                capacities,
                owners,
                destroyed);
    }

    private static List<PoolOwnership> owners(SuiAddress id, List<Change> changes) {
        var owners = new ArrayList<PoolOwnership>();
        for (Change change : changes) {
            if (!change.objectId().equals(id)) {
                continue;
            }
            var holder = switch (change.change()) {
                case "deleted", "fleeting" -> Holder.gone("destroyed");
                default -> Holder.of(change.exists() ? change.ownerKind() : "wrapped", change.owner());
            };
            if (owners.isEmpty() || !owners.getLast().owner().equals(holder)) {
                owners.add(new PoolOwnership(change.checkpoint(), change.tx(), change.timestamp(), holder));
            }
        }
        return List.copyOf(owners);
    }

    private static List<Capacity> capacities(List<Change> changes) {
        return changes.stream()
                .filter(change -> change.type().equals(ObjectChanges.STORAGE_POOL_INNER))
                .flatMap(change -> change
                        .read(in -> Field.decode(in, BcsReader::u64, StoragePoolInner::decode)
                                .value())
                        .map(inner -> new Capacity(
                                change.checkpoint(),
                                change.tx(),
                                change.timestamp(),
                                Long.toUnsignedString(inner.storage().storageSize()),
                                Long.toUnsignedString(inner.usedEncodedBytes()),
                                inner.blobCount()))
                        .stream())
                .toList();
    }

    private static @Nullable Occurrence occurrence(Row row, String prefix, Moment moment) throws SQLException {
        Long checkpoint = row.numberOrNull(prefix + "_checkpoint");
        return checkpoint == null || checkpoint > moment.checkpoint()
                ? null
                : new Occurrence(
                        checkpoint,
                        row.digestOrNull(prefix + "_tx"),
                        row.addressOrNull(prefix + "_sender"),
                        row.instant(prefix + "_at"));
    }
}
