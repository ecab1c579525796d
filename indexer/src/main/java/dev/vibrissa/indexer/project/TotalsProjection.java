package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;

/** Running totals, so that no answer has to count the chain. */
final class TotalsProjection {
    private TotalsProjection() {}

    private record EventName(String name, boolean known) implements Comparable<EventName> {
        @Override
        public int compareTo(EventName other) {
            return name.compareTo(other.name);
        }
    }

    static void project(Connection db, List<Accepted> batch) throws SQLException {
        long transactions = 0;
        long failed = 0;
        long quarantined = 0;
        Long completeFrom = null;
        var events = new TreeMap<EventName, Long>();
        for (Accepted each : batch) {
            transactions += each.facts().transactionCount();
            failed += each.facts().failedCount();
            quarantined += each.facts().quarantined().size();
            if (each.facts().systemCreated() && completeFrom == null) {
                completeFrom = each.sequenceNumber();
            }
            for (TransactionFacts transaction : each.facts().transactions()) {
                for (EventFact event : transaction.events()) {
                    events.merge(new EventName(event.name(), event.event().isPresent()), 1L, Long::sum);
                }
            }
        }
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
            update.setLong(1, transactions);
            update.setLong(2, failed);
            update.setLong(3, walrusEvents);
            update.setLong(4, unknown);
            update.setLong(5, quarantined);
            update.setObject(6, completeFrom, java.sql.Types.BIGINT);
            update.executeUpdate();
        }
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into event_total (name, known, events) values (?, ?, ?)
                on conflict (name) do update set events = event_total.events + excluded.events
                """)) {
            for (var entry : events.entrySet()) {
                upsert.setString(1, entry.getKey().name());
                upsert.setBoolean(2, entry.getKey().known());
                upsert.setLong(3, entry.getValue());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }
}
