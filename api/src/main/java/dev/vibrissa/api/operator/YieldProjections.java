package dev.vibrissa.api.operator;

import dev.vibrissa.api.operator.OperatorViews.OperatorView;
import dev.vibrissa.api.operator.OperatorViews.ScheduledRate;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.stake.YieldProjection;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Projects what the last epochs brought onto a year. */
final class YieldProjections {
    static final int USUAL_EPOCHS = 8;
    static final int MOST_EPOCHS = 100;

    private static final List<String> ASSUMPTIONS = List.of(
            "Each epoch to come brings the mean, not weighted, of what the epochs under inputs brought per staked WAL before commission.",
            "The operator stays in the committee; in an epoch outside it stake earns nothing.",
            "Commission goes on as it is and as it is scheduled; more can be announced, two epochs ahead.",
            "Rewards stay in the pool, which compounds them every epoch.",
            "Epochs go on as long as the measured ones; a year has 365.25 days.",
            "Amounts are WAL for WAL: no price of the token enters.");

    private YieldProjections() {}

    @Schema(name = "YieldProjection")
    record ProjectionAnswer(
            AsOf asOf,
            SuiAddress nodeId,

            @Schema(description = "What has to hold for it to come true.")
            List<String> assumptions,

            @Schema(description = "Past epochs it rests on, the latest last.")
            List<Input> inputs,

            @Schema(description = "Whether it has shards in the running epoch.")
            boolean inCommittee,

            @Schema(description = "Basis points, by the epoch from which on they apply.")
            List<ScheduledRate> commission,

            @Schema(description = "Mean length of the measured epochs; null if none is over.", examples = "1209600000")
            @Nullable
            Long epochMillis,

            @Schema(description = "How many epochs the length was measured on.", examples = "8")
            int epochsMeasured,

            @Schema(description = "Null where an epoch's length or its yield is not known.") @Nullable
            Projected projected) {}

    @Schema(name = "YieldInput")
    record Input(
            @Schema(examples = "2") long epoch,

            @Schema(description = "FROST of stake during the epoch.", examples = "645002633587189")
            String stake,

            @Schema(description = "FROST of commission.", examples = "12345")
            String commission,

            @Schema(description = "FROST.", examples = "234567")
            String toStakers,

            @Schema(description = "Both by stake, 18 digits, truncated.", examples = "0.000003492240694132")
            String grossYield,

            @Schema(examples = "3042") long checkpoint,
            Digest tx) {}

    @Schema(name = "ProjectedYield")
    record Projected(
            @Schema(description = "Per epoch, before commission.", examples = "0.000003492240694132")
            String grossYield,

            @Schema(description = "The least of the inputs.", examples = "0.000003012240694132")
            String lowestGrossYield,

            @Schema(description = "The greatest.", examples = "0.000003892240694132")
            String highestGrossYield,

            @Schema(description = "Of the next epoch, after commission.", examples = "0.000003317628659425")
            String nextEpoch,

            @Schema(examples = "26.089286") String epochsPerYear,

            @Schema(
                    description =
                            "Over the next year, compounded, after commission. Null where it is beyond all numbers.",
                    examples = "0.000086555")
            @Nullable
            String perYear,

            @Schema(description = "The same had each epoch brought the least of the inputs.", examples = "0.000074555")
            @Nullable
            String perYearLowest,

            @Schema(description = "The same with the greatest.", examples = "0.000096555") @Nullable
            String perYearHighest) {}

    static ProjectionAnswer of(Snapshot db, Moment moment, OperatorView operator, int epochs) {
        var inputs = db.list(
                """
                select * from (
                  select * from pool_reward where node_id = ? and checkpoint <= ? and stake > 0
                  order by epoch desc limit ?) last
                order by epoch
                """,
                row -> {
                    var stake = new BigInteger(row.amount("stake"));
                    var commission = new BigInteger(row.amount("commission"));
                    var toStakers = new BigInteger(row.amount("to_stakers"));
                    return new Input(
                            row.number("epoch"),
                            stake.toString(),
                            commission.toString(),
                            toStakers.toString(),
                            YieldProjection.decimal18(YieldProjection.gross(commission.add(toStakers), stake)),
                            row.number("checkpoint"),
                            row.digest("tx_digest"));
                },
                operator.nodeId(),
                moment.checkpoint(),
                epochs);
        record Measured(@Nullable Long millis, int epochs) {}
        var length = db.one(
                """
                select (avg(extract(epoch from n.started_at - e.started_at)) * 1000)::bigint as millis, count(*) as epochs
                from epoch e join epoch n on n.epoch = e.epoch + 1
                where n.running_since <= ? and n.epoch > ? and e.epoch > 0 and n.started_at > e.started_at
                """,
                row -> new Measured(row.numberOrNull("millis"), row.integer("epochs")),
                moment.checkpoint(),
                moment.epoch() - epochs);
        var rates = new TreeMap<Long, Integer>();
        rates.put(moment.epoch(), operator.commission().rate());
        // An entry for an epoch that has passed is one that the pool sat out: it never applies.
        operator.commission().scheduled().stream()
                .filter(each -> each.epoch() > moment.epoch())
                .forEach(each -> rates.put(each.epoch(), each.rate()));
        Optional<Projected> projected = inputs.isEmpty() || length.millis() == null
                ? Optional.empty()
                : Optional.of(projected(inputs, rates, Duration.ofMillis(length.millis()), moment.epoch() + 1));
        return new ProjectionAnswer(
                moment.asOf(),
                operator.nodeId(),
                ASSUMPTIONS,
                inputs,
                operator.shards() > 0,
                rates.entrySet().stream()
                        .map(each -> new ScheduledRate(each.getKey(), each.getValue()))
                        .toList(),
                length.millis(),
                length.epochs(),
                projected.orElse(null));
    }

    private static Projected projected(
            List<Input> inputs, SortedMap<Long, Integer> rates, Duration epoch, long nextEpoch) {
        var yields = inputs.stream()
                .map(each -> YieldProjection.gross(
                        new BigInteger(each.commission()).add(new BigInteger(each.toStakers())),
                        new BigInteger(each.stake())))
                .toList();
        var mean = new YieldProjection(YieldProjection.mean(yields), rates, epoch);
        var lowest = new YieldProjection(
                yields.stream().min(Comparator.naturalOrder()).orElseThrow(), rates, epoch);
        var highest = new YieldProjection(
                yields.stream().max(Comparator.naturalOrder()).orElseThrow(), rates, epoch);
        return new Projected(
                YieldProjection.decimal18(mean.grossYield()),
                YieldProjection.decimal18(lowest.grossYield()),
                YieldProjection.decimal18(highest.grossYield()),
                YieldProjection.decimal18(mean.netYield(nextEpoch)),
                mean.epochsPerYear().toPlainString(),
                mean.perYear(nextEpoch).map(BigDecimal::toPlainString).orElse(null),
                lowest.perYear(nextEpoch).map(BigDecimal::toPlainString).orElse(null),
                highest.perYear(nextEpoch).map(BigDecimal::toPlainString).orElse(null));
    }
}
