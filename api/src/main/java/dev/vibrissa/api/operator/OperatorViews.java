package dev.vibrissa.api.operator;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.QuotedYield;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How operators are shown. Amounts are FROST, rates of commission basis points. */
final class OperatorViews {
    private OperatorViews() {}

    @Schema(name = "Operator")
    record OperatorView(
            @Schema(description = "Object id of the staking pool.")
            SuiAddress nodeId,

            @Schema(examples = "op-1") String name,
            @Schema(examples = "op-1.example:9185") String networkAddress,

            @Schema(description = "Shards it has in the running epoch; 0 outside the committee.", examples = "221")
            int shards,

            Registration registered,
            PoolView pool,
            CommissionView commission,
            Votes votes,

            @Schema(description = "Of the version of the pool shown.", examples = "3102")
            long checkpoint,

            @Nullable Digest tx) {}

    @Schema(name = "OperatorRegistration")
    record Registration(
            @Schema(description = "Where it was seen first.", examples = "3001")
            long checkpoint,

            @Schema(description = "Null for one older than our history.") @Nullable
            Digest tx,

            @Schema(description = "Its name then.", examples = "op-1")
            String name,

            @Schema(description = "The capability to act as the node.") @Nullable
            SuiAddress cap,

            @Schema(description = "The address that first held it.") @Nullable
            SuiAddress operator) {}

    @Schema(name = "StakingPool")
    record PoolView(
            @Schema(description = "FROST of active stake with rewards.", examples = "804028265677009")
            String walBalance,

            @Schema(examples = "803999963758478") String numShares,

            @Schema(description = "FROST to pay rewards with.", examples = "28318087204")
            String rewardsPool,

            @Schema(description = "It may be in the committee from here on.", examples = "1")
            long activationEpoch,

            @Schema(description = "The last epoch it was brought up to.", examples = "6")
            long latestEpoch,

            @Schema(description = "Written in the running epoch; null if it was not brought up to it.") @Nullable
            RateView rateOfThisEpoch,

            @Schema(description = "FROST of stake that begins, by epoch.")
            List<Scheduled> pendingStake,

            @Schema(description = "Shares that leave, by epoch.")
            List<Scheduled> pendingSharesWithdraw,

            @Schema(description = "FROST of principal that leaves and was not active when it was asked back, by epoch.")
            List<Scheduled> preActiveWithdrawals) {}

    @Schema(name = "Scheduled")
    record Scheduled(
            @Schema(examples = "7") long epoch,
            @Schema(examples = "10513217256267") String amount) {}

    @Schema(name = "ExchangeRate")
    record RateView(
            @Schema(examples = "6") long epoch,

            @Schema(description = "FROST for so many shares.", examples = "804028265677009")
            String wal,

            @Schema(examples = "803999963758478") String shares,
            @Schema(description = "One FROST a share.") boolean flat,
            @Schema(examples = "3167") long checkpoint,
            @Nullable Digest tx) {}

    @Schema(name = "Commission")
    record CommissionView(
            @Schema(description = "Basis points.", examples = "900")
            int rate,

            @Schema(description = "FROST not collected yet.", examples = "6492674479")
            String balance,

            @Schema(
                    description = "FROST that cannot be collected before voting ends. Null where our history has not"
                            + " shown it yet.",
                    examples = "578024679")
            @Nullable
            String locked,

            @Schema(description = "FROST that can be collected now. Null where locked is.", examples = "5914649800")
            @Nullable
            String collectable,

            @Schema(description = "FROST collected in our history.", examples = "20088904395")
            String collected,

            @Schema(
                    description = "Basis points, by the epoch from which they apply; an epoch that has passed is one"
                            + " that the pool sat out, and never applies.")
            List<ScheduledRate> scheduled) {}

    @Schema(name = "ScheduledCommission")
    record ScheduledRate(
            @Schema(examples = "5") long epoch,

            @Schema(description = "Basis points.", examples = "2500")
            int rate) {}

    @Schema(name = "OperatorVotes")
    record Votes(
            @Schema(description = "FROST per MiB and epoch.", examples = "11000")
            String storagePrice,

            @Schema(description = "FROST per MiB.", examples = "20000")
            String writePrice,

            @Schema(description = "Bytes.", examples = "310000000000000")
            String nodeCapacity) {}

    @Schema(name = "OperatorAnswer")
    record OperatorAnswer(
            AsOf asOf, OperatorView operator, @Nullable ProfileView profile, Duties.Summary duties) {}

    @Schema(name = "OperatorProfile")
    record ProfileView(
            @Schema(examples = "4032") long checkpoint,

            @Schema(description = "-1: reported with the state before the checkpoint.", examples = "0")
            int txIndex,

            @Nullable Digest tx,
            @Schema(examples = "op-1") String name,
            @Schema(examples = "op-1.example:9185") String networkAddress,

            @Schema(description = "P-256, compressed, hex.") String networkPublicKey,

            @Schema(description = "BLS, uncompressed, hex.") String publicKey,

            @Schema(description = "The BLS key it changes to with the next epoch.") @Nullable
            String nextPublicKey,

            @Schema(description = "Who may collect commission.")
            Authorized commissionReceiver,

            @Schema(description = "Who votes on upgrades and slashing.")
            Authorized governanceAuthorized,

            @Schema(description = "What it tells of itself; null where that was not seen.") @Nullable
            Metadata metadata) {}

