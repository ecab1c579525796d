package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.write.BinaryCopy;
import dev.vibrissa.indexer.write.Tally;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EncodedSize;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Payments, what transactions brought in, and what both add up to by epoch: gathered, and stored by COPY. */
final class PaymentRows {
    private final List<PaymentRow> payments = new ArrayList<>();
    private final List<PaymentRow> free = new ArrayList<>();
    private final List<InflowRow> inflows = new ArrayList<>();
    private final TreeMap<RevenueKey, Revenue> revenue = new TreeMap<>();
    private final Tally payers = new Tally("payer");

    private record PaymentRow(
            Place place, int ordinal, TransactionFacts transaction, SuiAddress payer, long epoch, Payment payment) {}

    private record InflowRow(Place place, TransactionFacts transaction, Inflow inflow) {}

    /**
     * What a transaction brought into the accounts of epochs.
     *
     * @param unattributed FROST of what users paid that no operation explains
     * @param residual FROST that addresses, accounts, stakes and funds do not add up to
     */
    record Inflow(long epoch, long user, long subsidy, long unattributed, long residual) {}

    private record RevenueKey(long paidEpoch, long serviceEpoch, String what, LocalDate paidOn)
            implements Comparable<RevenueKey> {
        private static final Comparator<RevenueKey> ORDER = Comparator.comparingLong(RevenueKey::paidEpoch)
                .thenComparingLong(RevenueKey::serviceEpoch)
                .thenComparing(RevenueKey::what)
                .thenComparing(RevenueKey::paidOn);

        @Override
        public int compareTo(RevenueKey other) {
            return ORDER.compare(this, other);
        }
    }

    private record Revenue(BigInteger amount, BigInteger bytes) {
        Revenue plus(Revenue other) {
            return new Revenue(amount.add(other.amount), bytes.add(other.bytes));
        }
    }

    void payment(
            Place place, int ordinal, TransactionFacts transaction, SuiAddress payer, long epoch, Payment payment) {
        var row = new PaymentRow(place, ordinal, transaction, payer, epoch, payment);
        if (payment.kind() == Payment.Kind.EVENT_BLOB) {
            free.add(row);
        } else {
            payments.add(row);
            pays(payer, epoch, payment);
        }
        var each = new Revenue(
                BigInteger.valueOf(payment.perEpoch()),
                payment.kind().reserves() ? Sql.unsigned(payment.bytes()) : BigInteger.ZERO);
        var day = place.at().atOffset(ZoneOffset.UTC).toLocalDate();
        for (long service = payment.firstEpoch(); service < payment.endEpochExclusive(); service++) {
            revenue.merge(new RevenueKey(epoch, service, payment.kind().column(), day), each, Revenue::plus);
        }
    }

    private void pays(SuiAddress payer, long epoch, Payment payment) {
        if (!payment.kind().isSubsidy()) {
            var sharedBlob = payment.sharedBlob();
            payers.add(
                    epoch,
                    "payer",
                    (sharedBlob == null ? payer : sharedBlob).toString(),
                    BigInteger.valueOf(payment.total()));
        }
    }

    void inflow(Place place, TransactionFacts transaction, Inflow inflow) {
        inflows.add(new InflowRow(place, transaction, inflow));
    }

    /** Stores what was gathered since the last time. */
    void store(Connection db) throws SQLException {
        storePayments(db);
        payers.store(db);
        storeFree(db);
        storeInflows(db);
        storeRevenue(db);
    }

    private void storePayments(Connection db) throws SQLException {
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
                        .bytea(row.place().digest())
                        .bytea(row.transaction().sender().toByteArray())
                        .bytea(row.transaction().gasOwner().toByteArray())
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
        payments.clear();
    }

    private void storeFree(Connection db) throws SQLException {
        if (free.isEmpty()) {
            return;
        }
        try (var copy = new BinaryCopy(
                db,
                "free_reservation",
                "checkpoint, tx_index, ordinal, tx_digest, epoch, first_epoch, end_epoch, bytes, object_id")) {
            for (PaymentRow row : free) {
                copy.row()
                        .bigint(row.place().checkpoint())
                        .integer(row.place().transactionIndex())
                        .integer(row.ordinal())
                        .bytea(row.place().digest())
                        .bigint(row.epoch())
                        .bigint(row.payment().firstEpoch())
                        .bigint(row.payment().endEpochExclusive())
                        .unsigned(row.payment().bytes())
                        .bytea(bytes(row.payment().object()));
            }
            copy.finish();
        }
        free.clear();
    }

    private void storeInflows(Connection db) throws SQLException {
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
                        .bytea(row.transaction().sender().toByteArray())
                        .bytea(row.transaction().gasOwner().toByteArray())
                        .bigint(row.inflow().epoch())
                        .bigint(row.inflow().user())
                        .bigint(row.inflow().subsidy())
                        .bigint(row.inflow().unattributed())
                        .bigint(row.inflow().residual());
            }
            copy.finish();
        }
        inflows.clear();
    }

    private void storeRevenue(Connection db) throws SQLException {
        if (revenue.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = db.prepareStatement("""
                insert into revenue (paid_epoch, service_epoch, what, paid_on, amount, bytes) values (?, ?, ?, ?, ?, ?)
                on conflict (paid_epoch, service_epoch, what, paid_on) do update
                set amount = revenue.amount + excluded.amount, bytes = revenue.bytes + excluded.bytes
                """)) {
            for (var entry : revenue.entrySet()) {
                upsert.setLong(1, entry.getKey().paidEpoch());
                upsert.setLong(2, entry.getKey().serviceEpoch());
                upsert.setString(3, entry.getKey().what());
                upsert.setObject(4, entry.getKey().paidOn());
                upsert.setBigDecimal(5, new BigDecimal(entry.getValue().amount()));
                upsert.setBigDecimal(6, new BigDecimal(entry.getValue().bytes()));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
        revenue.clear();
    }

    private static byte @Nullable [] bytes(@Nullable SuiAddress id) {
        return id == null ? null : id.toByteArray();
    }
}
