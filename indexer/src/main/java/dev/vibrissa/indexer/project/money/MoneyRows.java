package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.write.BinaryCopy;
import dev.vibrissa.indexer.write.Tally;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EncodedSize;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows that a batch adds: the many by COPY once it is folded, the few at once. */
final class MoneyRows {
    private final Connection db;
    private final List<PaymentRow> payments = new ArrayList<>();
    private final List<InflowRow> inflows = new ArrayList<>();
    private final List<SystemRow> systems = new ArrayList<>();
    private final List<AccountRow> accounts = new ArrayList<>();
    private final TreeMap<RevenueKey, Revenue> revenue = new TreeMap<>();
    private final Tally payers = new Tally("payer");
    private Optional<Long> supply;
    private int supplyOrdinal;
    private @Nullable Place supplyPlace;

    private record PaymentRow(
            Place place,
            int ordinal,
            Digest transaction,
            SuiAddress sender,
            SuiAddress gasOwner,
            SuiAddress payer,
            long epoch,
            Payment payment) {}

    private record InflowRow(
            Place place,
            SuiAddress sender,
            SuiAddress gasOwner,
            long epoch,
            long user,
            long subsidy,
            long unattributed,
            long residual) {}

    private record SystemRow(Place place, SystemTotals totals) {}

    private record AccountRow(Place place, FutureAccounting entry) {}

    private record RevenueKey(long paidEpoch, long serviceEpoch, String what) implements Comparable<RevenueKey> {
        @Override
        public int compareTo(RevenueKey other) {
            int order = Long.compare(paidEpoch, other.paidEpoch);
            order = order == 0 ? Long.compare(serviceEpoch, other.serviceEpoch) : order;
            return order == 0 ? what.compareTo(other.what) : order;
        }
    }

    private record Revenue(BigInteger amount, BigInteger bytes) {
        Revenue plus(Revenue other) {
            return new Revenue(amount.add(other.amount), bytes.add(other.bytes));
        }
    }

    MoneyRows(Connection db) throws SQLException {
        this.db = db;
        this.supply = first(
                        "select supply_after from supply_change order by checkpoint desc, tx_index desc, ordinal desc")
                .map(BigDecimal::toBigIntegerExact)
                .map(BigInteger::longValue);
    }

    SystemTotals lastSystem() throws SQLException {
        try (PreparedStatement select = db.prepareStatement(
                        "select * from system_state order by checkpoint desc, tx_index desc limit 1");
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? new SystemTotals(
                            row.getLong("epoch"),
                            row.getInt("n_shards"),
                            unsigned(row, "total_capacity"),
                            unsigned(row, "used_capacity"),
                            unsigned(row, "storage_price"),
                            unsigned(row, "write_price"))
                    : SystemTotals.UNKNOWN;
        }
    }

    Optional<Long> lastSupply() {
        return supply;
    }

    void payment(
            Place place, int ordinal, TransactionFacts transaction, SuiAddress payer, long epoch, Payment payment) {
        payments.add(new PaymentRow(
                place,
                ordinal,
                transaction.digest(),
                transaction.sender(),
                transaction.gasOwner(),
                payer,
                epoch,
                payment));
        if (!payment.kind().isSubsidy()) {
            var sharedBlob = payment.sharedBlob();
            payers.add(
                    epoch,
                    "payer",
                    (sharedBlob == null ? payer : sharedBlob).toString(),
                    BigInteger.valueOf(payment.total()));
        }
        var each = new Revenue(
                BigInteger.valueOf(payment.perEpoch()),
                payment.kind().reserves() ? MoneyProjection.unsigned(payment.bytes()) : BigInteger.ZERO);
        for (long service = payment.firstEpoch(); service < payment.endEpochExclusive(); service++) {
            revenue.merge(new RevenueKey(epoch, service, payment.kind().column()), each, Revenue::plus);
        }
    }

    void inflow(
            Place place,
            TransactionFacts transaction,
            long epoch,
            long user,
            long subsidy,
            long unattributed,
            long residual) {
        inflows.add(new InflowRow(
                place, transaction.sender(), transaction.gasOwner(), epoch, user, subsidy, unattributed, residual));
    }

    void system(Place place, SystemTotals totals) {
        systems.add(new SystemRow(place, totals));
    }

    void account(Place place, FutureAccounting entry) {
        accounts.add(new AccountRow(place, entry));
    }

