package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.extract.SystemChange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What we derived against the contract's own counters, whenever an epoch has ended and all rows before are stored.
 *
 * <p>Sums are those of all transactions since a state that was known as a whole: an empty System, a snapshot, or else
 * the first change of an epoch in our history. What was before counts as part of that state, so that a history that
 * begins in the middle is held against nothing it cannot know.
 */
final class Reconciliation {
    private final Connection db;

    Reconciliation(Connection db) {
        this.db = db;
    }

    /** One check, shown whatever came of it. */
    void check(long epoch, String what, Place place, BigInteger expected, BigInteger derived) throws SQLException {
        Sql.insert(
                db,
                """
                insert into reconciliation (epoch, what, checkpoint, tx_index, tx_digest, expected, derived, residual)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                epoch,
                what,
                place.checkpoint(),
                place.transactionIndex(),
                place.digest(),
                new BigDecimal(expected),
                new BigDecimal(derived),
                new BigDecimal(expected.subtract(derived)));
    }

    void check(long epoch, String what, Place place, long expected, long derived) throws SQLException {
        check(epoch, what, place, BigInteger.valueOf(expected), BigInteger.valueOf(derived));
    }

    /** Holds the books of the epoch that ended, and the beginning of the new one, against the contract. */
    void epochEnded(Place place, EpochChange change, Optional<SystemChange> system) throws SQLException {
        long ended = change.toEpoch() - 1;
        check(ended, "rewards", place, change.pot(), change.burn() + change.distributed() + change.leftover());
        check(ended, "burn", place, change.burn(), change.ruledBurn());
        var base = base(change.toEpoch());
        if (base.isPresent()) {
            check(
                    ended,
                    "accounts",
                    place,
                    BigInteger.valueOf(change.pot()),
                    base.get().rewards(ended));
            check(
                    ended,
                    "used_capacity",
                    place,
                    BigInteger.valueOf(change.usedCapacityOfEnded()),
                    base.get().used(ended));
            if (system.isPresent()) {
                check(
                        change.toEpoch(),
                        "reserved_capacity",
                        place,
                        Sql.unsigned(system.get().usedCapacity()),
                        base.get().used(change.toEpoch()));
            }
        }
        if (system.isPresent() && change.votedCapacity().isPresent()) {
            check(
                    change.toEpoch(),
                    "total_capacity",
                    place,
                    Sql.unsigned(system.get().totalCapacity()),
                    Sql.unsigned(change.votedCapacity().get())
                            .max(Sql.unsigned(system.get().usedCapacity())));
        }
        checkPool(ended, place);
        checkSupply(ended, place);
    }

    /** What is in the subsidies' pool against all that was put in and paid out since it was seen first. */
    private void checkPool(long epoch, Place place) throws SQLException {
        var pool = Sql.first(db, "select pool from subsidy_state order by checkpoint desc, tx_index desc limit 1");
        if (pool.isPresent()) {
            var derived = Sql.first(db, """
                    select f.pool + coalesce((
                      select sum(s.funded - s.usage) from subsidy_state s
                      where (s.checkpoint, s.tx_index) > (f.checkpoint, f.tx_index)), 0) - coalesce((
                      select sum(x.amount) from subsidy_fixed x
                      where (x.checkpoint, x.tx_index) > (f.checkpoint, f.tx_index)), 0)
                    from subsidy_state f order by f.checkpoint, f.tx_index limit 1
                    """);
            check(epoch, "subsidy_pool", place, pool.get(), derived.orElseThrow());
        }
    }

    /** The treasury's count against the first that we saw, less all burns since. */
    private void checkSupply(long epoch, Place place) throws SQLException {
        var supply = Sql.first(
                db,
                "select supply_after from supply_change order by checkpoint desc, tx_index desc, ordinal desc limit 1");
        if (supply.isPresent()) {
            var derived = Sql.first(db, """
                    select f.supply_after - (select coalesce(sum(s.burnt), 0) from supply_change s)
                    from supply_change f order by f.checkpoint, f.tx_index, f.ordinal limit 1
                    """);
            check(epoch, "supply", place, supply.get(), derived.orElseThrow());
        }
    }

    /**
     * A state of the accounts from which on everything was seen.
     *
     * @param fromEpoch that ran then: what was paid in it before is in the state
     */
    private final class Base {
        private final long checkpoint;
        private final int transactionIndex;
        private final long fromEpoch;

        Base(ResultSet row) throws SQLException {
            this.checkpoint = row.getLong("checkpoint");
            this.transactionIndex = row.getInt("tx_index");
            this.fromEpoch = row.getLong("epoch");
        }

        BigInteger rewards(long epoch) throws SQLException {
            var leftover = Sql.first(
                    db,
                    "select leftover from epoch_change where to_epoch = ? and (checkpoint, tx_index) > (?, ?)",
                    epoch,
                    checkpoint,
                    transactionIndex);
            return then("rewards", epoch).add(since("amount", epoch)).add(leftover.orElse(BigInteger.ZERO));
        }

        BigInteger used(long epoch) throws SQLException {
            return then("used_capacity", epoch).add(since("bytes", epoch));
        }

        private BigInteger then(String column, long epoch) throws SQLException {
            return Sql.first(
                            db,
                            "select %s from ring_snapshot where checkpoint = ? and tx_index = ? and epoch = ?"
                                    .formatted(column),
                            checkpoint,
                            transactionIndex,
                            epoch)
                    .orElse(BigInteger.ZERO);
        }

        private BigInteger since(String column, long epoch) throws SQLException {
            return Sql.first(
                            db,
                            "select sum(%s) from revenue where service_epoch = ? and paid_epoch >= ?".formatted(column),
                            epoch,
                            fromEpoch)
                    .orElse(BigInteger.ZERO);
        }
    }

    private Optional<Base> base(long changedTo) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select * from (
                  (select checkpoint, tx_index, epoch from (
                    select * from system_state order by checkpoint, tx_index limit 1) first
                   where tx_digest is null or epoch = 0)
                  union all
                  (select checkpoint, tx_index, to_epoch from epoch_change
                   where to_epoch < ? order by to_epoch limit 1)) base
                order by checkpoint, tx_index limit 1
                """)) {
            select.setLong(1, changedTo);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Base(row)) : Optional.empty();
            }
        }
    }
}
