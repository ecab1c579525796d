package dev.vibrissa.api.price;

import dev.vibrissa.api.page.Table;
import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.protocol.sui.Digest;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How steady the cost of storage was, beside the token's price over the same epochs. */
@Schema(name = "Steadiness")
record SteadinessView(
        AsOf asOf,

        @Schema(description = "How all of it is computed.") String method,

        @Schema(description = "Of the cost of a GiB for an epoch, in FROST.")
        Measure cost,

        @Schema(description = "Of that cost in the currency of the token prices; null without such.") @Nullable
        Measure costInCurrency,

        @Schema(description = "Of the price of one WAL at the same moments; null without token prices.") @Nullable
        Measure token,

        List<EpochCost> epochs)
        implements Table {
    static final String METHOD = "Cost: the storage price in force when the epoch ended (of the running epoch, at this"
            + " moment) times 1024, which is FROST for a GiB of encoded bytes over one epoch. Token: the quote of the day"
            + " of that same moment, or of the last day before it, at most 7 days. Each measure takes the epochs that have"
            + " its value; epochs before the first committee have no price.";

    @Override
    public List<EpochCost> rows() {
        return epochs;
    }

    /** What a GiB cost for an epoch. */
    @Schema(name = "EpochCost")
    record EpochCost(
            @Schema(examples = "2") long epoch,

            @Schema(description = "When the epoch ended; of the running one, this moment.")
            Instant endedAt,

            @Schema(description = "FROST for a GiB of encoded bytes over the epoch.", examples = "11264000")
            String costPerGib,

            @Schema(description = "Where the price was set; null for a snapshot.", examples = "1054") @Nullable
            Long checkpoint,

            @Nullable Digest tx,
            @Nullable Quoted quoted) {}
}