    void price(Place place, int ordinal, long epoch, Prices prices) throws SQLException {
        insert(
                """
                insert into price (checkpoint, tx_index, walrus_ordinal, tx_digest, epoch, storage_price, write_price)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                place.checkpoint(),
                place.transactionIndex(),
                ordinal,
                place.digest(),
                epoch,
                numeric(prices.storage()),
                numeric(prices.write()));
    }

    void epochChange(Place place, EpochChange change, Optional<SystemChange> system) throws SQLException {
        insert(
                """
                insert into epoch_change (to_epoch, checkpoint, tx_index, tx_digest, changed_at, pot, burn, distributed,
                  leftover, used_capacity_of_ended, total_capacity, used_capacity)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                change.toEpoch(),
                place.checkpoint(),
                place.transactionIndex(),
                place.digest(),
                Timestamp.from(place.at()),
                change.pot(),
                change.burn(),
                change.distributed(),
                change.leftover(),
                numeric(change.usedCapacityOfEnded()),
                numeric(system.map(SystemChange::totalCapacity).orElse(0L)),
                numeric(system.map(SystemChange::usedCapacity).orElse(0L)));
        for (int i = 0; i < change.rewards().size(); i++) {
            var reward = change.rewards().get(i);
            insert(
                    """
                    insert into node_reward (to_epoch, node_id, position, shards, commission, to_stakers)
                    values (?, ?, ?, ?, ?, ?)
                    """,
                    change.toEpoch(),
                    reward.nodeId().toByteArray(),
                    i,
                    reward.shards(),
                    reward.commission(),
                    reward.toStakers());
        }
    }

    void subsidies(Place place, SubsidyChange change, long usage, long funded) throws SQLException {
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
        insert(
                """
                insert into subsidy_state (checkpoint, tx_index, tx_digest, rate, base, per_shard, pool, changed, funded,
                  processed, usage, fixed_for_epoch, fixed_is_locked)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                place.checkpoint(),
                place.transactionIndex(),
                place.digest(),
                change.after().systemSubsidyRate(),
                numeric(change.after().baseSubsidy()),
                numeric(change.after().subsidyPerShard()),
                numeric(change.after().subsidyPool()),
                changed.toArray(String[]::new),
                funded,
                change.processed(),
                usage,
                change.paysFixed() ? change.after().latestEpoch() : null,
                change.paysFixed() ? change.fixedIsLocked() : null);
        for (var fixed : change.fixed().entrySet()) {
            insert(
                    "insert into subsidy_fixed (checkpoint, tx_index, node_id, amount) values (?, ?, ?, ?)",
                    place.checkpoint(),
                    place.transactionIndex(),
                    fixed.getKey().toByteArray(),
                    fixed.getValue());
        }
    }

    void supply(Place place, String why, long burnt, long after, @Nullable SuiAddress nodeId) throws SQLException {
        supplyOrdinal = place.equals(supplyPlace) ? supplyOrdinal + 1 : 0;
        supplyPlace = place;
        supply = Optional.of(after);
        insert(
                """
                insert into supply_change (checkpoint, tx_index, ordinal, tx_digest, why, burnt, supply_after, node_id)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                place.checkpoint(),
                place.transactionIndex(),
                supplyOrdinal,
                place.digest(),
                why,
                burnt,
                numeric(after),
                nodeId == null ? null : nodeId.toByteArray());
    }

    void reconciled(long epoch, String what, Place place, long expected, long derived) throws SQLException {
        reconciled(epoch, what, place, BigInteger.valueOf(expected), BigInteger.valueOf(derived));
    }

    /** The account of the epoch that ended: what was in it against all that we saw put in. */
    void reconcileAccount(Place place, EpochChange change) throws SQLException {
        boolean seenFromTheStart = systems.stream().anyMatch(row -> row.totals().epoch() == 0)
                || first("select epoch from system_state order by checkpoint, tx_index")
                        .filter(epoch -> epoch.signum() == 0)
                        .isPresent();
        if (!seenFromTheStart) {
            return;
        }
        long ended = change.toEpoch() - 1;
        BigInteger derived = first("select sum(amount) from revenue where service_epoch = ?", ended)
                .map(BigDecimal::toBigIntegerExact)
                .orElse(BigInteger.ZERO);
        for (var entry : revenue.entrySet()) {
            if (entry.getKey().serviceEpoch() == ended) {
                derived = derived.add(entry.getValue().amount());
            }
        }
        derived = derived.add(first("select leftover from epoch_change where to_epoch = ?", ended)
                .map(BigDecimal::toBigIntegerExact)
                .orElse(BigInteger.ZERO));
        reconciled(ended, "accounts", place, BigInteger.valueOf(change.pot()), derived);
    }

