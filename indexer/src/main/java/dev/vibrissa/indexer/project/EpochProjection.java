package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.extract.CheckpointFacts.EventFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.CheckpointFacts.TransactionFacts;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeDone;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochChangeStart;
import dev.vibrissa.protocol.walrus.EpochEvent.EpochParametersSelected;
import dev.vibrissa.protocol.walrus.EpochEvent.ShardsReceived;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.BlsCommittee;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingInner.Committee;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Epochs, committees, shard assignments, and the nodes' reports of their shards. Few rows: written as they come. */
final class EpochProjection {
    private final Connection db;
    private final Map<SuiAddress, StorageNodeInfo> nodes = new HashMap<>();
    private long runningEpoch;

    private EpochProjection(Connection db) throws SQLException {
        this.db = db;
        try (PreparedStatement select = db.prepareStatement(
                        "select coalesce(max(epoch), -1) from epoch where running_since is not null");
                ResultSet found = select.executeQuery()) {
            found.next();
            runningEpoch = found.getLong(1);
        }
    }

    static void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        var projection = new EpochProjection(db);
        for (CheckpointFacts each : batch) {
            projection.reported(each);
            for (TransactionFacts transaction : each.transactions()) {
                for (EventFact event : transaction.events()) {
                    if (event.event().isPresent()) {
                        projection.happened(
                                each.sequenceNumber(),
                                each.timestamp(),
                                transaction,
                                event,
                                event.event().get());
                    }
                }
                for (ObjectFact object : transaction.objects()) {
                    projection.changed(object, each.sequenceNumber());
                }
            }
        }
    }

    /** The present of a network whose history is not wanted: the running epoch, its committee and prices, the nodes. */
    private void reported(CheckpointFacts facts) throws SQLException {
        long checkpoint = facts.sequenceNumber();
        Optional<SystemStateInner> system = reported(facts, SystemStateInner.class);
        if (system.isPresent()) {
            var inner = system.get();
            seen(inner.committee().epoch(), checkpoint);
            update(
                    """
                    update epoch set n_shards = ?, storage_price = ?, write_price = ?, total_capacity = ?, used_capacity = ?
                    where epoch = ?
                    """,
                    inner.committee().nShards(),
                    unsigned(inner.storagePricePerUnitSize()),
                    unsigned(inner.writePricePerUnitSize()),
                    unsigned(inner.totalCapacitySize()),
                    unsigned(inner.usedCapacitySize()),
                    inner.committee().epoch());
        }
        Optional<StakingInner> staking = reported(facts, StakingInner.class);
        if (staking.isPresent()) {
            long epoch = staking.get().epoch();
            seen(epoch, checkpoint);
            var keys = system.map(SystemStateInner::committee).filter(committee -> committee.epoch() == epoch);
            committee(epoch, staking.get().committee(), keys);
        }
        for (ObjectFact object : facts.reported()) {
            changed(object, checkpoint);
        }
    }

    private static <T> Optional<T> reported(CheckpointFacts facts, Class<T> type) {
        return facts.reported().stream()
                .flatMap(object -> object.after().flatMap(ObjectState::value).stream())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private void happened(long checkpoint, Instant at, TransactionFacts transaction, EventFact fact, WalrusEvent event)
            throws SQLException {
        switch (event) {
            case EpochChangeStart e -> start(checkpoint, at, transaction, fact, e.epoch());
            case EpochParametersSelected e -> selected(checkpoint, at, transaction, e.nextEpoch());
            case EpochChangeDone e -> {
                seen(e.epoch(), checkpoint);
                update(
                        "update epoch set done_checkpoint = ?, done_tx = ?, done_at = ? where epoch = ?",
                        checkpoint,
                        transaction.digest().toByteArray(),
                        Timestamp.from(at),
                        e.epoch());
            }
            case ShardsReceived e -> {
                seen(e.epoch(), checkpoint);
                received(checkpoint, at, transaction, fact, e);
            }
            case BlobCertified e when e.isExtension() -> {
                // Its epoch is that of the first certification and tells nothing about now.
            }
            default -> seen(event.epoch(), checkpoint);
        }
    }

    /** A history that begins in the middle learns the running epoch from any event that names it (DECISIONS 3). */
    private void seen(long epoch, long checkpoint) throws SQLException {
        if (epoch > runningEpoch) {
            runningEpoch = epoch;
            update("""
                    insert into epoch (epoch, running_since) values (?, ?)
                    on conflict (epoch) do update set running_since = coalesce(epoch.running_since, excluded.running_since)
                    """, epoch, checkpoint);
        }
    }

    private void start(long checkpoint, Instant at, TransactionFacts transaction, EventFact fact, long epoch)
            throws SQLException {
        runningEpoch = Math.max(runningEpoch, epoch);
        var system = after(transaction, SystemStateInner.class);
        var staking = after(transaction, StakingInner.class);
        update(
                """
                insert into epoch (epoch, running_since, start_checkpoint, start_tx_index, start_ordinal, start_tx, started_at,
                  n_shards, storage_price, write_price, total_capacity, used_capacity)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (epoch) do update set
                  running_since = excluded.running_since, start_checkpoint = excluded.start_checkpoint,
                  start_tx_index = excluded.start_tx_index, start_ordinal = excluded.start_ordinal,
                  start_tx = excluded.start_tx, started_at = excluded.started_at,
                  n_shards = coalesce(excluded.n_shards, epoch.n_shards), storage_price = excluded.storage_price,
                  write_price = excluded.write_price,
                  total_capacity = coalesce(excluded.total_capacity, epoch.total_capacity),
                  used_capacity = excluded.used_capacity
                """,
                epoch,
                checkpoint,
                checkpoint,
                transaction.index(),
                fact.ordinal(),
                transaction.digest().toByteArray(),
                Timestamp.from(at),
                system.map(inner -> inner.committee().nShards()).orElse(null),
                system.map(inner -> unsigned(inner.storagePricePerUnitSize())).orElse(null),
                system.map(inner -> unsigned(inner.writePricePerUnitSize())).orElse(null),
                system.map(inner -> unsigned(inner.totalCapacitySize())).orElse(null),
                system.map(inner -> unsigned(inner.usedCapacitySize())).orElse(null));
        if (staking.isPresent() && staking.get().epoch() == epoch) {
            var keys = system.map(SystemStateInner::committee).filter(committee -> committee.epoch() == epoch);
            committee(epoch, staking.get().committee(), keys);
        }
    }

    /** The next committee and capacity are chosen half an epoch ahead, and announced with the event. */
    private void selected(long checkpoint, Instant at, TransactionFacts transaction, long nextEpoch)
            throws SQLException {
        var staking = after(transaction, StakingInner.class);
        update(
                """
                insert into epoch (epoch, params_checkpoint, params_tx, params_at, n_shards, total_capacity)
                values (?, ?, ?, ?, ?, ?)
                on conflict (epoch) do update set params_checkpoint = excluded.params_checkpoint,
                  params_tx = excluded.params_tx, params_at = excluded.params_at
                """,
                nextEpoch,
                checkpoint,
                transaction.digest().toByteArray(),
                Timestamp.from(at),
                staking.map(StakingInner::nShards).orElse(null),
                staking.flatMap(StakingInner::nextEpochParams)
                        .map(params -> unsigned(params.totalCapacitySize()))
                        .orElse(null));
        var committee = staking.flatMap(StakingInner::nextCommittee);
        if (committee.isPresent()) {
            committee(nextEpoch, committee.get(), Optional.empty());
        }
    }

    private void committee(long epoch, Committee committee, Optional<BlsCommittee> keys) throws SQLException {
        update("delete from committee_member where epoch = ?", epoch);
        update("delete from shard_assignment where epoch = ?", epoch);
        try (PreparedStatement member = db.prepareStatement(
                        "insert into committee_member (epoch, position, node_id, weight, public_key) values (?, ?, ?, ?, ?)");
                // A row a shard, of which there are a thousand; a statement a member, of whom there are a hundred.
                PreparedStatement assignment = db.prepareStatement(
                        "insert into shard_assignment (epoch, shard, node_id) select ?, unnest(?::integer[]), ?")) {
            int position = 0;
            for (var entry : committee.shards().entrySet()) {
                SuiAddress nodeId = entry.getKey();
                member.setLong(1, epoch);
                member.setInt(2, position++);
                member.setBytes(3, nodeId.toByteArray());
                member.setInt(4, entry.getValue().size());
                member.setBytes(
                        5,
                        keys.flatMap(bls -> bls.members().stream()
                                        .filter(each -> each.nodeId().equals(nodeId))
                                        .findFirst())
                                .map(each -> each.publicKey().toByteArray())
                                .orElse(null));
                member.addBatch();
                assignment.setLong(1, epoch);
                assignment.setArray(
                        2, db.createArrayOf("integer", entry.getValue().toArray()));
                assignment.setBytes(3, nodeId.toByteArray());
                assignment.addBatch();
            }
            member.executeBatch();
            assignment.executeBatch();
        }
    }

    private void received(
            long checkpoint, Instant at, TransactionFacts transaction, EventFact fact, ShardsReceived event)
            throws SQLException {
        boolean completed = transaction.events().stream()
                .filter(each -> each.ordinal() == fact.ordinal() - 1)
                .anyMatch(each -> each.event().orElse(null) instanceof EpochChangeDone);
        update(
                "insert into shards_received (epoch, tx_digest, walrus_ordinal, checkpoint, received_at, node_id, shards,"
                        + " completed_quorum) values (?, ?, ?, ?, ?, ?, ?, ?)",
                event.epoch(),
                transaction.digest().toByteArray(),
                fact.ordinal(),
                checkpoint,
                Timestamp.from(at),
                reporter(transaction, event).map(SuiAddress::toByteArray).orElse(null),
                event.shards().size(),
                completed);
    }

    /** The event does not name its node; the capability written beside it does, and so does whose shards they are. */
    private Optional<SuiAddress> reporter(TransactionFacts transaction, ShardsReceived event) throws SQLException {
        var caps = transaction.objects().stream()
                .flatMap(object -> object.after().flatMap(ObjectState::value).stream())
                .filter(StorageNodeCap.class::isInstance)
                .map(StorageNodeCap.class::cast)
                .filter(cap -> cap.lastEpochSyncDone() == event.epoch())
                .map(StorageNodeCap::nodeId)
                .toList();
        if (caps.size() == 1) {
            return Optional.of(caps.getFirst());
        }
        if (event.shards().isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement select =
                db.prepareStatement("select node_id from shard_assignment where epoch = ? and shard = ?")) {
            select.setLong(1, event.epoch());
            select.setInt(2, event.shards().getFirst());
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? Optional.of(new SuiAddress(found.getBytes(1))) : Optional.empty();
            }
        }
    }

    private void changed(ObjectFact object, long checkpoint) throws SQLException {
        if (object.after().flatMap(ObjectState::value).orElse(null) instanceof StakingPool pool
                && !pool.nodeInfo().equals(nodes.put(object.id(), pool.nodeInfo()))) {
            node(pool.nodeInfo(), checkpoint);
        }
    }

    private void node(StorageNodeInfo info, long checkpoint) throws SQLException {
        update(
                """
                insert into storage_node (node_id, name, network_address, network_public_key, public_key, changed_at)
                values (?, ?, ?, ?, ?, ?)
                on conflict (node_id) do update set name = excluded.name, network_address = excluded.network_address,
                  network_public_key = excluded.network_public_key, public_key = excluded.public_key,
                  changed_at = excluded.changed_at
                where (storage_node.name, storage_node.network_address, storage_node.network_public_key, storage_node.public_key)
                  is distinct from (excluded.name, excluded.network_address, excluded.network_public_key, excluded.public_key)
                """,
                info.nodeId().toByteArray(),
                Rows.text(info.name()),
                Rows.text(info.networkAddress()),
                info.networkPublicKey().toByteArray(),
                info.publicKey().toByteArray(),
                checkpoint);
    }

    private static <T> Optional<T> after(TransactionFacts transaction, Class<T> type) {
        return transaction.objects().stream()
                .flatMap(object -> object.after().flatMap(ObjectState::value).stream())
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((_, last) -> last);
    }

    private static BigDecimal unsigned(long bits) {
        return BlobObjectRow.unsigned(bits);
    }

    private void update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
