package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.Devnet;
import dev.vibrissa.devnet.DevnetSettings;
import dev.vibrissa.devnet.FaultScript;
import dev.vibrissa.indexer.Ingest;
import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.source.ChainIdentity;
import dev.vibrissa.indexer.source.FullNode;
import dev.vibrissa.indexer.source.LiveSource;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.source.Ticker;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.migrations.testing.TableRows;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stake and money of networks with committees and shards of other sizes: all must add up by the contract's own counters. */
class StakeOfDevnetTest {
    private static final Duration EPOCH = Duration.ofSeconds(20);
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMillis(250);
    private static final long CHECKPOINTS = 1500;

    @TempDir
    Path folder = Path.of("");

    @Test
    @Timeout(300)
    void everythingAddsUp() throws Exception {
        addUp(11, 7, 50);
    }

    @Test
    @Timeout(300)
    @Tag("soak")
    void soItDoesWithASmallerCommittee() throws Exception {
        addUp(5, 4, 10);
    }

    private void addUp(long seed, int nodes, int shards) throws Exception {
        var settings = new DevnetSettings(
                folder, seed, Optional.empty(), shards, nodes, EPOCH, BETWEEN_CHECKPOINTS, FaultScript.NONE, 25, 0, 0);
        try (var devnet = Devnet.start(settings);
                var test = TestDatabase.migrated()) {
            ingest(devnet, test.database());
            assertMuchHappened(test.database());
            assertNothingIsLeftOver(test.database());
            assertPositionsAreWhatPoolsCount(test.database());
            assertRewardsAreShared(test.database());
            assertShardsAreApportioned(test.database(), shards);
            assertParticipationIsWhatCertificatesSay(test.database());
        }
    }

    private static void assertMuchHappened(Database database) throws Exception {
        assertThat(number(database, "select max(epoch) from epoch where running_since is not null"))
                .isGreaterThan(4);
        for (String kind : List.of("stake", "request", "withdraw")) {
            assertThat(number(database, "select count(*) from stake_operation where kind = '%s'".formatted(kind)))
                    .as(kind)
                    .isPositive();
        }
        assertThat(number(database, "select count(*) from pool_reward where to_stakers > 0"))
                .isPositive();
        assertThat(number(database, "select count(*) from payment")).isPositive();
        assertThat(number(database, "select count(*) from quarantine")).isZero();
    }

    private static void assertNothingIsLeftOver(Database database) throws Exception {
        assertThat(TableRows.of(database, "select * from stake_operation where residual <> 0"))
                .as("withdrawals that did not pay what the contract's arithmetic says")
                .isEmpty();
        assertThat(TableRows.of(database, "select * from reconciliation where residual <> 0"))
                .as("money that does not reconcile")
                .isEmpty();
        assertThat(number(database, """
                        select (select sum(case kind when 'stake' then amount when 'withdraw' then -amount else 0 end)
                            from stake_operation)
                          - (select sum(principal) from stake_position where replaced_checkpoint is null and holder <> 'gone')
                        """)).as("principal made or lost").isZero();
    }

    /** What is to come is counted to the FROST; what is active by shares, which are rounded with every position. */
    private static void assertPositionsAreWhatPoolsCount(Database database) throws Exception {
        assertThat(TableRows.of(database, """
                        select encode(s.node_id, 'hex'), s.pending, coalesce(p.principal, 0) from (
                          select s.node_id, s.latest_epoch, (
                            select coalesce(sum(v), 0) from unnest(s.pending_stake) with ordinality as u (v, i) where i % 2 = 0) as pending
                          from pool_state s where s.replaced_checkpoint is null) s
                        left join lateral (
                          select sum(p.principal) as principal from stake_position p
                          where p.node_id = s.node_id and p.replaced_checkpoint is null and p.holder <> 'gone'
                            and p.activation_epoch > s.latest_epoch) p on true
                        where s.pending <> coalesce(p.principal, 0)
                        """))
                .as("pools whose pending stake is not that of the positions")
                .isEmpty();
        assertThat(TableRows.of(database, """
                        select encode(s.node_id, 'hex'), s.wal_balance, s.num_shares, p.value, p.shares, p.positions from pool_state s
                        cross join lateral (
                          select coalesce(sum(div(q.shares * w.wal, w.shares)), 0) as value, coalesce(sum(q.shares), 0) as shares,
                            count(*) as positions
                          from (
                            select div(p.principal * coalesce(a.share_amount, 1), coalesce(a.wal_amount, 1)) as shares
                            from stake_position p
                            left join lateral (
                              select * from exchange_rate r where r.node_id = p.node_id and r.epoch <= p.activation_epoch
                              order by r.epoch desc limit 1) a on true
                            where p.node_id = s.node_id and p.replaced_checkpoint is null and p.holder <> 'gone'
                              and p.activation_epoch <= s.latest_epoch
                              and (p.withdraw_epoch is null or p.withdraw_epoch > s.latest_epoch)) q
                          cross join lateral (
                            select coalesce(max(r.wal_amount), 1) as wal, coalesce(max(r.share_amount), 1) as shares
                            from exchange_rate r where r.node_id = s.node_id and r.epoch = s.latest_epoch) w) p
                        where s.replaced_checkpoint is null
                          and (abs(s.wal_balance - p.value) > 2 * (p.positions + s.latest_epoch + 1)
                            or abs(s.num_shares - p.shares) > 2 * (p.positions + s.latest_epoch + 1))
                        """))
                .as("pools whose active stake or shares are not those of the positions")
                .isEmpty();
        assertThat(TableRows.of(database, """
                        select encode(s.node_id, 'hex'), w.epoch, w.shares, coalesce(p.shares, 0) from pool_state s
                        cross join lateral (
                          select s.pending_shares_withdraw[i] as epoch, s.pending_shares_withdraw[i + 1] as shares
                          from generate_series(1, coalesce(array_length(s.pending_shares_withdraw, 1), 0), 2) i) w
                        cross join lateral (
                          select count(*) as positions,
                            sum(div(p.principal * coalesce(a.share_amount, 1), coalesce(a.wal_amount, 1))) as shares
                          from stake_position p
                          left join lateral (
                            select * from exchange_rate r where r.node_id = p.node_id and r.epoch <= p.activation_epoch
                            order by r.epoch desc limit 1) a on true
                          where p.node_id = s.node_id and p.replaced_checkpoint is null and p.holder <> 'gone'
                            and p.withdraw_epoch = w.epoch and p.activation_epoch <= s.latest_epoch) p
                        where s.replaced_checkpoint is null and w.epoch > s.latest_epoch
                          and abs(w.shares - coalesce(p.shares, 0)) > p.positions
                          and not exists (select from unnest(s.pre_active_withdrawals) v)
                        """))
                .as("pools whose shares to leave are not those of the positions")
                .isEmpty();
    }

