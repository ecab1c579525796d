package dev.vibrissa.api.stake;

import dev.vibrissa.api.object.Holder;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How stake is shown. Amounts are FROST. */
final class StakeViews {
    private StakeViews() {}

    @Schema(name = "Stake")
    record StakeView(
            SuiAddress objectId,
            Holder holder,

            @Schema(description = "The object that it is inside of, where that is known.") @Nullable
            SuiAddress heldInside,

            SuiAddress nodeId,
            @Schema(examples = "op-1") @Nullable String nodeName,

            @Schema(
                    description = "pending: not active yet; active; leaving: earns until its withdraw epoch;"
                            + " withdrawable: that epoch has come.",
                    enumeration = {"pending", "active", "leaving", "withdrawable"})
            String state,

            @Schema(description = "FROST.", examples = "800000000000000")
            String principal,

            @Schema(
                    description =
                            "FROST: principal and rewards at the rate of the epoch asked about, or of the withdraw"
                                    + " epoch if that is earlier.",
                    examples = "800028161114235")
            String value,

            @Schema(description = "The first epoch that earns.", examples = "1")
            long activationEpoch,

            @Schema(description = "From here on it can be withdrawn; null: no withdrawal requested.", examples = "3")
            @Nullable
            Long withdrawEpoch,

            @Schema(description = "Of the version shown.", examples = "3002")
            long checkpoint,

            @Nullable Digest tx,
            @Nullable Quoted quoted) {}

    @Schema(name = "StakeAnswer")
    record StakeAnswer(AsOf asOf, @Nullable StakeView stake, List<Version> history) {}

    @Schema(name = "StakeVersion")
    record Version(
            @Schema(examples = "3002") long checkpoint,
            @Nullable Digest tx,
            Instant timestamp,
            Holder holder,
            @Nullable SuiAddress heldInside,
            SuiAddress nodeId,

            @Schema(description = "FROST; of what is gone, as it was last.", examples = "800000000000000")
            String principal,

            @Schema(examples = "1") long activationEpoch,
            @Schema(examples = "3") @Nullable Long withdrawEpoch) {}

    @Schema(name = "StakeOperation")
    record OperationView(
            @Schema(examples = "3002") long checkpoint,
            @Schema(examples = "0") int txIndex,
            @Schema(examples = "0") int ordinal,

            @Schema(description = "Null where a snapshot reported it.") @Nullable
            Digest tx,

            @Schema(description = "Of the transaction.") @Nullable
            SuiAddress sender,

            Instant timestamp,

            @Schema(
                    description = "observed: older than our history, and seen first here.",
                    enumeration = {
                        "observed",
                        "stake",
                        "request",
                        "withdraw",
                        "split",
                        "join",
                        "transfer",
                        "wrap",
                        "unwrap"
                    })
            String kind,

            @Schema(description = "Of a split the one that shrinks, of a join the one that grows.")
            SuiAddress objectId,

            @Schema(description = "Of a split the new one, of a join the one that ends.") @Nullable
            SuiAddress otherObjectId,

            SuiAddress nodeId,
            @Nullable SuiAddress ownerBefore,
            @Nullable SuiAddress ownerAfter,

            @Schema(description = "FROST of principal.", examples = "800000000000000")
            String amount,

            @Schema(description = "Of withdraw: FROST paid out of the rewards pool.", examples = "1121623102") @Nullable
            String rewards,

            @Schema(
                    description =
                            "Of withdraw: FROST by the contract's arithmetic less those paid; the rewards pool may"
                                    + " hold less.",
                    examples = "0")
            @Nullable
            String residual,

            @Schema(description = "Of stake the activation epoch, of others the withdraw epoch.", examples = "1")
            @Nullable
            Long epoch) {}
}
