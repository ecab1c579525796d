package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Running totals, so that no answer has to count the chain. */
final class TotalsProjection {
    private long transactions;
    private long failed;
    private long quarantined;
    private @Nullable Long completeFrom;
    private final TreeMap<EventName, Long> events = new TreeMap<>();

    private record EventName(String name, boolean known) implements Comparable<EventName> {
        @Override
        public int compareTo(EventName other) {
            return name.compareTo(other.name);
        }
    }

    private TotalsProjection(List<CheckpointFacts> batch) {
        for (CheckpointFacts each : batch) {
            transactions += each.transactionCount();
            failed += each.failedCount();
            quarantined += each.quarantined().size();
            if (each.systemCreated() && completeFrom == null) {
                completeFrom = each.sequenceNumber();
            }
            for (TransactionFacts transaction : each.transactions()) {
                for (EventFact event : transaction.events()) {
                    events.merge(new EventName(event.name(), event.event().isPresent()), 1L, Long::sum);
                }
            }
        }
    }

    static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        new TotalsProjection(batch).store(db, 1);
    }

    /** Takes out again what {@link #fold} had added. */
    static void unfold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        new TotalsProjection(batch).store(db, -1);
        try (PreparedStatement delete = db.prepareStatement("delete from event_total where events = 0")) {
            delete.executeUpdate();
        }
    }

    private void store(Connection db, int sign) throws SQLException {
        long walrusEvents = events.values().stream().mapToLong(Long::longValue).sum();
        long unknown = events.entrySet().stream()
                .filter(entry -> !entry.getKey().known())
                .mapToLong(entry -> entry.getValue())
                .sum();
        try (PreparedStatement update = db.prepareStatement("""
                update totals set transactions = transactions + ?, failed = failed + ?, walrus_events = walrus_events + ?,
                  unknown_events = unknown_events + ?, quarantined = quarantined + ?,
                  complete_from = coalesce(complete_from, ?)
                """)) {
            update.setLong(1, sign * transactions);
            update.setLong(2, sign * failed);
            update.setLong(3, sign * walrusEvents);
            update.setLong(4, sign * unknown);
            update.setLong(5, sign * quarantined);
            update.setObject(6, completeFrom, Types.BIGINT);
            update.executeUpdate();
        }
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into event_total (name, known, events) values (?, ?, ?)
                on conflict (name) do update set events = event_total.events + excluded.events
                """)) {
            for (var entry : events.entrySet()) {
                upsert.setString(1, entry.getKey().name());
                upsert.setBoolean(2, entry.getKey().known());
                upsert.setLong(3, sign * entry.getValue());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }
}
