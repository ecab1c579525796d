package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was done with stake, as rows; withdrawals with the rewards that were paid. */
final class Operations {
    private final Rates rates;
    private final TableRows rows = new TableRows(
            "stake_operation",
            "checkpoint",
            "tx_index",
            "ordinal",
            "tx_digest",
            "kind",
            "object_id",
            "other_object_id",
            "node_id",
            "owner_before",
            "owner_after",
            "amount",
            "rewards",
            "residual",
            "epoch");

    Operations(Rates rates) {
        this.rates = rates;
    }

    /** Positions older than our history, where nothing else was done. */
    void observed(Place place, List<StakeOperation> observed) throws SQLException {
        follow(place, observed, List.of(), List.of(), 0, false);
    }

    /**
     * @param turns what the same transaction made of pools: their rewards fell by what it paid
     * @param epoch Walrus epoch after it
     * @param epochTurns rewards came in besides, so that only the contract's arithmetic tells what was paid
     */
    void follow(
            Place place,
            List<StakeOperation> operations,
            List<StakeOperation.Change> changes,
            List<Pools.Turn> turns,
            long epoch,
            boolean epochTurns)
            throws SQLException {
        var owners = new HashMap<SuiAddress, @Nullable SuiAddress>();
        changes.forEach(
                each -> owners.put(each.objectId(), owner(each.before() == null ? each.after() : each.before())));
        var lines = new Lines(place);
        var payments = new Payments(turns, epoch, epochTurns, operations);
        for (StakeOperation operation : operations) {
            switch (operation) {
                case StakeOperation.Observe(var id, var position) ->
                    lines.add(
                            "observed",
                            id,
                            null,
                            position,
                            null,
                            position.owner(),
                            position.principal(),
                            position.withdrawEpoch());
                case StakeOperation.Stake(var id, var position, long principal) ->
                    lines.add(
                            "stake", id, null, position, null, position.owner(), principal, position.activationEpoch());
                case StakeOperation.Request(var id, var position) ->
                    lines.add(
                            "request",
                            id,
                            null,
                            position,
                            position.owner(),
                            position.owner(),
                            position.principal(),
                            position.withdrawEpoch());
                case StakeOperation.Split(var id, var part, var position) ->
                    lines.add(
                            "split", id, part, position, owners.get(id), position.owner(), position.principal(), null);
                case StakeOperation.Join(var id, var joined, var position) ->
                    lines.add(
                            "join", id, joined, position, position.owner(), owners.get(id), position.principal(), null);
                case StakeOperation.Move(var id, var before, var after) ->
                    lines.add(
                            kind(before, after),
                            id,
                            null,
                            after,
                            before.owner(),
                            after.owner(),
                            after.principal(),
                            null);
                case StakeOperation.Withdraw withdrawn -> lines.add(withdrawn, payments.paid(withdrawn));
            }
        }
    }

    private static @Nullable SuiAddress owner(@Nullable Position position) {
        return position == null ? null : position.owner();
    }

    private static String kind(Position before, Position after) {
        return after.holder().equals("address") ? before.holder().equals("address") ? "transfer" : "unwrap" : "wrap";
    }

    /** The operations of one transaction, numbered. */
    private final class Lines {
        private final Place at;
        private int ordinal;

        Lines(Place at) {
            this.at = at;
        }

        void add(
                String kind,
                SuiAddress id,
                @Nullable SuiAddress other,
                Position position,
                @Nullable SuiAddress before,
                @Nullable SuiAddress after,
                long amount,
                @Nullable Long epoch) {
            row(kind, id, other, position, before, after, amount, null, epoch);
        }

        void add(StakeOperation.Withdraw withdrawn, Paid paid) {
            var position = withdrawn.position();
            row(
                    "withdraw",
                    withdrawn.objectId(),
                    null,
                    position,
                    position.owner(),
                    null,
                    withdrawn.principal(),
                    paid,
                    position.withdrawEpoch());
        }

        private void row(
                String kind,
                SuiAddress id,
                @Nullable SuiAddress other,
                Position position,
                @Nullable SuiAddress before,
                @Nullable SuiAddress after,
                long amount,
                @Nullable Paid paid,
                @Nullable Long epoch) {
            rows.add(
                    at.checkpoint(),
                    at.transactionIndex(),
                    ordinal++,
                    at.transaction(),
                    kind,
                    id,
                    other,
                    position.nodeId(),
                    before,
                    after,
                    Columns.unsigned(amount),
                    paid == null ? null : new BigDecimal(paid.rewards()),
                    paid == null ? null : new BigDecimal(paid.residual()),
                    epoch);
        }
    }

    /** @param residual rewards by the contract's arithmetic less those paid */
    private record Paid(BigInteger rewards, BigInteger residual) {}

    /** Rewards that a transaction paid: what pools lost, shared by the contract's arithmetic if several stakes left. */
    private final class Payments {
        private final Map<SuiAddress, BigInteger> lost = new HashMap<>();
        /** What pools can pay rewards with: they pay no more, whatever was earned. */
        private final Map<SuiAddress, BigInteger> available = new HashMap<>();

        private final Map<SuiAddress, Integer> leaving = new HashMap<>();
        private final long epoch;
        private final boolean epochTurns;

        Payments(List<Pools.Turn> turns, long epoch, boolean epochTurns, List<StakeOperation> operations) {
            this.epoch = epoch;
            this.epochTurns = epochTurns;
            for (Pools.Turn turn : turns) {
                if (turn.before() != null) {
                    available.put(turn.nodeId(), big(turn.before().rewardsPool()));
                    lost.put(
                            turn.nodeId(),
                            big(turn.before().rewardsPool())
                                    .subtract(big(turn.after().rewardsPool())));
                }
            }
            for (StakeOperation each : operations) {
                if (each instanceof StakeOperation.Withdraw(var _, var position, var _)) {
                    leaving.merge(position.nodeId(), 1, Integer::sum);
                }
            }
        }

        Paid paid(StakeOperation.Withdraw withdrawn) throws SQLException {
            var node = withdrawn.position().nodeId();
            BigInteger earned = earned(withdrawn).min(available.getOrDefault(node, BigInteger.ZERO));
            int left = leaving.merge(node, -1, Integer::sum);
            BigInteger rest = lost.getOrDefault(node, BigInteger.ZERO);
            BigInteger paid = epochTurns ? earned : left == 0 ? rest : earned.min(rest);
            lost.put(node, rest.subtract(paid));
            available.computeIfPresent(node, (_, was) -> was.subtract(paid));
            return new Paid(paid, earned.subtract(paid));
        }

        private BigInteger earned(StakeOperation.Withdraw withdrawn) throws SQLException {
            var position = withdrawn.position();
            if (position.activationEpoch() > epoch) {
                return BigInteger.ZERO;
            }
            BigInteger principal = big(withdrawn.principal());
            long until = position.withdrawEpoch() == null ? epoch : position.withdrawEpoch();
            return rates.of(position.nodeId())
                    .value(principal, position.activationEpoch(), until)
                    .subtract(principal);
        }

        private static BigInteger big(long unsigned) {
            return Columns.unsigned(unsigned).toBigInteger();
        }
    }

    void write(Connection db) throws SQLException {
        rows.write(db);
    }
}