    private void reconciled(long epoch, String what, Place place, BigInteger expected, BigInteger derived)
            throws SQLException {
        insert(
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

    void store() throws SQLException {
        storePayments();
        payers.store(db);
        storeInflows();
        storeSystems();
        storeAccounts();
        storeRevenue();
    }

    private void storePayments() throws SQLException {
        if (payments.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(
                db,
                "payment",
                "checkpoint, tx_index, ordinal, tx_digest, sender, gas_owner, payer_kind, payer, source, what, epoch,"
                        + " first_epoch, end_epoch, per_epoch, amount, bytes, units, object_id, storage_pool_id")) {
            for (PaymentRow row : payments) {
                var payment = row.payment();
                boolean isSubsidy = payment.kind().isSubsidy();
                var sharedBlob = payment.sharedBlob();
                copy.row()
                        .bigint(row.place().checkpoint())
                        .integer(row.place().transactionIndex())
                        .integer(row.ordinal())
                        .bytea(row.transaction().toByteArray())
                        .bytea(row.sender().toByteArray())
                        .bytea(row.gasOwner().toByteArray())
                        .text(isSubsidy ? "subsidies" : sharedBlob == null ? "address" : "sharedBlob")
                        .bytea(isSubsidy ? null : bytes(sharedBlob == null ? row.payer() : sharedBlob))
                        .text(isSubsidy ? "subsidy" : "user")
                        .text(payment.kind().column())
                        .bigint(row.epoch())
                        .bigint(payment.firstEpoch())
                        .bigint(payment.endEpochExclusive())
                        .bigint(payment.perEpoch())
                        .bigint(payment.total())
                        .unsigned(payment.bytes())
                        .bigint(EncodedSize.units(payment.bytes()))
                        .bytea(bytes(payment.object()))
                        .bytea(bytes(payment.storagePool()));
            }
            copy.finish();
        }
    }

    private void storeInflows() throws SQLException {
        if (inflows.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(
                db,
                "inflow",
                "checkpoint, tx_index, tx_digest, sender, gas_owner, epoch, user_inflow, subsidy_inflow, unattributed,"
                        + " wal_residual")) {
            for (InflowRow row : inflows) {
                copy.row()
                        .bigint(row.place().checkpoint())
                        .integer(row.place().transactionIndex())
                        .bytea(row.place().digest())
                        .bytea(row.sender().toByteArray())
                        .bytea(row.gasOwner().toByteArray())
                        .bigint(row.epoch())
                        .bigint(row.user())
                        .bigint(row.subsidy())
                        .bigint(row.unattributed())
                        .bigint(row.residual());
            }
            copy.finish();
        }
    }

    private void storeSystems() throws SQLException {
        if (systems.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(
                db,
                "system_state",
                "checkpoint, tx_index, tx_digest, epoch, n_shards, total_capacity, used_capacity, storage_price,"
                        + " write_price")) {
            for (SystemRow row : systems) {
                copy.row()
                        .bigint(row.place().checkpoint())
                        .integer(row.place().transactionIndex())
                        .bytea(row.place()
                                .transaction()
                                .map(Digest::toByteArray)
                                .orElse(null))
                        .bigint(row.totals().epoch())
                        .integer(row.totals().nShards())
                        .unsigned(row.totals().totalCapacity())
                        .unsigned(row.totals().usedCapacity())
                        .unsigned(row.totals().storagePrice())
                        .unsigned(row.totals().writePrice());
            }
            copy.finish();
        }
    }

    private void storeAccounts() throws SQLException {
        if (accounts.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(db, "ring_snapshot", "checkpoint, tx_index, epoch, used_capacity, rewards")) {
            for (AccountRow row : accounts) {
                copy.row()
                        .bigint(row.place().checkpoint())
                        .integer(row.place().transactionIndex())
                        .bigint(row.entry().epoch())
                        .unsigned(row.entry().usedCapacity())
                        .unsigned(row.entry().rewardsToDistribute());
            }
            copy.finish();
        }
    }

    private void storeRevenue() throws SQLException {
        if (revenue.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into revenue (paid_epoch, service_epoch, what, amount, bytes) values (?, ?, ?, ?, ?)
                on conflict (paid_epoch, service_epoch, what) do update
                set amount = revenue.amount + excluded.amount, bytes = revenue.bytes + excluded.bytes
                """)) {
            for (var entry : revenue.entrySet()) {
                upsert.setLong(1, entry.getKey().paidEpoch());
                upsert.setLong(2, entry.getKey().serviceEpoch());
                upsert.setString(3, entry.getKey().what());
                upsert.setBigDecimal(4, new BigDecimal(entry.getValue().amount()));
                upsert.setBigDecimal(5, new BigDecimal(entry.getValue().bytes()));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private Optional<BigDecimal> first(String sql, Object... arguments) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(sql + " limit 1")) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getBigDecimal(1)) : Optional.empty();
            }
        }
    }

    private void insert(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(
                        i + 1, values[i] instanceof String[] texts ? db.createArrayOf("text", texts) : values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static byte @Nullable [] bytes(@Nullable SuiAddress id) {
        return id == null ? null : id.toByteArray();
    }

    private static BigDecimal numeric(long unsigned) {
        return new BigDecimal(MoneyProjection.unsigned(unsigned));
    }

    private static long unsigned(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigIntegerExact().longValue();
    }
}
