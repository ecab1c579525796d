package dev.vibrissa.indexer.project;

import dev.vibrissa.indexer.extract.CheckpointFacts;
import dev.vibrissa.indexer.project.money.MoneyProjection;
import dev.vibrissa.indexer.project.stake.StakeProjection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All projections: what each is called, which tables are its own, and how it is folded.
 *
 * <p>A fold reads facts and its own tables and nothing else (but for {@link VotingWeights}), and names tables without their schema. So it can be done
 * over from the facts in tables beside the live ones, by a search path that finds those first.
 */
public enum Projection {
    BLOB(
            BlobProjection::fold,
            "blob_object",
            "blob_term",
            "blob",
            "attribute",
            "storage_pool",
            "storage_pool_term",
            "shared_blob",
            "ending",
            "ending_of_owner",
            "pool_content",
            "ending_history",
            "ending_of_owner_history",
            "pool_content_history",
            "ending_day",
            "ending_largest",
            "ending_history_since"),
    EPOCH(EpochProjection::fold, "epoch", "committee_member", "shard_assignment", "shards_received", "storage_node"),
    ADOPTION(
            AdoptionProjection::fold,
            "registration",
            "content_label",
            "adoption",
            "adopter",
            "adopter_epoch",
            "adopter_count",
            "site",
            "site_resource",
            "site_epoch"),
    GOVERNANCE(
            GovernanceProjection::fold,
            "proposal",
            "proposal_vote",
            "contract_upgrade",
            "contract_state",
            "deny_list_update",
            "protocol_version"),
    MONEY(
            MoneyProjection::fold,
            "payment",
            "free_reservation",
            "inflow",
            "revenue",
            "system_state",
            "ring_snapshot",
            "account",
            "epoch_change",
            "node_reward",
            "price",
            "subsidy_state",
            "subsidy_fixed",
            "supply_change",
            "reconciliation",
            "payer",
            "payer_epoch",
            "payer_count"),
    STAKE(
            StakeProjection::fold,
            "operator",
            "operator_profile",
            "operator_cap",
            "event_blob_attestation",
            "participation",
            "pool_state",
            "exchange_rate",
            "pool_reward",
            "operator_vote",
            "commission_change",
            "commission_collection",
            "stake_position",
            "stake_operation",
            "stake_reconciliation",
            "active_set",
            "voting_end",
            "candidate"),
    TOTALS(TotalsProjection::fold, "totals", "event_total");

    private final Fold fold;
    private final List<String> tables;

    @FunctionalInterface
    private interface Fold {
        void over(Connection db, List<CheckpointFacts> batch) throws SQLException;
    }

    Projection(Fold fold, String... tables) {
        this.fold = fold;
        this.tables = List.of(tables);
    }

    public static Optional<Projection> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.pipeline().equals(name))
                .findFirst();
    }

    public static String names() {
        return Arrays.stream(values()).map(Projection::pipeline).collect(Collectors.joining(", "));
    }

    /** Its name for users, and in the column {@code watermark.pipeline}. */
    public String pipeline() {
        return name().toLowerCase(Locale.ROOT);
    }

    public List<String> tables() {
        return tables;
    }

    /** Sums do not care for order: history filled in behind is added at once. Others are folded from the start again. */
    public boolean isSum() {
        return this == TOTALS;
    }

    /** Folds checkpoints in order, following what was folded before, in the caller's transaction. */
    public void fold(Connection db, List<CheckpointFacts> batch) throws SQLException {
        fold.over(db, batch);
    }

    /** Makes empty tables of its own ready for the first fold. */
    public void begin(Connection db) throws SQLException {
        if (this == TOTALS) {
            try (PreparedStatement insert = db.prepareStatement("insert into totals default values")) {
                insert.executeUpdate();
            }
        }
    }
}
