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
        new TotalsProjection(batch).store(db);
    }

    /** Takes out again what the stored facts of a range had added. */
    static void unfold(Connection db, long first, long last) throws SQLException {
        String[] statements = {"""
            update totals t set transactions = t.transactions - s.transactions, failed = t.failed - s.failed,
              walrus_events = t.walrus_events - s.walrus_events
            from (select coalesce(sum(transactions), 0) as transactions, coalesce(sum(failed), 0) as failed,
                coalesce(sum(walrus_events), 0) as walrus_events
              from checkpoint where sequence_number between ? and ?) s
            """, """
            update totals set unknown_events = unknown_events
              - (select count(*) from event where not known and checkpoint between ? and ?)
            """, """
            update totals set quarantined = quarantined - (select count(*) from quarantine where checkpoint between ? and ?)
            """, """
            update event_total t set events = t.events - s.events
            from (select name, count(*) as events from event where checkpoint between ? and ? group by name) s
            where s.name = t.name
            """};
        for (String sql : statements) {
            try (PreparedStatement update = db.prepareStatement(sql)) {
                update.setLong(1, first);
                update.setLong(2, last);
                update.executeUpdate();
            }
        }
    }

    private void store(Connection db) throws SQLException {
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
                upsert.setLong(3, entry.getValue());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }
}