    /** Exactly one is there. */
    @Schema(name = "Authorized")
    record Authorized(
            @Schema(description = "Whoever sends from it.") @Nullable
            SuiAddress address,

            @Schema(description = "Whoever holds it.") @Nullable
            SuiAddress objectId) {}

    @Schema(name = "OperatorMetadata")
    record Metadata(
            @Schema(examples = "https://op-1.example/icon.png")
            String imageUrl,

            @Schema(examples = "https://op-1.example") String projectUrl,
            @Schema(examples = "storage node op-1") String description,

            @Schema(description = "Whatever else it tells, by names of its own.")
            Map<String, String> extraFields) {}

    @Schema(name = "CommissionAnswer")
    record CommissionAnswer(
            AsOf asOf,
            SuiAddress nodeId,
            CommissionView now,
            List<CommissionChange> changes,
            List<CommissionCollection> collections)
            implements Table {
        @Override
        public List<CommissionChange> rows() {
            return changes;
        }
    }

    @Schema(name = "CommissionChange")
    record CommissionChange(
            @Schema(examples = "3028") long checkpoint,
            @Schema(examples = "0") int txIndex,
            Digest tx,

            @Schema(description = "Basis points.", examples = "900")
            int rate,

            @Schema(description = "In force when it was announced.", examples = "500")
            int rateBefore,

            @Schema(examples = "3") long effectiveEpoch,

            @Schema(description = "Raised by 500 basis points or more at once, or raised within 4 epochs of a cut.")
            boolean sharp) {}

    @Schema(name = "CommissionCollection")
    record CommissionCollection(
            @Schema(examples = "3071") long checkpoint,
            @Schema(examples = "0") int txIndex,
            Digest tx,

            @Schema(
                    description = "slashed: burned.",
                    enumeration = {"collected", "slashed"})
            String how,

            @Schema(description = "FROST.", examples = "6460000000")
            String amount,

            @Schema(
                    description = "FROST that could not be collected then. Null where our history has not shown it.",
                    examples = "0")
            @Nullable
            String locked,

            @Nullable Quoted quoted) {}

    @Schema(name = "EpochReward")
    record RewardView(
            @Schema(examples = "2") long epoch,

            @Schema(description = "FROST of stake during the epoch.", examples = "645002633587189") @Nullable
            String stake,

            @Schema(description = "FROST.", examples = "12345") @Nullable
            String commission,

            @Schema(description = "FROST.", examples = "234567") @Nullable
            String toStakers,

            @Schema(description = "Null unless the pool was brought up to the epoch and to the next.") @Nullable
            YieldView yield,

            @Schema(description = "Of the change that paid.", examples = "3042") @Nullable
            Long checkpoint,

            @Nullable Digest tx,
            @Nullable QuotedYield quotedYield,
            @Nullable Quoted quoted) {}

    @Schema(name = "Yield", description = "How much the price of a share grew over an epoch.")
    record YieldView(
            @Schema(examples = "2797284796") String numerator,
            @Schema(examples = "801000000000000") String denominator,

            @Schema(description = "With 18 digits, truncated.", examples = "0.000003492240694132")
            String decimal18) {}

    @Schema(name = "EpochShards")
    record ShardsView(
            @Schema(examples = "2") long epoch,
            @Schema(examples = "221") int weight,

            @Schema(description = "Ranges, ends inclusive; empty where it left the committee.", examples = "585-805")
            String shards,

            @Schema(
                    description =
                            "Those that it did not have in the epoch before; null where that committee is not known.",
                    examples = "803-805")
            @Nullable
            String gained,

            @Schema(description = "Those that it no longer has.", examples = "12") @Nullable
            String lost,

            @Schema(
                    description =
                            "Where the committee was chosen; where that is older than our history, where it was seen.",
                    examples = "4035")
            long checkpoint,

            @Schema(description = "Null where a snapshot reported it.") @Nullable
            Digest tx) {}

    @Schema(name = "VotingEnd")
    record VotingEndView(
            AsOf asOf,
            @Schema(examples = "4") long nextEpoch,
            @Schema(examples = "3103") long checkpoint,
            Digest tx,

            @Schema(description = "Encoded bytes.", examples = "1764705882352941") @Nullable
            String capacity,

            @Schema(description = "Candidates in stored order.")
            List<Candidate> activeSet,

            List<ShardHolder> nextCommittee)
            implements Table {
        @Override
        public List<Candidate> rows() {
            return activeSet;
        }
    }

    @Schema(name = "Candidate")
    record Candidate(
            SuiAddress nodeId,

            @Schema(description = "FROST expected in the next epoch.", examples = "804007248369957")
            String stake) {}

    @Schema(name = "ShardHolder")
    record ShardHolder(
            SuiAddress nodeId,
            @Schema(examples = "132") int weight,

            @Schema(description = "Ranges, ends inclusive.", examples = "0-131")
            String shards) {}
}
