package dev.vibrissa.api.revenue;

import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The revenue of one epoch, in two views: what was paid while it ran, and what was paid for it at any time.
 *
 * @param epoch Walrus epoch, past or ahead
 */
@Schema(name = "Revenue")
record RevenueView(
        @Schema(examples = "1") long epoch,

        @Schema(description = "FROST paid while the epoch ran, by kind of payment.")
        Map<String, String> cash,

        @Schema(description = "FROST of it from users.", examples = "3082000")
        String cashFromUsers,

        @Schema(description = "FROST of it from subsidies.", examples = "0")
        String cashFromSubsidies,

        @Schema(description = "FROST paid for the epoch at any time until then, by kind of payment.")
        Map<String, String> accrual,

        @Schema(description = "FROST of it from users.", examples = "2278000")
        String accrualFromUsers,

        @Schema(description = "FROST of it from subsidies.", examples = "0")
        String accrualFromSubsidies,

        @Schema(
                description = "FROST that the division of the rewards of the epoch before left; null until the epoch"
                        + " begins.",
                examples = "0")
        @Nullable
        String carriedFromPreviousEpoch,

        @Schema(
                description = "Encoded bytes bought for the epoch; event blobs are stored for nothing and not in it.",
                examples = "70038000")
        String bytesBought,

        @Schema(description = "Encoded bytes that event blobs take in the epoch, for nothing.", examples = "66034000")
        String bytesOfEventBlobs,

        @Schema(
                description =
                        "FROST that users paid for reserving a GiB in this epoch, on average over all purchases, rounded"
                                + " down; null if nothing was bought.",
                examples = "12288000")
        @Nullable
        String averagePricePerGib,

        @Nullable QuotedRevenue quoted) {}
