package dev.vibrissa.api.blob;

import dev.vibrissa.api.blob.BlobViews.HistoryEntry;
import dev.vibrissa.api.event.EventQueries;
import dev.vibrissa.api.event.EventView;
import dev.vibrissa.api.object.BlobObject;
import dev.vibrissa.api.object.BlobObjects;
import dev.vibrissa.api.object.Holder;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.EpochEvent;
import dev.vibrissa.protocol.walrus.status.BlobFact;
import dev.vibrissa.protocol.walrus.status.BlobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that happened in the life of a blob, in chain order. */
final class BlobHistory {
    private final Map<Digest, Transaction> transactions = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private BlobHistory() {}

    private record Transaction(
            Digest tx, long checkpoint, int txIndex, Instant timestamp, SuiAddress sender, List<String> calls) {}

    /** An entry before it knows its transaction: order within it is by {@code rank}, then by {@code ordinal}. */
    private record Entry(
            Digest tx,
            int rank,
            int ordinal,
            String kind,
            @Nullable SuiAddress objectId,
            @Nullable EventView event,
            @Nullable String how,
            @Nullable Holder owner,
            @Nullable Map<String, String> attributes,
            @Nullable Long epoch) {}

    static List<HistoryEntry> of(Snapshot db, BlobId blobId, Moment moment) {
        var facts = BlobFacts.of(db, blobId, moment);
        var life = BlobFacts.begin(blobId, moment);
        var history = new BlobHistory();
        for (BlobFact fact : facts) {
            boolean stored = isStored(life.state(life.epoch()));
            life.apply(fact);
            if (fact instanceof BlobFact.Happened(var _, var id, EpochEvent.EpochChangeStart(long epoch))
                    && stored
                    && !isStored(life.state(epoch))) {
                history.entries.add(
                        new Entry(id.transaction(), 0, id.ordinal(), "expired", null, null, null, null, null, epoch));
            }
        }
        var ids = life.objects().stream().map(object -> object.objectId()).toList();
        var objects = BlobObjects.find(db, moment, ids);
        history.events(EventQueries.ofBlob(db, blobId, poolsOf(objects), moment.checkpoint()), objects);
        objects.forEach(history::object);
        history.load(db);
        return history.inOrder();
    }

    private static boolean isStored(BlobState state) {
        return switch (state) {
            case REGISTERED, CERTIFIED, BURNED -> true;
            case EXPIRED, DELETED, INVALID, NEVER_SEEN -> false;
        };
    }

    private static Set<SuiAddress> poolsOf(List<BlobObject> objects) {
        var pools = new HashSet<SuiAddress>();
        objects.forEach(object -> {
            if (object.storagePoolId() != null) {
                pools.add(object.storagePoolId());
            }
        });
        return pools;
    }

    private void events(List<EventView> events, List<BlobObject> objects) {
        for (EventView event : events) {
            Object objectId = event.fields() == null ? null : event.fields().get("object_id");
            var id = objectId == null ? null : SuiAddress.parse(objectId.toString());
            entries.add(new Entry(
                    event.tx(),
                    0,
                    event.walrusOrdinal(),
                    "event",
                    id,
                    event,
                    how(event, id, objects),
                    null,
                    null,
                    null));
        }
    }

    private static @Nullable String how(EventView event, @Nullable SuiAddress id, List<BlobObject> objects) {
        if (event.fields() == null || !Boolean.TRUE.equals(event.fields().get("is_extension"))) {
            return null;
        }
        return objects.stream()
                .filter(object -> id != null && object.objectId().equals(id))
                .flatMap(object -> object.endEpochHistory().stream())
                .filter(term -> term.tx().equals(event.tx()))
                .map(BlobObject.Term::how)
                .findFirst()
                .orElse(null);
    }

    private void object(BlobObject object) {
        for (var each : object.ownerHistory()) {
            entries.add(new Entry(each.tx(), 1, 0, "owner", object.objectId(), null, null, each.owner(), null, null));
        }
        for (var each : object.attributesHistory()) {
            var now = each.attributes();
            entries.add(new Entry(
                    each.tx(),
                    2,
                    0,
                    "attributes",
                    object.objectId(),
                    null,
                    null,
                    null,
                    now == null ? Map.of() : now,
                    null));
        }
    }

    private void load(Snapshot db) {
        var digests = new HashSet<Digest>();
        entries.forEach(entry -> digests.add(entry.tx()));
        db.list(
                        """
                        select t.digest, t.checkpoint, t.tx_index, t.sender, t.calls, c.checkpoint_at
                        from transaction t join checkpoint c on c.sequence_number = t.checkpoint
                        where t.digest = any(?)
                        """,
                        row -> new Transaction(
                                row.digest("digest"),
                                row.number("checkpoint"),
                                row.integer("tx_index"),
                                row.instant("checkpoint_at"),
                                row.address("sender"),
                                row.texts("calls")),
                        digests)
                .forEach(transaction -> transactions.put(transaction.tx(), transaction));
    }

    private List<HistoryEntry> inOrder() {
        var sorted = entries.stream()
                .sorted(Comparator.comparingLong(
                                (Entry entry) -> transaction(entry).checkpoint())
                        .thenComparingInt(entry -> transaction(entry).txIndex())
                        .thenComparingInt(Entry::rank)
                        .thenComparingInt(Entry::ordinal))
                .toList();
        var history = new ArrayList<HistoryEntry>();
        Digest last = null;
        int position = 0;
        for (Entry entry : sorted) {
            position = last != null && entry.tx().equals(last) ? position + 1 : 0;
            last = entry.tx();
            var at = transaction(entry);
            history.add(new HistoryEntry(
                    at.checkpoint(),
                    at.timestamp(),
                    entry.tx(),
                    at.txIndex(),
                    position,
                    at.sender(),
                    at.calls(),
                    entry.kind(),
                    entry.objectId(),
                    entry.event(),
                    entry.how(),
                    entry.owner(),
                    entry.attributes(),
                    entry.epoch()));
        }
        return history;
    }

    private Transaction transaction(Entry entry) {
        return Objects.requireNonNull(transactions.get(entry.tx()));
    }
}
