package dev.vibrissa.api.stake;

import dev.vibrissa.api.quote.Quoted;
import dev.vibrissa.api.quote.Quotes;
import dev.vibrissa.api.stake.Statement.Line;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement in the currency of the series of token prices as well: flows at the quote of their day, what was there
 * first at that of the beginning, the rest at that of the end. What the change of the price made of it is a line of its
 * own, so that the lines add up in the currency too.
 */
final class StatementInCurrency {
    private final Quotes quotes;
    private final Instant opening;
    private final Instant closing;

    StatementInCurrency(Quotes quotes, Instant opening, Instant closing) {
        this.quotes = quotes;
        this.opening = opening;
        this.closing = closing;
    }

    /** @param lines from opening to closing */
    List<Line> of(List<Line> lines) {
        if (quotes.series().isEmpty()) {
            return lines;
        }
        var quoted = new ArrayList<Line>();
        @Nullable BigDecimal value = BigDecimal.ZERO;
        for (Line line : lines) {
            var in = quotes.at(at(line), amounts(line));
            if (line.line().equals("closing")) {
                if (in != null && value != null) {
                    quoted.add(revaluation(line, in, amount(in, "balance").subtract(value)));
                }
                quoted.add(line.numbered(quoted.size()).quoted(in));
                return List.copyOf(quoted);
            }
            quoted.add(line.quoted(in));
            // Without one of the quotes the sum is not known.
            value = in == null || value == null
                    ? null
                    : value.add(amount(in, line.line().equals("opening") ? "balance" : "change"));
        }
        throw new IllegalArgumentException("a statement of %d lines has no closing".formatted(lines.size()));
    }

    private Instant at(Line line) {
        return line.timestamp() != null ? line.timestamp() : line.line().equals("opening") ? opening : closing;
    }

    private static LinkedHashMap<String, @Nullable String> amounts(Line line) {
        var amounts = new LinkedHashMap<String, @Nullable String>();
        amounts.put("rewards", line.rewards());
        amounts.put("change", line.change());
        amounts.put("balance", line.balance());
        return amounts;
    }

    private static BigDecimal amount(Quoted quoted, String field) {
        return new BigDecimal(quoted.amounts().getOrDefault(field, "0"));
    }

    private static Line revaluation(Line closing, Quoted in, BigDecimal change) {
        var amounts = new LinkedHashMap<String, String>();
        amounts.put("change", Quoted.text(change));
        amounts.putAll(in.amounts());
        return closing.named("revaluation")
                .quoted(new Quoted(in.currency(), in.date(), in.price(), amounts, in.source(), in.sha256()));
    }
}
