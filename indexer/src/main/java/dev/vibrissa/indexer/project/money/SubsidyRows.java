package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;

/** The subsidies contract as transactions left it, and what it paid. */
final class SubsidyRows {
    private SubsidyRows() {}

    /**
     * @param usage FROST that it paid into the accounts of epochs
     * @param funded FROST that was put into its pool
     */
    static void insert(Connection db, Place place, SubsidyChange change, long usage, long funded) throws SQLException {
        Sql.insert(
                db,
                """
                insert into subsidy_state (checkpoint, tx_index, tx_digest, rate, base, per_shard, pool, changed, funded,
                  processed, usage, fixed_for_epoch, fixed_is_locked)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                place.checkpoint(),
                place.transactionIndex(),
                place.digest(),
                change.after().systemSubsidyRate(),
                Sql.numeric(change.after().baseSubsidy()),
                Sql.numeric(change.after().subsidyPerShard()),
                Sql.numeric(change.after().subsidyPool()),
                changed(change),
                funded,
                change.processed(),
                usage,
                change.paysFixed() ? change.after().latestEpoch() : null,
                change.paysFixed() ? change.fixedIsLocked() : null);
        for (var fixed : change.fixed().entrySet()) {
            Sql.insert(
                    db,
                    "insert into subsidy_fixed (checkpoint, tx_index, node_id, amount) values (?, ?, ?, ?)",
                    place.checkpoint(),
                    place.transactionIndex(),
                    fixed.getKey().toByteArray(),
                    fixed.getValue());
        }
    }

    private static String[] changed(SubsidyChange change) {
        var changed = new ArrayList<String>();
        change.before().ifPresent(before -> {
            if (before.systemSubsidyRate() != change.after().systemSubsidyRate()) {
                changed.add("rate");
            }
            if (before.baseSubsidy() != change.after().baseSubsidy()) {
                changed.add("base");
            }
            if (before.subsidyPerShard() != change.after().subsidyPerShard()) {
                changed.add("perShard");
            }
        });
        return changed.toArray(String[]::new);
    }
}
