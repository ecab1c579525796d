package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TestDatabase;
import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must add up whatever happened to stake. */
class StakeProjectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"stake", "busy", "governance"})
    void stakeAddsUp(String scenario) throws Exception {
        try (var database = TestDatabase.migrated()) {
            Scenarios.ingest(database.database(), scenario);
            assertThat(number(database, "select count(*) from stake_operation"))
                    .as("operations")
                    .isPositive();
            assertThat(number(database, "select count(*) from stake_operation where residual <> 0"))
                    .as("withdrawals that did not pay what the contract's arithmetic says")
                    .isZero();
            assertThat(number(database, """
                            select (select sum(case kind when 'stake' then amount when 'withdraw' then -amount else 0 end)
                                from stake_operation)
                              - (select sum(principal) from stake_position
                                where replaced_checkpoint is null and holder <> 'gone')
                            """)).as("principal made or lost").isZero();
            assertThat(number(database, """
                            select count(*) from pool_state s
                            where s.replaced_checkpoint is null and s.commission < s.commission_locked
                            """))
                    .as("pools with more locked than they have")
                    .isZero();
            assertThat(number(database, """
                            select count(*) from exchange_rate r
                            join exchange_rate n on n.node_id = r.node_id and n.epoch = r.epoch + 1
                            where not n.flat and n.wal_amount * r.share_amount < r.wal_amount * n.share_amount
                            """)).as("shares that lost").isZero();
            assertThat(number(database, """
                            select count(*) from committee_member m join participation p using (epoch)
                            cross join lateral (
                              select count(*) as certificates, sum(get_bit(c.signers_bitmap, m.position::bigint)) as signed
                              from certificate c where c.walrus_epoch = m.epoch and c.message_type = 1) c
                            where p.certificates <> c.certificates or p.signed[m.position + 1] is distinct from c.signed
                            """))
                    .as("counts of signatures that are not those of the certificates")
                    .isZero();
            assertThat(number(database, """
                            select (select count(*) from event_blob_attestation)
                              - (select count(*) from transaction, unnest(calls) call
                                where call = 'system::certify_event_blob' and error is null)
                            """)).as("attestations").isZero();
            assertThat(number(database, """
                            select (select count(*) from event_blob_head h join blob_object o using (blob_id)
                                    where o.event_blob and o.registered_tx = h.tx_digest)
                              - (select count(*) from event_blob_head)
                              + (select count(*) from event_blob_head) - (select count(*) from blob_object where event_blob)
                            """))
                    .as("heads that are not those of the registered event blobs")
                    .isZero();
            assertThat(number(database, """
                            select count(*) from event_blob_attestation a
                            where a.attested_checkpoint > coalesce((select max(ending_checkpoint) from event_blob_head h
                                where (h.checkpoint, h.tx_index) < (a.checkpoint, a.tx_index)), -1)
                              and not exists (select from event_blob_head h where h.tx_digest = a.tx_digest)
                              and not exists (select from event_blob_weight w where w.tx_digest = a.tx_digest)
                            """))
                    .as("attestations in time that gave no weight")
                    .isZero();
        }
    }

    private static BigDecimal number(TestDatabase database, String sql) throws Exception {
        try (var db = database.connect();
                var statement = db.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getBigDecimal(1);
        }
    }
}
