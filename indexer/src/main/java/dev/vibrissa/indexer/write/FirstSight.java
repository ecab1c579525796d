package dev.vibrissa.indexer.write;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.write.FactWriter.Accepted;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object that history shows first as the input of a transaction: taken in as it was found (DECISIONS 3), beside what
 * the transaction made of it.
 */
record FirstSight(long checkpoint, int transactionIndex, ObjectFact object) {

    /** Those of a batch: objects without a fact before it, as far back as answers reach. */
    static List<FirstSight> in(Connection db, List<Accepted> batch) throws SQLException {
        var seen = new HashSet<SuiAddress>();
        var found = new LinkedHashMap<SuiAddress, FirstSight>();
        for (Accepted each : batch) {
            each.facts().reported().forEach(object -> seen.add(object.id())); // taken in already, as reported
            for (TransactionFacts transaction : each.facts().transactions()) {
                for (ObjectFact object : transaction.objects()) {
                    if (seen.add(object.id())
                            && object.before().flatMap(ObjectState::value).isPresent()) {
                        found.put(object.id(), of(each.sequenceNumber(), transaction.index(), object));
                    }
                }
            }
        }
        if (!found.isEmpty()) {
            found.keySet().removeAll(known(db, found.keySet(), batch.getFirst().sequenceNumber()));
        }
        return List.copyOf(found.values());
    }

    private static FirstSight of(long checkpoint, int transactionIndex, ObjectFact object) {
        var before = object.before().orElseThrow();
        return new FirstSight(
                checkpoint,
                transactionIndex,
                new ObjectFact(
                        object.id(),
                        before.version(),
                        Change.OBSERVED,
                        object.type(),
                        Optional.empty(),
                        object.before(),
                        Optional.empty()));
    }

    /**
     * What was filled in behind the range of answers does not count as seen for what comes after it began: until the
     * projections are folded over it, answers have to do without.
     */
    private static Set<SuiAddress> known(Connection db, Set<SuiAddress> candidates, long before) throws SQLException {
        var known = new HashSet<SuiAddress>();
        try (PreparedStatement select = db.prepareStatement("""
                select distinct object_id from object_change, answered.since
                where object_id = any(?)
                  and (object_change.checkpoint < ? or object_change.checkpoint = ? and tx_index = ?)
                  and (object_change.checkpoint >= since.checkpoint or ? < since.checkpoint)
                """)) {
            select.setArray(1, Strays.byteas(db, candidates));
            select.setLong(2, before);
            select.setLong(3, before);
            select.setInt(4, FactWriter.BEFORE_TRANSACTIONS); // stays where the checkpoint after it is read again
            select.setLong(5, before);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    known.add(new SuiAddress(rows.getBytes(1)));
                }
            }
        }
        return known;
    }
}
