package dev.vibrissa.server.export;

import java.util.List;
import java.util.Optional;

/**
 * One table of an export. Names of columns are a public interface, whatever becomes of the table behind them.
 *
 * @param order rows of the same state come in the same order
 */
public record Dataset(String name, String table, List<String> columns, String order) {
    /** Everything that is exported, in the order of the manifest. */
    public static final List<Dataset> ALL = List.of(
            of(
                    "blobs",
                    "blob",
                    "blob_id",
                    "blob_id size encoding_type first_checkpoint last_checkpoint objects registered_until certified_until"
                            + " held_until deleted_epoch deletable permanent invalid_checkpoint deny_listed quilt"),
            of(
                    "blob_objects",
                    "blob_object",
                    "object_id",
                    "object_id blob_id kind storage_pool_id deletable size encoding_type origin registered_epoch"
                            + " registered_checkpoint registered_tx certified_epoch certified_checkpoint certified_tx"
                            + " end_epoch deleted_epoch deleted_checkpoint deleted_tx event_blob owner_kind owner"
                            + " gone_how"),
            of(
                    "blob_terms",
                    "blob_term",
                    "object_id, checkpoint, tx_index, walrus_ordinal",
                    "object_id checkpoint tx_index walrus_ordinal tx_digest end_epoch how"),
            of(
                    "storage_pools",
                    "storage_pool",
                    "storage_pool_id",
                    "storage_pool_id origin created_checkpoint created_tx start_epoch end_epoch reserved_bytes used_bytes"
                            + " blobs owner_kind owner destroyed_checkpoint destroyed_tx"),
            of(
                    "checkpoints",
                    "checkpoint",
                    "sequence_number",
                    "sequence_number digest sui_epoch checkpoint_at transactions failed walrus_events verification"),
            of(
                    "transactions",
                    "transaction",
                    "checkpoint, tx_index",
                    "digest checkpoint tx_index sender gas_owner error"),
            of(
                    "events",
                    "event",
                    "checkpoint, tx_index, walrus_ordinal",
                    "tx_digest walrus_ordinal sui_event_index checkpoint tx_index name known type_package emitter blob_id"
                            + " object_id storage_pool_id contents"),
            of(
                    "payments",
                    "payment",
                    "checkpoint, tx_index, ordinal",
                    "checkpoint tx_index ordinal tx_digest sender gas_owner payer_kind payer source what epoch first_epoch"
                            + " end_epoch per_epoch amount bytes units object_id storage_pool_id"),
            of(
                    "prices",
                    "price",
                    "checkpoint, tx_index, walrus_ordinal",
                    "checkpoint tx_index walrus_ordinal tx_digest epoch storage_price write_price"),
            of(
                    "epochs",
                    "epoch",
                    "epoch",
                    "epoch started_at start_checkpoint done_at done_checkpoint n_shards storage_price write_price"
                            + " total_capacity used_capacity"),
            of("committee_members", "committee_member", "epoch, position", "epoch position node_id weight public_key"),
            of(
                    "storage_nodes",
                    "storage_node",
                    "node_id",
                    "node_id name network_address network_public_key public_key changed_at"),
            of(
                    "commission_changes",
                    "commission_change",
                    "node_id, checkpoint, tx_index, effective_epoch",
                    "node_id checkpoint tx_index effective_epoch rate rate_before tx_digest"),
            of(
                    "operator_votes",
                    "operator_vote",
                    "node_id, checkpoint, tx_index, what",
                    "node_id checkpoint tx_index what value tx_digest"),
            of(
                    "proposal_votes",
                    "proposal_vote",
                    "kind, subject, round_checkpoint, round_tx_index, position",
                    "kind subject round_checkpoint round_tx_index position node_id checkpoint tx_index tx_digest sender"
                            + " voted_at weight total_weight"),
            of(
                    "stake_operations",
                    "stake_operation",
                    "checkpoint, tx_index, ordinal",
                    "checkpoint tx_index ordinal tx_digest kind object_id other_object_id node_id owner_before owner_after"
                            + " amount rewards residual epoch"),
            of(
                    "probes",
                    "probe",
                    "walrus_epoch, round, member, depth, ordinal, prover",
                    "probe_id walrus_epoch round member depth ordinal prover node_id blob_id shard asked_at wave verdict"
                            + " blame counts said attempts millis body_bytes inclusion weight log_sequence"),
            of(
                    "node_scores",
                    "node_score",
                    "node_id, window_name, computed_at",
                    "prover node_id window_name walrus_epoch methodology enough rank low high record computed_at"));

    private static Dataset of(String name, String table, String order, String columns) {
        return new Dataset(name, table, List.of(columns.split(" ")), order);
    }

    public static Optional<Dataset> named(String name) {
        return ALL.stream().filter(each -> each.name.equals(name)).findFirst();
    }

    String sql() {
        return "select %s from %s order by %s".formatted(String.join(", ", columns), table, order);
    }
}