    private static void assertRewardsAreShared(Database database) throws Exception {
        assertThat(TableRows.of(database, """
                        select c.to_epoch, c.pot, c.burn, c.leftover, c.distributed, r.paid
                        from epoch_change c
                        left join lateral (
                          select coalesce(sum(r.commission + r.to_stakers), 0) as paid from pool_reward r where r.epoch = c.to_epoch - 1) r on true
                        where c.pot <> c.burn + c.leftover + r.paid or c.distributed <> r.paid
                        """))
                .as("epochs whose pot is not what was burned, paid and left over")
                .isEmpty();
        assertThat(TableRows.of(database, """
                        select * from pool_reward r join exchange_rate b using (node_id, epoch)
                        join exchange_rate e on e.node_id = r.node_id and e.epoch = r.epoch + 1
                        where e.wal_amount * b.share_amount < b.wal_amount * e.share_amount and r.to_stakers > 0
                        """)).as("shares that lost").isEmpty();
    }

    private static void assertShardsAreApportioned(Database database, int shards) throws Exception {
        var epochs = TableRows.of(database, "select distinct next_epoch from candidate order by 1");
        assertThat(epochs).hasSizeGreaterThan(3);
        for (String epoch : epochs) {
            var stakes = TableRows.of(
                            database,
                            "select stake from candidate where next_epoch = %s order by position".formatted(epoch))
                    .stream()
                    .map(BigInteger::new)
                    .toList();
            var weights = TableRows.of(database, """
                            select coalesce(m.weight, 0) from candidate c
                            left join committee_member m on m.epoch = c.next_epoch and m.node_id = c.node_id
                            where c.next_epoch = %s order by c.position
                            """.formatted(epoch)).stream()
                    .map(Integer::valueOf)
                    .toList();
            assertThat(weights).as("shards of epoch " + epoch).isEqualTo(apportioned(stakes, shards));
        }
        assertThat(TableRows.of(database, """
                        select epoch, count(*) from shard_assignment group by epoch having count(*) <> %d
                        """.formatted(shards))).isEmpty();
    }

    /** D'Hondt one shard after the other, with the cap of committees of fewer than twenty. */
    private static List<Integer> apportioned(List<BigInteger> stakes, int shards) {
        int cap = Math.ceilDiv(20 * shards, 10 * stakes.size());
        var won = new ArrayList<Integer>();
        stakes.forEach(_ -> won.add(0));
        for (int shard = 0; shard < shards; shard++) {
            int best = -1;
            for (int i = 0; i < stakes.size(); i++) {
                if (won.get(i) < cap && (best < 0 || isGreater(stakes, won, i, best))) {
                    best = i;
                }
            }
            won.set(best, won.get(best) + 1);
        }
        return won;
    }

    private static boolean isGreater(List<BigInteger> stakes, List<Integer> won, int one, int other) {
        var left = stakes.get(one).multiply(BigInteger.valueOf(won.get(other) + 1L));
        return left.compareTo(stakes.get(other).multiply(BigInteger.valueOf(won.get(one) + 1L))) > 0;
    }

    private static void assertParticipationIsWhatCertificatesSay(Database database) throws Exception {
        assertThat(number(database, "select count(*) from participation")).isPositive();
        assertThat(TableRows.of(database, """
                        select m.epoch, m.position, p.signed[m.position + 1], c.signed from committee_member m
                        join participation p using (epoch)
                        cross join lateral (
                          select sum(get_bit(c.signers_bitmap, m.position::bigint)) as signed, count(*) as certificates
                          from certificate c where c.walrus_epoch = m.epoch and c.message_type = 1) c
                        where p.signed[m.position + 1] is distinct from c.signed or p.certificates <> c.certificates
                        """)).isEmpty();
    }

    private static long number(Database database, String sql) throws Exception {
        return Long.parseLong(TableRows.of(database, sql).getFirst());
    }

    private static void ingest(Devnet devnet, Database database) throws Exception {
        var node = new FullNode(
                URI.create("grpc://" + devnet.address().getAuthority()),
                new ChainIdentity(devnet.network().chain()),
                FullNode.Manners.unlimited(),
                Ticker.SYSTEM);
        try (var source = new LiveSource(
                List.of(node), new LiveSource.Start.At(0), Optional.of(CHECKPOINTS), StoreSource.AtTip.WAIT)) {
            new Ingest(
                            database,
                            devnet.network(),
                            Optional.of(Devnet.LABEL),
                            new TrustAnchor.OfCommittee(devnet.committee()),
                            Ingest.Limits.ofThisMachine())
                    .run(source, Progress.SILENT);
        }
    }
}
