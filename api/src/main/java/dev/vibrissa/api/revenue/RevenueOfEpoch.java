package dev.vibrissa.api.revenue;

import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.TokenPrices;
import dev.vibrissa.api.quote.TokenPrices.Quote;
import dev.vibrissa.api.revenue.RevenueQueries.Cell;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What adds up to the revenue of one epoch, in FROST and in the currency of the series of token prices. */
final class RevenueOfEpoch {
    private static final BigDecimal GIB = new BigDecimal(BigInteger.ONE.shiftLeft(30));
    private static final int DIGITS = 18;

    private final Optional<TokenPrices> prices;
    private final TreeMap<String, BigDecimal> cash = new TreeMap<>();
    private final TreeMap<String, BigDecimal> accrual = new TreeMap<>();
    private final Bought bought = new Bought();
    private final Bought boughtQuoted = new Bought();
    private final Sides cashQuoted = new Sides();
    private final Sides accrualQuoted = new Sides();
    private final TreeSet<LocalDate> dates = new TreeSet<>();
    private BigDecimal unquoted = BigDecimal.ZERO;
    private BigInteger free = BigInteger.ZERO;
    private @Nullable String carried;

    RevenueOfEpoch(Optional<TokenPrices> prices) {
        this.prices = prices;
    }

    private static final class Bought {
        private BigDecimal amount = BigDecimal.ZERO;
        private BigInteger bytes = BigInteger.ZERO;

        void add(BigDecimal more, BigInteger moreBytes) {
            if (moreBytes.signum() != 0) {
                amount = amount.add(more);
                bytes = bytes.add(moreBytes);
            }
        }

        @Nullable
        String pricePerGib(int digits) {
            return bytes.signum() == 0
                    ? null
                    : Quoted.text(amount.multiply(GIB).divide(new BigDecimal(bytes), digits, RoundingMode.DOWN));
        }
    }

    private static final class Sides {
        private BigDecimal users = BigDecimal.ZERO;
        private BigDecimal subsidies = BigDecimal.ZERO;

        void add(Cell cell, BigDecimal value) {
            if (cell.isSubsidy()) {
                subsidies = subsidies.add(value);
            } else {
                users = users.add(value);
            }
        }
    }

    /** What was paid while the epoch ran. */
    void paid(Cell cell) {
        cash.merge(cell.what(), cell.amount(), BigDecimal::add);
        quote(cell).ifPresent(quote -> cashQuoted.add(cell, quote.value(cell.amount())));
    }

    /** What was paid for the epoch. */
    void due(Cell cell) {
        if (cell.isFree()) {
            free = free.add(cell.bytes());
            return;
        }
        accrual.merge(cell.what(), cell.amount(), BigDecimal::add);
        bought.add(cell.amount(), cell.bytes());
        quote(cell).ifPresent(quote -> {
            BigDecimal value = quote.value(cell.amount());
            accrualQuoted.add(cell, value);
            boughtQuoted.add(value, cell.bytes());
        });
    }

    void carry(String leftover) {
        carried = leftover;
    }

    private Optional<Quote> quote(Cell cell) {
        var day = cell.paidOn();
        if (day == null || prices.isEmpty()) {
            return Optional.empty();
        }
        var quote = prices.get().on(day);
        quote.ifPresentOrElse(found -> dates.add(found.date()), () -> unquoted = unquoted.add(cell.amount()));
        return quote;
    }

    RevenueView view(long number) {
        return new RevenueView(
                number,
                texts(cash),
                sum(cash, false),
                sum(cash, true),
                texts(accrual),
                sum(accrual, false),
                sum(accrual, true),
                carried,
                bought.bytes.toString(),
                free.toString(),
                bought.pricePerGib(0),
                prices.map(this::quoted).orElse(null));
    }

    private QuotedRevenue quoted(TokenPrices series) {
        return new QuotedRevenue(
                series.currency(),
                Quoted.text(cashQuoted.users),
                Quoted.text(cashQuoted.subsidies),
                Quoted.text(accrualQuoted.users),
                Quoted.text(accrualQuoted.subsidies),
                boughtQuoted.pricePerGib(DIGITS),
                Quoted.text(unquoted),
                dates.isEmpty() ? null : dates.first(),
                dates.isEmpty() ? null : dates.last(),
                series.source(),
                series.sha256());
    }

    private static Map<String, String> texts(TreeMap<String, BigDecimal> amounts) {
        var texts = new LinkedHashMap<String, String>();
        amounts.forEach((what, amount) -> texts.put(what, Quoted.text(amount)));
        return texts;
    }

    private static String sum(TreeMap<String, BigDecimal> amounts, boolean ofSubsidies) {
        return Quoted.text(amounts.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("_subsidy") == ofSubsidies)
                .map(Map.Entry::getValue)
                .reduce(BigDecimal.ZERO, BigDecimal::add));
    }
}
