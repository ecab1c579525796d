package dev.vibrissa.dashboards;

import dev.vibrissa.api.audit.ScoreResource;
import dev.vibrissa.api.operator.DelegationResource;
import dev.vibrissa.api.operator.OperatorResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.dashboards.chart.Chart;
import dev.vibrissa.dashboards.chart.Drawing;
import dev.vibrissa.dashboards.chart.Series;
import dev.vibrissa.dashboards.chart.Series.Band;
import dev.vibrissa.dashboards.chart.Series.Line;
import dev.vibrissa.dashboards.chart.Whisker;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Where WAL should go, what it would have come to, and what that rests on. */
@Path("/delegate")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class DelegatePage {
    private static final String HERE = "Delegate";
    private static final int MOST_NODES = 4;
    private static final BigDecimal FROST = BigDecimal.TEN.pow(9);

    private final Pages pages;
    private final DelegationResource delegations;
    private final OperatorResource operators;
    private final ScoreResource scores;
    private final Template delegate;

    DelegatePage(
            Pages pages,
            DelegationResource delegations,
            OperatorResource operators,
            ScoreResource scores,
            Template delegate) {
        this.pages = pages;
        this.delegations = delegations;
        this.operators = operators;
        this.scores = scores;
        this.delegate = delegate;
    }

    /** An operator that is compared: what stake with it comes to, and how it serves. */
    public record Compared(
            Answer answer, Answer score, @Nullable Drawing whisker) {}

    @GET
    @Operation(hidden = true)
    public RestResponse<String> delegate(
            UriInfo uri,
            @RestQuery @Nullable List<String> nodes,
            @RestQuery @Nullable String stake,
            @RestQuery @Nullable String epochs) {
        return pages.show(HERE, () -> {
            var chosen = nodes == null
                    ? List.<String>of()
                    : nodes.stream()
                            .flatMap(each -> Arrays.stream(each.split(",", -1)))
                            .map(String::strip)
                            .filter(each -> !each.isEmpty())
                            .distinct()
                            .limit(MOST_NODES)
                            .toList();
            var answer = pages.answer(delegations.compare(
                    chosen.isEmpty() ? null : String.join(",", chosen), frost(stake), Pages.given(epochs), null));
            var ranking = pages.part(() -> scores.scores(uri, "30d", null, null)).list("items").stream()
                    .collect(Collectors.toMap(each -> each.text("nodeId"), Function.identity()));
            var compared = answer.list("operators").stream()
                    .map(each -> compared(each, ranking))
                    .toList();
            return delegate.data("frame", Frame.of(HERE, answer))
                    .data("answer", answer)
                    .data("compared", compared)
                    .data("realised", realised(answer))
                    .data("projected", projected(answer))
                    .data("sentence", sentence(answer))
                    .data(
                            "all",
                            pages.part(() -> operators.list(uri, null, "1000", null))
                                    .list("items"))
                    .data(
                            "chosen",
                            compared.stream()
                                    .map(each -> each.answer().text("nodeId"))
                                    .toList())
                    .data(
                            "stake",
                            new BigDecimal(answer.text("stake"))
                                    .divide(FROST)
                                    .stripTrailingZeros()
                                    .toPlainString())
                    .data("epochs", answer.text("epochs"));
        });
    }

    /** A field in WAL, with or without its thousands apart. */
    private static @Nullable String frost(@Nullable String wal) {
        String given = Pages.given(wal);
        if (given == null) {
            return null;
        }
        try {
            return new BigDecimal(given.replaceAll("[,\\s\u202f]", ""))
                    .multiply(FROST)
                    .toBigInteger()
                    .toString();
        } catch (NumberFormatException _) {
            throw ProblemException.badInput(
                    "stake", "stake is an amount of WAL, not '%s'".formatted(ProblemException.shortened(given)));
        }
    }

    private static Compared compared(Answer each, Map<String, Answer> ranking) {
        var score = ranking.getOrDefault(each.text("nodeId"), Answer.none(""));
        long n = score.whole("served") + score.whole("failed");
        return new Compared(
                each,
                score,
                score.has("nodeId")
                        ? Whisker.draw(
                                score.number("weighted").orElse(0),
                                score.number("low").orElse(0),
                                score.number("high").orElse(1),
                                score.number("lowerBound").orElse(0),
                                score.has("enough"),
                                n)
                        : null);
    }

    private static String sentence(Answer answer) {
        var gains = answer.list("operators").stream()
                .filter(each -> each.list("realised").size() > 1)
                .mapToDouble(each -> gain(each.list("realised").getLast(), answer))
                .toArray();
        if (gains.length < 2) {
            return "What a stake would have come to, and what it might.";
        }
        double most = Arrays.stream(gains).max().orElse(0);
        double least = Arrays.stream(gains).min().orElse(0);
        return "On %s the choice among these moved %s WAL; how well they serve is told below."
                .formatted(Words.wal(answer.text("stake")), Words.figures(most - least));
    }

    private static double gain(Answer worth, Answer answer) {
        return new BigDecimal(worth.text("value"))
                .subtract(new BigDecimal(answer.text("stake")))
                .divide(FROST)
                .doubleValue();
    }

    private static Chart realised(Answer answer) {
        return chart(
                answer,
                "realised",
                "Had you staked %s epochs ago".formatted(answer.text("epochs")),
                "WAL gained, by the exchange rates of the pools",
                "realised",
                List.of());
    }

    private static Chart projected(Answer answer) {
        var points = points(answer, "projected");
        var bands = answer.list("operators").stream()
                .map(each -> new Band(
                        values(each, points, "projected", "lowest", answer),
                        values(each, points, "projected", "highest", answer)))
                .toList();
        return chart(
                answer,
                "projected",
                "If things went on",
                "WAL gained; band from the least to the most that an epoch brought",
                "projected",
                bands);
    }

    private static Chart chart(Answer answer, String id, String title, String about, String field, List<Band> bands) {
        var points = points(answer, field);
        var lines = answer.list("operators").stream()
                .limit(MOST_NODES)
                .map(each ->
                        new Line(Words.named(each, "name", "nodeId"), values(each, points, field, "value", answer)))
                .toList();
        double most = lines.stream()
                .flatMap(line -> line.values().stream())
                .mapToDouble(value -> value.orElse(0))
                .max()
                .orElse(0);
        var columns = new ArrayList<>(List.of("Epoch"));
        lines.forEach(line -> columns.add(line.name() + ", WAL gained"));
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < points.size(); i++) {
            var row = new ArrayList<>(List.of(points.get(i)));
            for (Line line : lines) {
                row.add(
                        line.values().get(i).isPresent()
                                ? new BigDecimal(Double.toString(
                                                line.values().get(i).getAsDouble()))
                                        .toPlainString()
                                : "");
            }
            rows.add(row);
        }
        return new Chart(
                id,
                title,
                about,
                points.isEmpty()
                        ? "No epoch of these operators has ended yet."
                        : "Epochs %s to %s; the most is %s WAL."
                                .formatted(points.getFirst(), points.getLast(), Words.figures(most)),
                Series.draw(title, points, lines, bands, List.of(), 0, OptionalDouble.empty(), Words::figures),
                "/v1/delegation/compare?epochs=%s&nodes=%s&stake=%s"
                        .formatted(
                                answer.text("epochs"),
                                answer.list("operators").stream()
                                        .map(each -> each.text("nodeId"))
                                        .collect(Collectors.joining(",")),
                                answer.text("stake")),
                columns,
                rows);
    }

    private static List<String> points(Answer answer, String field) {
        return answer.list("operators").stream()
                .flatMap(each -> each.list(field).stream())
                .map(each -> each.whole("epoch"))
                .distinct()
                .sorted()
                .map(String::valueOf)
                .toList();
    }

    private static List<OptionalDouble> values(
            Answer operator, List<String> points, String field, String value, Answer answer) {
        var byEpoch = operator.list(field).stream()
                .collect(Collectors.toMap(each -> each.text("epoch"), Function.identity()));
        return points.stream()
                .map(point -> {
                    var worth = byEpoch.get(point);
                    return worth == null
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(new BigDecimal(worth.text(value))
                                    .subtract(new BigDecimal(answer.text("stake")))
                                    .divide(FROST)
                                    .doubleValue());
                })
                .toList();
    }
}
