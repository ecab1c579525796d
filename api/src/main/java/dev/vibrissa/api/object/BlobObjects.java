package dev.vibrissa.api.object;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.object.BlobObject.Term;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EncodedSize;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads blob objects with their lives. */
public final class BlobObjects {
    /** Shards of both public networks, for histories that saw no epoch change and so no committee. */
    private static final int USUAL_SHARDS = 1000;

    private BlobObjects() {}

    private record TermOf(SuiAddress objectId, Term term) {}

    /** Those of {@code ids} that exist or existed at the moment, by object id. */
    public static List<BlobObject> find(Snapshot db, Moment moment, Collection<SuiAddress> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        long checkpoint = moment.checkpoint();
        int nShards = db.first(
                        "select n_shards from epoch where n_shards is not null order by epoch desc limit 1",
                        row -> row.integer("n_shards"))
                .orElse(USUAL_SHARDS);
        Map<SuiAddress, List<Change>> changes = ObjectChanges.around(db, ids, checkpoint).stream()
                .collect(Collectors.groupingBy(change -> ids.contains(change.objectId()) || change.inner() == null
                        ? change.objectId()
                        : change.inner()));
        Map<SuiAddress, List<Term>> terms = db
                .list(
                        """
                        select t.*, c.checkpoint_at
                        from blob_term t join checkpoint c on c.sequence_number = t.checkpoint
                        where t.object_id = any(?) and t.checkpoint <= ?
                        order by t.checkpoint, t.tx_index, t.walrus_ordinal
                        """,
                        row -> new TermOf(
                                row.address("object_id"),
                                new Term(
                                        row.number("checkpoint"),
                                        row.digest("tx_digest"),
                                        row.instant("checkpoint_at"),
                                        row.number("end_epoch"),
                                        row.text("how"))),
                        ids,
                        checkpoint)
                .stream()
                .collect(
                        Collectors.groupingBy(TermOf::objectId, Collectors.mapping(TermOf::term, Collectors.toList())));
        return db
                .list(
                        """
                        select o.*,
                          rc.checkpoint_at as registered_at, rt.sender as registered_sender, rt.tx_index as registered_tx_index,
                          cc.checkpoint_at as certified_at, ct.sender as certified_sender,
                          dc.checkpoint_at as deleted_at, dt.sender as deleted_sender,
                          (select t.end_epoch from storage_pool_term t
                            where t.storage_pool_id = o.storage_pool_id and t.checkpoint <= ?
                            order by t.checkpoint desc, t.tx_index desc, t.walrus_ordinal desc limit 1) as pool_end_epoch
                        from blob_object o
                        left join checkpoint rc on rc.sequence_number = o.registered_checkpoint
                        left join transaction rt on rt.digest = o.registered_tx
                        left join checkpoint cc on cc.sequence_number = o.certified_checkpoint
                        left join transaction ct on ct.digest = o.certified_tx
                        left join checkpoint dc on dc.sequence_number = o.deleted_checkpoint
                        left join transaction dt on dt.digest = o.deleted_tx
                        where o.object_id = any(?)
                        order by o.object_id
                        """,
                        row -> {
                            var id = row.address("object_id");
                            return read(
                                    row,
                                    moment,
                                    nShards,
                                    terms.getOrDefault(id, List.of()),
                                    changes.getOrDefault(id, List.of()));
                        },
                        checkpoint,
                        ids)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<BlobObject> read(
            Row row, Moment moment, int nShards, List<Term> terms, List<Change> changes) throws SQLException {
        long until = moment.checkpoint();
        var registered = occurrence(row, "registered", until);
        var certified = occurrence(row, "certified", until);
        var deleted = occurrence(row, "deleted", until);
        if (registered == null && certified == null && deleted == null && terms.isEmpty() && changes.isEmpty()) {
            return Optional.empty(); // its life begins later
        }
        var id = row.address("object_id");
        boolean eventBlob = row.bool("event_blob");
        var pool = row.addressOrNull("storage_pool_id");
        var life = new ObjectLife(id);
        life.fold(
                new ObjectLife.Told(
                        pool,
                        eventBlob,
                        registered == null || registered.tx() == null
                                ? null
                                : new ObjectLife.Registration(
                                        registered.checkpoint(),
                                        row.integer("registered_tx_index"),
                                        registered.tx(),
                                        registered.timestamp()),
                        Optional.ofNullable(deleted == null ? null : deleted.tx())),
                changes);
        var owners = life.owners();
        Long end = pool != null
                ? row.numberOrNull("pool_end_epoch")
                : terms.isEmpty()
                        ? row.numberOrNull("end_epoch")
                        : (Long) terms.getLast().endEpoch();
        String size = row.amountOrNull("size");
        return Optional.of(new BlobObject(
                id,
                row.blobId("blob_id"),
                row.text("kind"),
                pool,
                row.bool("deletable"),
                size,
                encodedSize(nShards, size),
                row.integerOrNull("encoding_type"),
                row.text("origin"),
                row.numberOrNull("registered_epoch"),
                registered,
                certifiedEpoch(row, until),
                certified,
                end,
                terms,
                deleted,
                eventBlob,
                owners.isEmpty()
                        ? Holder.of(row.text("owner_kind"), row.addressOrNull("owner"))
                        : owners.getLast().owner(),
                owners,
                life.attributesNow(),
                life.attributes(),
                deleted == null && end != null && end > moment.epoch()));
    }

    /** An observed object may be certified without a certification of ours to show. */
    private static @Nullable Long certifiedEpoch(Row row, long until) throws SQLException {
        Long checkpoint = row.numberOrNull("certified_checkpoint");
        return checkpoint != null && checkpoint > until ? null : row.numberOrNull("certified_epoch");
    }

    private static @Nullable Occurrence occurrence(Row row, String prefix, long until) throws SQLException {
        Long checkpoint = row.numberOrNull(prefix + "_checkpoint");
        return checkpoint == null || checkpoint > until
                ? null
                : new Occurrence(
                        checkpoint,
                        row.digestOrNull(prefix + "_tx"),
                        row.addressOrNull(prefix + "_sender"),
                        row.instant(prefix + "_at"));
    }

    private static @Nullable String encodedSize(int nShards, @Nullable String size) {
        if (size == null) {
            return null;
        }
        var encoded = EncodedSize.of(nShards, Long.parseUnsignedLong(size));
        return encoded.isPresent() ? Long.toUnsignedString(encoded.getAsLong()) : null;
    }

    /** Ids of the objects of a blob id that were known at the moment, a page of them. */
    public static List<SuiAddress> idsOf(Snapshot db, BlobId blobId, Moment moment, PageRequest page) {
        return db.list(
                """
                select o.object_id from blob_object o
                where o.blob_id = ? and o.object_id > ?
                  and (o.registered_checkpoint <= ? or o.certified_checkpoint <= ? or o.deleted_checkpoint <= ?
                    or exists (select from object_change c where c.object_id = o.object_id and c.checkpoint <= ?)
                    or exists (select from blob_term t where t.object_id = o.object_id and t.checkpoint <= ?))
                order by o.object_id
                limit ?
                """,
                row -> row.address("object_id"),
                blobId,
                page.afterBytes(0),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                page.fetch());
    }
}
