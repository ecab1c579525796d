package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.ProtocolEvent.PricesUpdated;
import dev.vibrissa.protocol.walrus.object.TreasuryCap;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much WAL there is, and what was burnt and why. */
final class Supply {
    private final Connection db;
    private Optional<Long> supply;
    private int ordinal;
    private @Nullable Place place;

    private Supply(Connection db, Optional<Long> supply) {
        this.db = db;
        this.supply = supply;
    }

    static Supply load(Connection db) throws SQLException {
        return new Supply(db, Sql.first(db, """
                select supply_after from supply_change order by checkpoint desc, tx_index desc, ordinal desc limit 1
                """).map(BigInteger::longValue));
    }

    /**
     * Takes in what a transaction burnt. Every epoch change since contract version 3 burns, if only nothing; it is the
     * one that tells prices too.
     *
     * @param packages the Walrus packages
     * @param change if an epoch turned
     */
    void follow(Place at, TransactionFacts transaction, PackageChain packages, Optional<EpochChange> change)
            throws SQLException {
        Optional<TreasuryCap> before = Optional.empty();
        Optional<TreasuryCap> after = Optional.empty();
        for (ObjectFact object : transaction.objects()) {
            if (object.after().flatMap(ObjectState::value).orElse(null) instanceof TreasuryCap cap) {
                after = Optional.of(cap);
                before = object.before()
                        .flatMap(ObjectState::value)
                        .filter(TreasuryCap.class::isInstance)
                        .map(TreasuryCap.class::cast);
                if (object.change() == Change.CREATED || supply.isEmpty()) {
                    changed(at, "initial", 0, before.orElse(cap).totalSupply(), null);
                }
            }
        }
        boolean burnsAtChange = change.isPresent()
                && transaction.events().stream().anyMatch(event -> event.event().orElse(null) instanceof PricesUpdated);
        long burnt = before.isPresent() && after.isPresent()
                ? before.get().totalSupply() - after.get().totalSupply()
                : 0;
        if (burnt == 0 && !burnsAtChange) {
            return;
        }
        Optional<Long> known = before.map(TreasuryCap::totalSupply).or(() -> supply);
        if (known.isPresent()) {
            var slashed = change.isPresent()
                    ? Map.<SuiAddress, Long>of()
                    : Slashing.of(transaction, packages).burned();
            burnt(at, slashed, change, burnt, known.get());
        }
    }

    private void burnt(Place at, Map<SuiAddress, Long> slashings, Optional<EpochChange> change, long burnt, long before)
            throws SQLException {
        long left = before;
        long rest = burnt;
        if (change.isPresent()) {
            left -= change.get().burn();
            rest -= change.get().burn();
            changed(at, "epoch_change", change.get().burn(), left, null);
        }
        for (var slashed : slashings.entrySet()) {
            left -= slashed.getValue();
            rest -= slashed.getValue();
            changed(at, "slashing", slashed.getValue(), left, slashed.getKey());
        }
        if (rest != 0) {
            changed(at, "wal::burn", rest, left - rest, null);
        }
    }

    private void changed(Place at, String why, long burnt, long after, @Nullable SuiAddress nodeId)
            throws SQLException {
        ordinal = at.equals(place) ? ordinal + 1 : 0;
        place = at;
        supply = Optional.of(after);
        Sql.insert(
                db,
                """
                insert into supply_change (checkpoint, tx_index, ordinal, tx_digest, why, burnt, supply_after, node_id)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                at.checkpoint(),
                at.transactionIndex(),
                ordinal,
                at.digest(),
                why,
                burnt,
                Sql.numeric(after),
                nodeId == null ? null : nodeId.toByteArray());
    }
}
