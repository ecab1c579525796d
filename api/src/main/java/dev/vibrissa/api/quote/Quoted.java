package dev.vibrissa.api.quote;

import dev.vibrissa.api.quote.TokenPrices.Quote;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Amounts of a row in the currency of the series of token prices. */
@Schema(
        description = "Amounts of the row in another currency; null if this server was given no series of token prices,"
                + " or there is no quote of that day or the 7 days before it.")
public record Quoted(
        @Schema(examples = "USD") String currency,

        @Schema(description = "Of the quote used.", examples = "2026-06-01")
        LocalDate date,

        @Schema(description = "Of one WAL on that day.", examples = "0.4375")
        String price,

        @Schema(description = "By the name of the field with the same amount in FROST; exact.")
        Map<String, String> amounts,

        @Schema(description = "File or URL of the series.", examples = "wal-usd.csv")
        String source,

        @Schema(description = "SHA-256 of the series as it was read.")
        String sha256) {

    static Quoted of(TokenPrices series, Quote quote, Map<String, String> amounts) {
        return new Quoted(
                series.currency(), quote.date(), text(quote.price()), amounts, series.source(), series.sha256());
    }

    /** As JSON carries it unrounded. */
    public static String text(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }
}
