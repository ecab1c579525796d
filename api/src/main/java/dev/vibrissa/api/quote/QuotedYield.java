package dev.vibrissa.api.quote;

import dev.vibrissa.api.quote.TokenPrices.Quote;
import dev.vibrissa.protocol.walrus.stake.Yield;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an epoch yielded to somebody who counts in the currency of the series of token prices. */
@Schema(
        description = "(1 + yield) · price at the end of the epoch / price at its beginning − 1; null where there is no"
                + " yield, no series of token prices, or no quote for one of the two.")
public record QuotedYield(
        @Schema(examples = "USD") String currency,

        @Schema(description = "Of the quote for the beginning.", examples = "2026-06-01")
        LocalDate fromDate,

        @Schema(examples = "0.4375") String fromPrice,

        @Schema(description = "Of the quote for the end.", examples = "2026-06-15")
        LocalDate toDate,

        @Schema(examples = "0.45") String toPrice,

        @Schema(description = "With 18 digits, truncated.", examples = "0.028571435820616570")
        String decimal18,

        String source,
        String sha256) {
    private static final int DIGITS = 18;

    static QuotedYield of(TokenPrices series, Quote from, Quote to, Yield yield) {
        var grown = new BigDecimal(yield.numerator().add(yield.denominator())).multiply(to.price());
        var base = new BigDecimal(yield.denominator()).multiply(from.price());
        return new QuotedYield(
                series.currency(),
                from.date(),
                Quoted.text(from.price()),
                to.date(),
                Quoted.text(to.price()),
                grown.subtract(base).divide(base, DIGITS, RoundingMode.DOWN).toPlainString(),
                series.source(),
                series.sha256());
    }
}
