package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.project.money.EpochChange;
import dev.vibrissa.indexer.project.stake.RewardShares.Member;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What we derived against the pools' own counters, whenever an epoch has turned.
 *
 * <p>What a pool was brought up to follows from its state before. Sums over positions and pay-outs are made only for
 * pools that were registered within our history: of others we cannot have seen all.
 */
final class StakeReconciliation {
    /** Each pool as it stood, found by its key: no more is read than there are pools, however long their history. */
    private static final String POOLS = """
            from t cross join operator o
            cross join lateral (
              select * from pool_state s where s.node_id = o.node_id and s.checkpoint <= t.checkpoint
              order by s.checkpoint desc, s.tx_index desc limit 1) s
            """;

    private final TableRows rows = new TableRows(
            "stake_reconciliation",
            "epoch",
            "what",
            "node_id",
            "checkpoint",
            "tx_index",
            "tx_digest",
            "expected",
            "derived",
            "residual");
    private final List<Turned> turned = new ArrayList<>();

    private record Turned(long toEpoch, Place at) {}

    /** An epoch turned, and brought pools up to it. */
    void turned(Place at, long toEpoch, List<Pools.Turn> turns, Rates rates) throws SQLException {
        turned.add(new Turned(toEpoch, at));
        for (Pools.Turn turn : turns) {
            var before = turn.before();
            var after = turn.after();
            if (before == null || after.latestEpoch() != toEpoch || before.latestEpoch() == toEpoch) {
                continue;
            }
            var reward = AdvancedPool.big(after.rewardsPool()).subtract(AdvancedPool.big(before.rewardsPool()));
            var advanced = AdvancedPool.of(before, reward, toEpoch, rates.of(turn.nodeId()));
            if (advanced.isPresent()) {
                check(
                        at,
                        toEpoch,
                        "pool_stake",
                        turn.nodeId(),
                        after.walBalance(),
                        advanced.get().walBalance());
                check(
                        at,
                        toEpoch,
                        "pool_shares",
                        turn.nodeId(),
                        after.numShares(),
                        advanced.get().numShares());
            }
        }
    }

    /** Each node's reward follows from the pot, its shards and its deny list, if those of the whole committee are known. */
    void rewarded(Place at, EpochChange change, Caps caps) {
        var members = new ArrayList<Member>();
        for (EpochChange.Reward each : change.rewards()) {
            caps.denied(each.nodeId())
                    .ifPresent(denied -> members.add(new Member(each.shards(), AdvancedPool.big(denied))));
        }
        if (members.size() < change.rewards().size()) {
            return;
        }
        var shares = RewardShares.of(
                BigInteger.valueOf(change.pot() - change.burn()),
                AdvancedPool.big(change.usedCapacityOfEnded()),
                members);
        for (int i = 0; i < members.size(); i++) {
            var paid = change.rewards().get(i);
            check(
                    at,
                    change.toEpoch() - 1,
                    "node_reward",
                    paid.nodeId(),
                    paid.commission() + paid.toStakers(),
                    shares.get(i));
        }
    }

    private void check(Place at, long epoch, String what, SuiAddress node, long expected, BigInteger derived) {
        BigDecimal counted = Columns.unsigned(expected);
        rows.add(
                epoch,
                what,
                node,
                at.checkpoint(),
                at.transactionIndex(),
                at.transaction(),
                counted,
                new BigDecimal(derived),
                counted.subtract(new BigDecimal(derived)));
    }

    /** Once all else is written: the sums are as of the end of the checkpoint in which the epoch turned. */
    void write(Connection db) throws SQLException {
        rows.write(db);
        for (Turned each : turned) {
            // Stake that is to count from a later epoch on. Inside another object it may be split unseen.
            sum(db, "pending_stake", each, """
                    select s.node_id, (
                      select coalesce(sum(s.pending_stake[i + 1]), 0) from generate_subscripts(s.pending_stake, 1) i
                      where i % 2 = 1 and s.pending_stake[i] > t.epoch) as expected,
                      p.principal as derived
                    """ + POOLS + """
                    cross join lateral (
                      select coalesce(sum(p.principal), 0) as principal, coalesce(bool_or(p.holder = 'wrapped'), false) as wrapped
                      from stake_position p
                      where p.node_id = o.node_id and p.holder <> 'gone' and p.activation_epoch > t.epoch
                        and p.checkpoint <= t.checkpoint
                        and (p.replaced_checkpoint is null or p.replaced_checkpoint > t.checkpoint)) p
                    where o.registered_tx is not null and not p.wrapped
                    """);
            // What stakers earned and have not been paid: what was left when the last epoch turned, and since.
            sum(db, "rewards_pool", each, """
                    select s.node_id, s.rewards_pool as expected, coalesce(l.derived, 0) + (
                      select coalesce(sum(r.to_stakers), 0) from pool_reward r
                      where r.node_id = o.node_id and r.epoch >= coalesce(l.epoch - 1, 0)
                        and r.checkpoint > coalesce(l.checkpoint, -1) and r.checkpoint <= t.checkpoint) - (
                      select coalesce(sum(w.rewards), 0) from stake_operation w
                      where w.node_id = o.node_id and w.kind = 'withdraw'
                        and w.checkpoint > coalesce(l.checkpoint, -1) and w.checkpoint <= t.checkpoint) as derived
                    """ + POOLS + """
                    left join lateral (
                      select l.epoch, l.checkpoint, l.derived from stake_reconciliation l
                      where l.what = 'rewards_pool' and l.node_id = o.node_id and l.epoch < t.epoch
                      order by l.epoch desc limit 1) l on true
                    where o.registered_tx is not null
                    """);
        }
    }

    private static void sum(Connection db, String what, Turned turned, String sums) throws SQLException {
        var at = turned.at();
        try (PreparedStatement insert = db.prepareStatement("""
                with t as (select ?::bigint as epoch, ?::bigint as checkpoint)
                insert into stake_reconciliation
                  (epoch, what, node_id, checkpoint, tx_index, tx_digest, expected, derived, residual)
                select t.epoch, ?, x.node_id, t.checkpoint, ?, ?, x.expected, x.derived, x.expected - x.derived
                from t cross join (%s) x
                """.formatted(sums))) {
            insert.setLong(1, turned.toEpoch());
            insert.setLong(2, at.checkpoint());
            insert.setString(3, what);
            insert.setInt(4, at.transactionIndex());
            insert.setBytes(5, at.transaction().map(Digest::toByteArray).orElse(null));
            insert.executeUpdate();
        }
    }
}
