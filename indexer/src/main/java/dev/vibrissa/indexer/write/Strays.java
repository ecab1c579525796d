package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that end something of Walrus without showing it: an object that was unwrapped and destroyed leaves
 * nothing but its id in the effects, no type and no event. Whether the id is one of ours only earlier facts know; while
 * earlier history is still to be filled in, the ids are remembered.
 */
public final class Strays {
    private Strays() {}

    /** The batch, with those suspicious transactions taken in that touch an object we know. */
    public static List<Accepted> takeIn(Connection db, List<Accepted> batch) throws SQLException {
        Set<SuiAddress> suspects = suspects(batch);
        if (suspects.isEmpty()) {
            return batch;
        }
        Set<SuiAddress> known = shownBy(batch);
        known.retainAll(suspects);
        known.addAll(known(db, suspects));
        return known.isEmpty()
                ? batch
                : batch.stream().map(each -> takeIn(each, known)).toList();
    }

    private static Accepted takeIn(Accepted checkpoint, Set<SuiAddress> known) {
        var transactions = new ArrayList<>(checkpoint.facts().transactions());
        var others = new ArrayList<TransactionFacts>();
        for (TransactionFacts suspect : checkpoint.facts().suspects()) {
            boolean isOurs = suspect.objects().stream().anyMatch(object -> known.contains(object.id()));
            (isOurs ? transactions : others).add(suspect);
        }
        transactions.sort(Comparator.comparingInt(TransactionFacts::index));
        return checkpoint.with(checkpoint.facts().with(List.copyOf(transactions), List.copyOf(others)));
    }

    /** Remembers the suspects that are left, as long as history that may know them is wanted and missing. */
    public static void remember(Connection db, List<Accepted> batch) throws SQLException {
        if (suspects(batch).isEmpty()) {
            return;
        }
        try (PreparedStatement insert = db.prepareStatement("""
                insert into suspect (object_id, checkpoint)
                select ?, ? from backfill b, watermark w
                where w.pipeline = 'facts' and b.goal < w.first_checkpoint and not b.source_ended
                on conflict do nothing
                """)) {
            for (Accepted each : batch) {
                for (SuiAddress id : suspects(List.of(each))) {
                    insert.setBytes(1, id.toByteArray());
                    insert.setLong(2, each.sequenceNumber());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /** Has the checkpoints read again whose suspects turn out to be objects that {@code batch}, of before them, shows. */
    public static void recognise(Connection db, List<Accepted> batch) throws SQLException {
        try (PreparedStatement move = db.prepareStatement("""
                with found as (delete from suspect where object_id = any(?) returning checkpoint)
                insert into reread (first_checkpoint, last_checkpoint) select distinct checkpoint, checkpoint from found
                on conflict do nothing
                """)) {
            move.setArray(1, byteas(db, shownBy(batch)));
            move.executeUpdate();
        }
    }

    private static Set<SuiAddress> suspects(List<Accepted> batch) {
        var suspects = new HashSet<SuiAddress>();
        for (Accepted each : batch) {
            for (TransactionFacts transaction : each.facts().suspects()) {
                transaction.objects().forEach(object -> suspects.add(object.id()));
            }
        }
        return suspects;
    }

    /** Every object of Walrus's that a fact of the batch is about; {@link #known} asks stored facts for the same. */
    private static Set<SuiAddress> shownBy(List<Accepted> batch) {
        var shown = new HashSet<SuiAddress>();
        for (Accepted each : batch) {
            for (TransactionFacts transaction : each.facts().transactions()) {
                transaction
                        .events()
                        .forEach(event -> event.event().ifPresent(known -> {
                            add(shown, EventKeys.objectId(known));
                            add(shown, EventKeys.blobId(known) == null ? EventKeys.storagePoolId(known) : null);
                        }));
                for (ObjectFact object : transaction.objects()) {
                    if (!object.type().isEmpty()) {
                        shown.add(object.id());
                        add(shown, ObjectKeys.innerObjectId(object));
                    }
                }
            }
        }
        return shown;
    }

    private static void add(Set<SuiAddress> ids, byte @Nullable [] id) {
        if (id != null) {
            ids.add(new SuiAddress(id));
        }
    }

    private static Set<SuiAddress> known(Connection db, Set<SuiAddress> suspects) throws SQLException {
        var known = new HashSet<SuiAddress>();
        String sql = """
                select object_id from object_change where object_id = any(?) and type <> ''
                union
                select inner_object_id from object_change where inner_object_id = any(?)
                union
                select object_id from event where object_id = any(?)
                union
                select storage_pool_id from event where storage_pool_id = any(?) and blob_id is null
                """;
        try (PreparedStatement select = db.prepareStatement(sql)) {
            for (int i = 1; i <= 4; i++) {
                select.setArray(i, byteas(db, suspects));
            }
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    known.add(new SuiAddress(found.getBytes(1)));
                }
            }
        }
        return known;
    }

    static Array byteas(Connection db, Collection<SuiAddress> ids) throws SQLException {
        return db.createArrayOf(
                "bytea", ids.stream().map(SuiAddress::toByteArray).toArray(byte[][]::new));
    }
}
