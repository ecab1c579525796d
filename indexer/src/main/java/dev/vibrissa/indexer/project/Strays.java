package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Transactions that end something of Walrus without showing it: an object that was unwrapped and destroyed leaves
 * nothing but its id in the effects, no type and no event. Whether the id is one of ours only the database knows.
 */
public final class Strays {
    private Strays() {}

    /** The batch, with those suspicious transactions taken in that touch an object we know. */
    public static List<Accepted> takeIn(Connection db, List<Accepted> batch) throws SQLException {
        var suspects = new HashSet<SuiAddress>();
        for (Accepted each : batch) {
            for (TransactionFacts transaction : each.facts().suspects()) {
                transaction.objects().forEach(object -> suspects.add(object.id()));
            }
        }
        if (suspects.isEmpty()) {
            return batch;
        }
        Set<SuiAddress> known = known(db, suspects);
        for (Accepted each : batch) {
            for (TransactionFacts transaction : each.facts().transactions()) {
                for (ObjectFact object : transaction.objects()) {
                    if (suspects.contains(object.id())) {
                        known.add(object.id());
                    }
                }
            }
        }
        return known.isEmpty()
                ? batch
                : batch.stream().map(each -> takeIn(each, known)).toList();
    }

    private static Accepted takeIn(Accepted checkpoint, Set<SuiAddress> known) {
        var facts = checkpoint.facts();
        var found = facts.suspects().stream()
                .filter(transaction -> transaction.objects().stream().anyMatch(object -> known.contains(object.id())))
                .toList();
        if (found.isEmpty()) {
            return checkpoint;
        }
        var transactions = new ArrayList<>(facts.transactions());
        transactions.addAll(found);
        transactions.sort(Comparator.comparingInt(TransactionFacts::index));
        return new Accepted(
                checkpoint.checkpoint(),
                new CheckpointFacts(
                        facts.packages(),
                        facts.packagesAfter(),
                        facts.transactionCount(),
                        facts.failedCount(),
                        List.copyOf(transactions),
                        List.of(),
                        facts.quarantined(),
                        facts.systemCreated()),
                checkpoint.verification(),
                checkpoint.sourceId());
    }

    private static Set<SuiAddress> known(Connection db, Set<SuiAddress> suspects) throws SQLException {
        var known = new HashSet<SuiAddress>();
        String sql = """
                select object_id from blob_object where object_id = any(?)
                union all
                select storage_pool_id from storage_pool where storage_pool_id = any(?)
                """;
        try (PreparedStatement select = db.prepareStatement(sql)) {
            select.setArray(1, Rows.byteas(db, suspects));
            select.setArray(2, Rows.byteas(db, suspects));
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    known.add(new SuiAddress(found.getBytes(1)));
                }
            }
        }
        return known;
    }
}
