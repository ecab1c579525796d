package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
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
import dev.vibrissa.protocol.walrus.object.SlashingProposal;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Folds payments, prices, subsidies, rewards, burns and supply, in the order in which they happened. */
public final class MoneyProjection {
    private final MoneyRows rows;
    private SystemTotals system;

    private MoneyProjection(MoneyRows rows, SystemTotals system) {
        this.rows = rows;
        this.system = system;
    }

    public static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var rows = new MoneyRows(db);
        var projection = new MoneyProjection(rows, rows.lastSystem());
        for (CheckpointFacts each : batch) {
            projection.reported(each);
            var walChanges = new HashMap<Integer, List<WalChange>>();
            each.walChanges()
                    .forEach(change -> walChanges
                            .computeIfAbsent(change.transactionIndex(), _ -> new ArrayList<>())
                            .add(change));
            for (TransactionFacts transaction : each.transactions()) {
                if (transaction.error().isEmpty()) {
                    projection.happened(each, transaction, walChanges.getOrDefault(transaction.index(), List.of()));
                }
            }
        }
        rows.store();
    }

    /** The present of a network whose history is not wanted. */
    private void reported(CheckpointFacts facts) {
        for (ObjectFact object : facts.reported()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof SystemStateInner inner) {
                system = SystemTotals.of(inner);
                rows.system(Place.before(facts), system);
                snapshot(Place.before(facts), inner);
            }
        }
    }

    private void happened(CheckpointFacts facts, TransactionFacts transaction, List<WalChange> walChanges)
            throws SQLException {
        var place = Place.of(facts, transaction);
        var start = transaction.events().stream()
                .flatMap(event -> event.event().stream())
                .filter(EpochChangeStart.class::isInstance)
                .map(EpochChangeStart.class::cast)
                .findFirst();
        if (start.isPresent()) {
            changed(place, transaction, start.get().epoch());
        } else {
            paid(place, facts, transaction, walChanges);
        }
        prices(place, transaction);
        supply(place, transaction, start.map(EpochChangeStart::epoch));
        if (transaction.system().isPresent()) {
            system = SystemTotals.of(transaction.system().get());
            rows.system(place, system);
        }
        for (ObjectFact object : transaction.objects()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof SystemStateInner inner) {
                snapshot(place, inner);
            }
        }
    }

    private void snapshot(Place place, SystemStateInner inner) {
        for (FutureAccounting entry : inner.futureAccounting().ringBuffer()) {
            if (entry.usedCapacity() != 0 || entry.rewardsToDistribute() != 0) {
                rows.account(place, entry);
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
        var payments = Purchases.of(transaction, facts.packagesAfter(), found, epoch, nShards);
        long user = 0;
        long subsidy = 0;
        long unattributed = 0;
        for (int i = 0; i < payments.size(); i++) {
            var payment = payments.get(i);
            rows.payment(place, i, transaction, payer(transaction, walChanges), epoch, payment);
            if (payment.kind().isSubsidy()) {
                subsidy += payment.total();
            } else {
                user += payment.total();
                unattributed += payment.kind() == Kind.UNATTRIBUTED ? payment.total() : 0;
            }
        }
        if (change.isPresent() && !change.get().ring().isEmpty()) {
            long residual = WalConservation.residual(transaction, walChanges);
            rows.inflow(place, transaction, epoch, user, subsidy, unattributed, residual);
            if (unattributed != 0) {
                rows.reconciled(epoch, "payments", place, user, user - unattributed);
            }
            if (residual != 0) {
                rows.reconciled(epoch, "wal", place, 0, -residual);
            }
        }
        var subsidies = SubsidyChange.of(transaction);
        if (subsidies.isPresent()) {
            long usage = payments.stream()
                    .filter(payment -> payment.kind() == Kind.USAGE_SUBSIDY)
                    .mapToLong(Payment::total)
                    .sum();
            subsidised(place, epoch, subsidies.get(), usage, transaction);
        }
    }

    private void subsidised(Place place, long epoch, SubsidyChange change, long usage, TransactionFacts transaction)
            throws SQLException {
        long funded = change.funded(usage);
        boolean isFunded =
                transaction.calls("walrus_subsidies::add_coin") || transaction.calls("walrus_subsidies::add_balance");
        rows.subsidies(place, change, usage, funded);
        if (change.processed() && !isFunded) {
            rows.reconciled(
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

    private void changed(Place place, TransactionFacts transaction, long toEpoch) throws SQLException {
        var change = EpochChange.of(transaction, toEpoch);
        rows.epochChange(place, change, transaction.system());
        rows.reconciled(
                toEpoch - 1, "rewards", place, change.pot(), change.burn() + change.distributed() + change.leftover());
        rows.reconcileAccount(place, change);
    }

    private void prices(Place place, TransactionFacts transaction) throws SQLException {
        Optional<PricesUpdated> last = Optional.empty();
        for (EventFact event : transaction.events()) {
            if (event.event().orElse(null) instanceof PricesUpdated updated) {
                rows.price(
                        place,
                        event.ordinal(),
                        updated.epoch(),
                        new Prices(updated.storagePrice(), updated.writePrice()));
                last = Optional.of(updated);
            }
        }
        if (last.isEmpty() && transaction.system().isPresent()) {
            var change = transaction.system().get();
            if (change.storagePrice() != change.storagePriceBefore()
                    || change.writePrice() != change.writePriceBefore()) {
                rows.price(place, -1, change.epoch(), new Prices(change.storagePrice(), change.writePrice()));
            }
        }
    }

    /** Every epoch change since contract version 3 burns, if only nothing; it is the one that tells prices too. */
    private void supply(Place place, TransactionFacts transaction, Optional<Long> toEpoch) throws SQLException {
        Optional<TreasuryCap> before = Optional.empty();
        Optional<TreasuryCap> after = Optional.empty();
        for (ObjectFact object : transaction.objects()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap cap) {
                after = Optional.of(cap);
                before = object.before()
                        .flatMap(ObjectState::value)
                        .filter(TreasuryCap.class::isInstance)
                        .map(TreasuryCap.class::cast);
                if (object.change() == Change.CREATED || rows.lastSupply().isEmpty()) {
                    rows.supply(place, "initial", 0, before.orElse(cap).totalSupply(), null);
                }
            }
        }
        boolean burnsAtChange = toEpoch.isPresent()
                && transaction.events().stream().anyMatch(event -> event.event().orElse(null) instanceof PricesUpdated);
        long burnt = before.isPresent() && after.isPresent()
                ? before.get().totalSupply() - after.get().totalSupply()
                : 0;
        if (burnt == 0 && !burnsAtChange) {
            return;
        }
        Optional<Long> known = before.map(TreasuryCap::totalSupply).or(rows::lastSupply);
        if (known.isEmpty()) {
            return;
        }
        long left = known.get();
        if (toEpoch.isPresent()) {
            rows.supply(place, "epoch_change", burnt, left - burnt, null);
            return;
        }
        long rest = burnt;
        for (var slashed : slashed(transaction).entrySet()) {
            left -= slashed.getValue();
            rest -= slashed.getValue();
            rows.supply(place, "slashing", slashed.getValue(), left, slashed.getKey());
        }
        if (rest != 0) {
            rows.supply(place, "wal::burn", rest, left - rest, null);
        }
    }

    /** The commission that each slashed node lost: its proposal goes with it. */
    private static Map<SuiAddress, Long> slashed(TransactionFacts transaction) {
        var slashed = new TreeMap<SuiAddress, Long>();
        for (ObjectFact object : transaction.objects()) {
            if (object.change() == Change.DELETED
                    && object.before().flatMap(ObjectState::value).orElse(null) instanceof SlashingProposal proposal) {
                slashed.put(proposal.nodeId(), 0L);
            }
        }
        for (ObjectFact object : transaction.objects()) {
            if (object.before().flatMap(ObjectState::value).orElse(null) instanceof StakingPool before
                    && object.after().flatMap(ObjectState::value).orElse(null) instanceof StakingPool after) {
                slashed.computeIfPresent(object.id(), (_, _) -> before.commission() - after.commission());
            }
        }
        slashed.values().removeIf(amount -> amount <= 0);
        return slashed;
    }

    static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
