package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In whole histories nothing of the money is left over. */
class MoneyAddsUpTest {
    @ParameterizedTest
    @ValueSource(strings = {"money", "blob-life", "governance", "stake", "busy"})
    void toTheFrost(String scenario) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), scenario);

            assertThat(rows(database, "select checkpoint, tx_index, amount from payment where what = 'unattributed'"))
                    .as("payments that nothing explains")
                    .isEmpty();
            assertThat(rows(
                            database,
                            "select checkpoint, tx_index, unattributed, wal_residual from inflow"
                                    + " where unattributed <> 0 or wal_residual <> 0"))
                    .as("transactions whose WAL does not add up")
                    .isEmpty();
            assertThat(rows(database, "select epoch, what, expected, derived from reconciliation where residual <> 0"))
                    .as("what the contract counts otherwise")
                    .isEmpty();
            assertThat(rows(
                            database,
                            "select node_id, epoch, what, expected, derived from stake_reconciliation"
                                    + " where residual <> 0"))
                    .as("what pools count otherwise")
                    .isEmpty();
            assertThat(rows(database, "select distinct what from reconciliation where epoch > 1 order by 1"))
                    .contains(
                            "[accounts]",
                            "[burn]",
                            "[reserved_capacity]",
                            "[rewards]",
                            "[supply]",
                            "[total_capacity]",
                            "[used_capacity]");
            assertThat(rows(database, "select distinct what from stake_reconciliation order by 1"))
                    .contains("[node_reward]", "[pending_stake]", "[pool_shares]", "[pool_stake]", "[rewards_pool]");
            assertThat(rows(database, """
                    select i.checkpoint, i.tx_index from inflow i
                    join (select checkpoint, tx_index, sum(rewards_delta * (end_epoch - first_epoch)) as added
                      from ring_change group by 1, 2) r using (checkpoint, tx_index)
                    where r.added <> i.user_inflow + i.subsidy_inflow
                    """))
                    .as("transactions whose payments are not what came in")
                    .isEmpty();
        }
    }

    private static List<String> rows(TestDatabase database, String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (var db = database.connect();
                var statement = db.createStatement();
                var found = statement.executeQuery(sql)) {
            while (found.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
