package dev.vibrissa.api.blob;

import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Blob;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.PooledBlob;
import dev.vibrissa.protocol.walrus.object.SharedBlob;
import dev.vibrissa.protocol.walrus.object.StoragePoolInner;
import dev.vibrissa.protocol.walrus.status.BlobFact;
import dev.vibrissa.protocol.walrus.status.BlobLife;
import dev.vibrissa.protocol.walrus.status.EventId;
import dev.vibrissa.protocol.walrus.status.Position;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers what the chain told about one blob id up to a checkpoint: its events, those of its pools, the epochs, and
 * what object changes say beyond events.
 */
final class BlobFacts {
    private final Snapshot db;
    private final BlobId blobId;
    private final long checkpoint;
    private final List<Placed> placed = new ArrayList<>();
    private final Set<SuiAddress> pools = new HashSet<>();
    /** Objects whose end is told by an event, or by nature: not burned. */
    private final Set<SuiAddress> ended = new HashSet<>();

    /** Within a transaction: what it found, what happened, what it left. */
    private enum Phase {
        FOUND,
        HAPPENED,
        LEFT
    }

    private record Placed(BlobFact fact, Phase phase, int ordinal) {
        static final Comparator<Placed> ORDER = Comparator.comparing(
                        (Placed each) -> each.fact().position())
                .thenComparing(Placed::phase)
                .thenComparingInt(Placed::ordinal);
    }

    private BlobFacts(Snapshot db, BlobId blobId, long checkpoint) {
        this.db = db;
        this.blobId = blobId;
        this.checkpoint = checkpoint;
    }

    /** The facts in chain order. */
    static List<BlobFact> of(Snapshot db, BlobId blobId, Moment moment) {
        var facts = new BlobFacts(db, blobId, moment.checkpoint());
        facts.events();
        facts.observedObjects(moment.isPartial());
        facts.burnedObjects();
        facts.pools(moment.isPartial());
        if (facts.placed.isEmpty()) {
            return List.of();
        }
        facts.epochs();
        return facts.placed.stream().sorted(Placed.ORDER).map(Placed::fact).toList();
    }

    /** The life that the facts add up to. */
    static BlobLife fold(BlobId blobId, Moment moment, List<BlobFact> facts) {
        var life = begin(blobId, moment);
        facts.forEach(life::apply);
        return life;
    }

    /** A life before its first fact. */
    static BlobLife begin(BlobId blobId, Moment moment) {
        return moment.isPartial() ? BlobLife.partial(blobId) : BlobLife.complete(blobId);
    }

    private void events() {
        db.list("""
                        select checkpoint, tx_index, tx_digest, walrus_ordinal, name, contents
                        from event where blob_id = ? and checkpoint <= ?
                        """, BlobFacts::happened, blobId, checkpoint).forEach(this::happened);
    }

    private static BlobFact.Happened happened(Row row) throws SQLException {
        return new BlobFact.Happened(
                position(row),
                new EventId(row.digest("tx_digest"), row.integer("walrus_ordinal")),
                // Only understood events carry the keys they are found by.
                WalrusEvent.decode(row.text("name"), row.bytes("contents"))
                        .known()
                        .orElseThrow());
    }

    private void happened(BlobFact.Happened fact) {
        placed.add(new Placed(fact, Phase.HAPPENED, fact.id().ordinal()));
        switch (fact.event()) {
            case BlobEvent.BlobDeleted e -> ended.add(e.objectId());
            case BlobEvent.PooledBlobRegistered e -> pools.add(e.storagePoolId());
            case BlobEvent.PooledBlobCertified e -> pools.add(e.storagePoolId());
            case BlobEvent.PooledBlobDeleted e -> {
                pools.add(e.storagePoolId());
                ended.add(e.objectId());
            }
            default -> {}
        }
    }

