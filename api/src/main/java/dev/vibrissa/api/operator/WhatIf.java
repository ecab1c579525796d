package dev.vibrissa.api.operator;

import dev.vibrissa.api.operator.OperatorViews.OperatorView;
import dev.vibrissa.api.operator.OperatorViews.ScheduledRate;
import dev.vibrissa.api.operator.YieldProjections.ProjectionAnswer;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a stake with an operator would have come to, and what it might.
 *
 * @param place of the operator among the members of the committee by shards, 1 for the most; null: no member
 * @param realised value of the stake at the beginning of each epoch, had it earned since the first of them
 * @param realisedPerEpoch mean growth of an epoch of {@code realised}; null where there are less than two
 * @param projected value at the beginning of each epoch to come, from the one in which it begins to earn
 * @param projection what {@code projected} rests on
 */
@Schema(
        description =
                "What a stake with an operator would have come to, by the pool's exchange rates, and what it might,"
                        + " if each epoch brings the mean, least or greatest of what the last ones brought.")
record WhatIf(
        SuiAddress nodeId,
        String name,
        @Schema(examples = "9") int shards,

        @Schema(description = "Among the members of the committee by shards, 1 for the most; null: no member.")
        @Nullable
        Integer place,

        @Schema(description = "Basis points.", examples = "500")
        int commission,

        List<ScheduledRate> scheduled,

        @Schema(description = "Value at the beginning of each epoch, had it earned since the first of them.")
        List<Worth> realised,

        @Schema(description = "Mean growth of an epoch of realised; null where there are less than two.") @Nullable
        String realisedPerEpoch,

        @Schema(description = "Value at the beginning of each epoch to come, from the one in which it begins to earn.")
        List<Range> projected,

        ProjectionAnswer projection) {
    private static final MathContext DIGITS = MathContext.DECIMAL128;
    private static final BigDecimal ALL = BigDecimal.valueOf(10_000);

    /** FROST at the beginning of an epoch. */
    @Schema(name = "StakeWorth")
    record Worth(
            @Schema(examples = "7") long epoch,

            @Schema(description = "FROST.", examples = "1000000028693750")
            String value) {}

    /** FROST at the beginning of an epoch to come. */
    @Schema(name = "StakeRange")
    record Range(
            @Schema(examples = "8") long epoch,
            @Schema(description = "FROST.") String value,
            @Schema(description = "FROST.") String lowest,
            @Schema(description = "FROST.") String highest) {}

    /**
     * @param stake FROST
     * @param epochs how far back, and how far ahead
     * @param earnsFrom first epoch in which a stake of now earns
     */
    static WhatIf of(Snapshot db, Moment moment, OperatorView operator, BigInteger stake, int epochs, long earnsFrom) {
        var projection = YieldProjections.of(db, moment, operator, Math.min(epochs, YieldProjections.MOST_EPOCHS));
        var realised = realised(db, moment, operator.nodeId(), stake, epochs);
        return new WhatIf(
                operator.nodeId(),
                operator.name(),
                operator.shards(),
                operator.shards() == 0 ? null : place(db, moment, operator),
                operator.commission().rate(),
                operator.commission().scheduled(),
                realised,
                perEpoch(realised),
                projected(projection, stake, epochs, earnsFrom),
                projection);
    }

    private static int place(Snapshot db, Moment moment, OperatorView operator) {
        return db.one(
                "select 1 + count(*) as place from committee_member where epoch = ? and weight > ?",
                row -> row.integer("place"),
                moment.epoch(),
                operator.shards());
    }

    /** A share bought at the first rate, sold at each later one; both roundings of the contract are below a FROST. */
    private static List<Worth> realised(Snapshot db, Moment moment, SuiAddress node, BigInteger stake, int epochs) {
        record Rate(long epoch, BigDecimal perShare) {}
        var rates = db.list(
                """
                select epoch, wal_amount, share_amount from exchange_rate
                where node_id = ? and checkpoint <= ? and epoch between ? and ? and share_amount > 0
                order by epoch
                """,
                row -> new Rate(
                        row.number("epoch"),
                        new BigDecimal(row.amount("wal_amount"))
                                .divide(new BigDecimal(row.amount("share_amount")), DIGITS)),
                node,
                moment.checkpoint(),
                moment.epoch() - epochs,
                moment.epoch());
        return rates.stream()
                .map(rate -> new Worth(
                        rate.epoch(),
                        new BigDecimal(stake)
                                .multiply(rate.perShare())
                                .divide(rates.getFirst().perShare(), DIGITS)
                                .setScale(0, RoundingMode.DOWN)
                                .toPlainString()))
                .toList();
    }

    private static @Nullable String perEpoch(List<Worth> realised) {
        if (realised.size() < 2) {
            return null;
        }
        double growth = new BigDecimal(realised.getLast().value())
                .divide(new BigDecimal(realised.getFirst().value()).max(BigDecimal.ONE), DIGITS)
                .doubleValue();
        long epochs = realised.getLast().epoch() - realised.getFirst().epoch();
        return BigDecimal.valueOf(Math.expm1(Math.log(growth) / epochs))
                .setScale(12, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    private static List<Range> projected(ProjectionAnswer answer, BigInteger stake, int epochs, long earnsFrom) {
        var projected = answer.projected();
        if (projected == null) {
            return List.of();
        }
        var values = new BigDecimal[] {new BigDecimal(stake), new BigDecimal(stake), new BigDecimal(stake)};
        var gross = new BigDecimal[] {
            new BigDecimal(projected.grossYield()),
            new BigDecimal(projected.lowestGrossYield()),
            new BigDecimal(projected.highestGrossYield())
        };
        var ranges = new ArrayList<Range>();
        for (long epoch = earnsFrom; epoch <= earnsFrom + epochs; epoch++) {
            ranges.add(new Range(epoch, frost(values[0]), frost(values[1]), frost(values[2])));
            var kept = ALL.subtract(BigDecimal.valueOf(rate(answer.commission(), epoch)))
                    .divide(ALL, DIGITS);
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i].add(values[i].multiply(gross[i], DIGITS).multiply(kept, DIGITS), DIGITS);
            }
        }
        return ranges;
    }

    private static int rate(List<ScheduledRate> commission, long epoch) {
        return commission.stream()
                .filter(each -> each.epoch() <= epoch)
                .reduce((_, later) -> later)
                .orElse(commission.getFirst())
                .rate();
    }

    private static String frost(BigDecimal value) {
        return value.setScale(0, RoundingMode.DOWN).toPlainString();
    }
}
