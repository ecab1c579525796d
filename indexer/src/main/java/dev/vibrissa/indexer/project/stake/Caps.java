package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.indexer.extract.CheckpointFacts.Change;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.ObjectState;
import dev.vibrissa.indexer.extract.Place;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap;
import dev.vibrissa.protocol.walrus.object.StorageNodeCap.EventBlobAttestation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Capabilities to act as a node: whose they are, and what the node last reported with them. */
final class Caps {
    static final String TYPE = "storage_node::StorageNodeCap";

    private final Map<SuiAddress, SuiAddress> nodes = new HashMap<>();
    /** By capability; there is none before the first. */
    private final Map<SuiAddress, EventBlobAttestation> attested = new HashMap<>();

    private final TableRows attestations = new TableRows(
            "event_blob_attestation", "node_id", "checkpoint", "tx_index", "tx_digest", "attested_checkpoint", "epoch");

    /** Bytes on the deny list of each node. */
    private final Map<SuiAddress, Long> denied = new HashMap<>();

    private final TableRows versions = new TableRows(
            "operator_cap",
            "cap_id",
            "checkpoint",
            "tx_index",
            "tx_digest",
            "replaced_checkpoint",
            "node_id",
            "owner_kind",
            "owner",
            "last_epoch_sync_done",
            "attested_checkpoint",
            "attested_epoch",
            "deny_list_sequence",
            "deny_list_size");

    static Caps load(Connection db) throws SQLException {
        var caps = new Caps();
        try (PreparedStatement select = db.prepareStatement(
                        "select cap_id, node_id, attested_checkpoint, attested_epoch, deny_list_size"
                                + " from operator_cap where replaced_checkpoint is null");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var cap = new SuiAddress(row.getBytes("cap_id"));
                caps.nodes.put(cap, new SuiAddress(row.getBytes("node_id")));
                caps.denied.put(
                        new SuiAddress(row.getBytes("node_id")),
                        row.getBigDecimal("deny_list_size").toBigInteger().longValue());
                var checkpoint = row.getBigDecimal("attested_checkpoint");
                if (checkpoint != null) {
                    caps.attested.put(
                            cap,
                            new EventBlobAttestation(
                                    checkpoint.toBigInteger().longValue(), row.getLong("attested_epoch")));
                }
            }
        }
        return caps;
    }

    /** Of a capability inside another object nothing new is known: its last version stands. */
    void follow(Place at, ObjectFact fact) {
        fact.before()
                .flatMap(Caps::value)
                .ifPresent(
                        cap -> cap.lastEventBlobAttestation().ifPresent(last -> attested.putIfAbsent(cap.id(), last)));
        fact.after()
                .ifPresent(state -> value(state).ifPresent(cap -> {
                    version(at, cap, state);
                    cap.lastEventBlobAttestation()
                            .filter(last -> !last.equals(attested.put(cap.id(), last)))
                            .filter(_ -> fact.change() == Change.MUTATED)
                            .ifPresent(last -> attestations.add(
                                    cap.nodeId(),
                                    at.checkpoint(),
                                    at.transactionIndex(),
                                    at.transaction(),
                                    Columns.unsigned(last.checkpointSequenceNum()),
                                    last.epoch()));
                }));
    }

    private static Optional<StorageNodeCap> value(ObjectState state) {
        return state.value().filter(StorageNodeCap.class::isInstance).map(StorageNodeCap.class::cast);
    }

    private void version(Place at, StorageNodeCap cap, ObjectState state) {
        nodes.put(cap.id(), cap.nodeId());
        denied.put(cap.nodeId(), cap.denyListSize());
        versions.version(
                cap.id(),
                at,
                cap.nodeId(),
                kind(state.owner()),
                owner(state.owner()),
                cap.lastEpochSyncDone(),
                cap.lastEventBlobAttestation()
                        .map(last -> Columns.unsigned(last.checkpointSequenceNum()))
                        .orElse(null),
                cap.lastEventBlobAttestation().map(EventBlobAttestation::epoch).orElse(null),
                Columns.unsigned(cap.denyListSequence()),
                Columns.unsigned(cap.denyListSize()));
    }

    /** The node that a capability is for. */
    Optional<SuiAddress> node(SuiAddress cap) {
        return Optional.ofNullable(nodes.get(cap));
    }

    /** Bytes on the deny list of a node; empty if its capability was never seen. */
    Optional<Long> denied(SuiAddress node) {
        return Optional.ofNullable(denied.get(node));
    }

    private static String kind(Owner owner) {
        return switch (owner) {
            case Owner.AddressOwner _, Owner.ConsensusAddress _ -> "address";
            case Owner.ObjectOwner _ -> "object";
            case Owner.Shared _ -> "shared";
            case Owner.Immutable _ -> "immutable";
        };
    }

    private static @Nullable SuiAddress owner(Owner owner) {
        return switch (owner) {
            case Owner.AddressOwner(var address) -> address;
            case Owner.ConsensusAddress(var _, var address) -> address;
            case Owner.ObjectOwner(var parent) -> parent;
            case Owner.Shared _, Owner.Immutable _ -> null;
        };
    }

    void write(Connection db) throws SQLException {
        versions.write(db);
        attestations.write(db);
    }
}
