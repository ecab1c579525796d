package dev.vibrissa.indexer.project.money;

import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.indexer.extract.SystemChange;
import dev.vibrissa.indexer.write.BinaryCopy;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The System and its accounts of epochs, prices, and what became of an account when its epoch ended. */
final class SystemRows {
    private final Connection db;
    private final List<SystemRow> systems = new ArrayList<>();
    private final List<AccountRow> accounts = new ArrayList<>();

    private record SystemRow(Place place, SystemTotals totals) {}

    private record AccountRow(Place place, FutureAccounting entry) {}

    SystemRows(Connection db) {
        this.db = db;
    }

    SystemTotals last() throws SQLException {
        try (PreparedStatement select = db.prepareStatement(
                        "select * from system_state order by checkpoint desc, tx_index desc limit 1");
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? new SystemTotals(
                            row.getLong("epoch"),
                            row.getInt("n_shards"),
                            Sql.unsigned(row, "total_capacity"),
                            Sql.unsigned(row, "used_capacity"),
                            Sql.unsigned(row, "storage_price"),
                            Sql.unsigned(row, "write_price"))
                    : SystemTotals.UNKNOWN;
        }
    }

    void system(Place place, SystemTotals totals) {
        systems.add(new SystemRow(place, totals));
    }

    void account(Place place, FutureAccounting entry) {
        accounts.add(new AccountRow(place, entry));
    }

    /** @param ordinal of the event; -1 where there was none */
    void price(Place place, int ordinal, long epoch, Prices prices) throws SQLException {
        Sql.insert(
                db,
                """
                insert into price (checkpoint, tx_index, walrus_ordinal, tx_digest, epoch, storage_price, write_price)
                values (?, ?, ?, ?, ?, ?, ?)
                """,
                place.checkpoint(),
                place.transactionIndex(),
                ordinal,
                place.digest(),
                epoch,
                Sql.numeric(prices.storage()),
                Sql.numeric(prices.write()));
    }

    void epochChange(Place place, EpochChange change, Optional<SystemChange> system) throws SQLException {
        Sql.insert(
                db,
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
                Sql.numeric(change.usedCapacityOfEnded()),
                Sql.numeric(system.map(SystemChange::totalCapacity).orElse(0L)),
                Sql.numeric(system.map(SystemChange::usedCapacity).orElse(0L)));
        for (int i = 0; i < change.rewards().size(); i++) {
            var reward = change.rewards().get(i);
            Sql.insert(
                    db,
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

    /** Stores what was gathered since the last time. */
    void store() throws SQLException {
        storeSystems();
        storeAccounts();
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
        systems.clear();
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
        accounts.clear();
    }
}
