package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.WalChange;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.project.money.Payment.Kind;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Folds payments, prices, subsidies, rewards, burns and supply, in the order in which they happened. */
public final class MoneyProjection {
    private final Connection db;
    private final PaymentRows payments = new PaymentRows();
    private final SystemRows systems;
    private final RunningAccounts running = new RunningAccounts();
    private final Supply supply;
    private final Reconciliation reconciliation;
    private SystemTotals system;

    private MoneyProjection(Connection db) throws SQLException {
        this.db = db;
        this.systems = new SystemRows(db);
        this.supply = Supply.load(db);
        this.reconciliation = new Reconciliation(db);
        this.system = systems.last();
    }

    public static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var projection = new MoneyProjection(db);
        for (CheckpointFacts each : batch) {
            projection.reported(each);
            var walChanges = each.walChanges().stream().collect(Collectors.groupingBy(WalChange::transactionIndex));
            for (TransactionFacts transaction : each.transactions()) {
                if (transaction.error().isEmpty()) {
                    projection.happened(each, transaction, walChanges.getOrDefault(transaction.index(), List.of()));
                }
            }
        }
        projection.store();
    }

    private void store() throws SQLException {
        payments.store(db);
        systems.store();
        running.store(db);
    }

    /** The present of a network whose history is not wanted. */
    private void reported(CheckpointFacts facts) {
        for (ObjectFact object : facts.reported()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof SystemStateInner inner) {
                system = SystemTotals.of(inner);
                systems.system(Place.before(facts), system);
                snapshot(Place.before(facts), inner);
            }
        }
    }

    private void happened(CheckpointFacts facts, TransactionFacts transaction, List<WalChange> walChanges)
            throws SQLException {
        var place = Place.of(facts, transaction);
        var change = transaction.events().stream()
                .flatMap(event -> event.event().stream())
                .filter(EpochChangeStart.class::isInstance)
                .map(start -> EpochChange.of(transaction, ((EpochChangeStart) start).epoch()))
                .findFirst();
        if (change.isEmpty()) {
            paid(place, facts, transaction, walChanges);
        }
        prices(place, transaction);
        supply.follow(place, transaction, facts.packagesAfter(), change);
        if (transaction.system().isPresent()) {
            system = SystemTotals.of(transaction.system().get());
            systems.system(place, system);
            running.change(transaction.system().get());
        }
        for (ObjectFact object : transaction.objects()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof SystemStateInner inner) {
                snapshot(place, inner);
            }
        }
        if (change.isPresent()) {
            systems.epochChange(place, change.get(), transaction.system());
            store();
            reconciliation.epochEnded(place, change.get(), transaction.system());
        }
    }

    private void snapshot(Place place, SystemStateInner inner) {
        running.are(inner);
        for (FutureAccounting entry : inner.futureAccounting().ringBuffer()) {
            if (entry.usedCapacity() != 0 || entry.rewardsToDistribute() != 0) {
                systems.account(place, entry);
            }
        }
    }

    private void paid(Place place, CheckpointFacts facts, TransactionFacts transaction, List<WalChange> walChanges)
            throws SQLException {
        var change = transaction.system();
        // What was found is in the facts of whoever wrote the System, and else what the last one left.
        var found = change.map(each -> new Prices(each.storagePriceBefore(), each.writePriceBefore()))
                .orElse(new Prices(system.storagePrice(), system.writePrice()));
        long epoch = change.map(SystemChange::epoch).orElse(system.epoch());
        int nShards = change.map(SystemChange::nShards).orElse(system.nShards());
        var made = Purchases.of(transaction, facts.packagesAfter(), found, epoch, nShards);
        for (int i = 0; i < made.size(); i++) {
            payments.payment(place, i, transaction, payer(transaction, walChanges), epoch, made.get(i));
        }
        if (change.isPresent() && !change.get().ring().isEmpty()) {
            long user = total(made, kind -> !kind.isSubsidy());
            long unattributed = total(made, kind -> kind == Kind.UNATTRIBUTED);
            long residual = WalConservation.residual(transaction, walChanges);
            payments.inflow(
                    place,
                    transaction,
                    new PaymentRows.Inflow(epoch, user, total(made, Kind::isSubsidy), unattributed, residual));
            if (unattributed != 0) {
                reconciliation.check(epoch, "payments", place, user, user - unattributed);
            }
            if (residual != 0) {
                reconciliation.check(epoch, "wal", place, 0, -residual);
            }
        }
        var subsidies = SubsidyChange.of(transaction);
        if (subsidies.isPresent()) {
            subsidised(place, epoch, subsidies.get(), total(made, kind -> kind == Kind.USAGE_SUBSIDY), transaction);
        }
    }

    private static long total(List<Payment> payments, Predicate<Kind> which) {
        return payments.stream()
                .filter(each -> which.test(each.kind()))
                .mapToLong(Payment::total)
                .sum();
    }

    private void subsidised(Place place, long epoch, SubsidyChange change, long usage, TransactionFacts transaction)
            throws SQLException {
        boolean isFunded =
                transaction.calls("walrus_subsidies::add_coin") || transaction.calls("walrus_subsidies::add_balance");
        SubsidyRows.insert(db, place, change, usage, change.funded(usage));
        if (change.processed() && !isFunded) {
            reconciliation.check(
                    epoch,
                    "subsidies",
                    place,
                    change.before().orElseThrow().subsidyPool() - change.after().subsidyPool(),
                    usage + change.fixedTotal());
        }
    }

    /** The sender, unless the WAL of somebody else alone falls: an address balance that another may draw on. */
    private static SuiAddress payer(TransactionFacts transaction, List<WalChange> walChanges) {
        var falling = walChanges.stream()
                .filter(change -> change.amount() < 0)
                .map(WalChange::address)
                .toList();
        return falling.size() == 1 ? falling.getFirst() : transaction.sender();
    }

    private void prices(Place place, TransactionFacts transaction) throws SQLException {
        boolean told = false;
        for (EventFact event : transaction.events()) {
            if (event.event().orElse(null) instanceof PricesUpdated updated) {
                told = true;
                systems.price(
                        place,
                        event.ordinal(),
                        updated.epoch(),
                        new Prices(updated.storagePrice(), updated.writePrice()));
            }
        }
        if (!told && transaction.system().isPresent()) {
            var change = transaction.system().get();
            if (change.storagePrice() != change.storagePriceBefore()
                    || change.writePrice() != change.writePriceBefore()) {
                systems.price(place, -1, change.epoch(), new Prices(change.storagePrice(), change.writePrice()));
            }
        }
    }
}
