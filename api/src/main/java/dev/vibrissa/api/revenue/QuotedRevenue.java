package dev.vibrissa.api.revenue;

import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The revenue of an epoch in the currency of the series of token prices, each payment at the quote of its day. */
@Schema(
        description = "In another currency, in both views each payment at the quote of the day on which it was paid;"
                + " null if this server was given no series of token prices.")
record QuotedRevenue(
        @Schema(examples = "USD") String currency,
        @Schema(examples = "1.3483") String cashFromUsers,
        @Schema(examples = "0") String cashFromSubsidies,
        @Schema(examples = "0.9966") String accrualFromUsers,
        @Schema(examples = "0") String accrualFromSubsidies,

        @Schema(
                description = "With 18 digits, rounded down; null if nothing was bought at a quote.",
                examples = "0.005376")
        @Nullable
        String averagePricePerGib,

        @Schema(
                description =
                        "FROST of cash and accrual, both views together, without a quote: not in the amounts here.",
                examples = "0")
        String unquoted,

        @Schema(description = "Days of the quotes used; null if none was.", examples = "2026-06-01") @Nullable
        LocalDate firstDate,

        @Schema(examples = "2026-06-14") @Nullable LocalDate lastDate,
        String source,
        String sha256) {}