    /**
     * Objects found as inputs. A history that begins in the middle also learns of objects that only come out of
     * something else, so there every version counts; about known objects they say nothing new.
     */
    private void observedObjects(boolean partial) {
        db.list(
                        """
                        select checkpoint, tx_index, change, type, object_bcs
                        from object_change
                        where blob_id = ? and checkpoint <= ? and object_bcs is not null and (change = 'observed' or ?)
                        """,
                        row -> {
                            var phase = row.text("change").equals("observed") ? Phase.FOUND : Phase.LEFT;
                            return observed(row.text("type"), position(row), row.bytes("object_bcs"))
                                    .map(fact -> new Placed(fact, phase, 0));
                        },
                        blobId,
                        checkpoint,
                        partial)
                .forEach(fact -> fact.ifPresent(placed::add));
    }

    private Optional<BlobFact> observed(String type, Position position, byte[] bcs) {
        return switch (type) {
            case "blob::Blob" ->
                ObjectChanges.contents(bcs, Blob::decode).map(blob -> BlobFact.Observed.of(position, blob));
            case "shared_blob::SharedBlob" ->
                ObjectChanges.contents(bcs, SharedBlob::decode)
                        .map(shared -> BlobFact.Observed.of(position, shared.blob()));
            case "storage_pool::PooledBlob" ->
                ObjectChanges.contents(bcs, PooledBlob::decode).map(blob -> {
                    pools.add(blob.storagePoolId());
                    return BlobFact.Observed.of(position, blob);
                });
            default -> Optional.empty();
        };
    }

    /** Gone, although no event deleted it: destroyed by its owner, perhaps in the transaction that registered it. */
    private void burnedObjects() {
        db.list(
                """
                select o.object_id,
                  coalesce(g.checkpoint, o.registered_checkpoint) as checkpoint,
                  coalesce(g.tx_index, t.tx_index) as tx_index
                from blob_object o
                left join object_change g
                  on g.object_id = o.object_id and g.change = 'deleted' and g.checkpoint <= ?
                left join transaction t on t.digest = o.registered_tx
                where o.blob_id = ? and not o.event_blob and o.deleted_tx is null
                  and (g.object_id is not null
                    or o.gone_how = 'burned' and o.registered_checkpoint <= ?
                      and not exists (select from object_change c where c.object_id = o.object_id))
                """,
                row -> {
                    var id = row.address("object_id");
                    return !ended.contains(id)
                            && placed.add(new Placed(new BlobFact.Burned(position(row), id), Phase.LEFT, 1));
                },
                checkpoint,
                blobId,
                checkpoint);
    }

    private void pools(boolean partial) {
        if (pools.isEmpty()) {
            return;
        }
        db.list("""
                        select checkpoint, tx_index, tx_digest, walrus_ordinal, name, contents
                        from event where storage_pool_id = any(?) and blob_id is null and checkpoint <= ?
                        """, BlobFacts::happened, pools, checkpoint)
                .forEach(fact ->
                        placed.add(new Placed(fact, Phase.HAPPENED, fact.id().ordinal())));
        for (Change change : partial ? ObjectChanges.around(db, pools, checkpoint) : List.<Change>of()) {
            var pool = change.inner();
            if (pool != null && pools.contains(pool) && change.type().equals(ObjectChanges.STORAGE_POOL_INNER)) {
                change.read(in -> Field.decode(in, BcsReader::u64, StoragePoolInner::decode)
                                .value())
                        .ifPresent(inner -> placed.add(new Placed(
                                new BlobFact.PoolObserved(
                                        new Position(change.checkpoint(), change.txIndex()),
                                        pool,
                                        inner.storage().endEpoch()),
                                change.change().equals("observed") ? Phase.FOUND : Phase.LEFT,
                                -1)));
            }
        }
    }

    private void epochs() {
        db.list(
                        """
                        select epoch, start_checkpoint as checkpoint, start_tx_index as tx_index, start_tx, start_ordinal
                        from epoch where start_checkpoint <= ?
                        """,
                        row -> new BlobFact.Happened(
                                position(row),
                                new EventId(row.digest("start_tx"), row.integer("start_ordinal")),
                                new EpochEvent.EpochChangeStart(row.number("epoch"))),
                        checkpoint)
                .forEach(fact ->
                        placed.add(new Placed(fact, Phase.HAPPENED, fact.id().ordinal())));
    }

    private static Position position(Row row) throws SQLException {
        return new Position(row.number("checkpoint"), row.integer("tx_index"));
    }
}
