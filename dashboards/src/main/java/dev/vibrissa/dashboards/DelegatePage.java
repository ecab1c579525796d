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
import java.util.function.DoubleBinaryOperator;
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

    /** Whoever's whole interval lies below serves less than any network should. */
    private static final double WORRYING = 0.97;

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

    /**
     * An operator that is compared: what stake with it comes to, and how it serves.
     *
     * @param flags what could go wrong, as far as this comparison sees it
     */
    public record Compared(
            Answer answer, Answer score, @Nullable Drawing whisker, List<Flag> flags) {}

    /**
     * Something to look at before one stakes.
     *
     * @param tone bad, warn, or none
     */
    public record Flag(String word, String tone) {}

    private static List<Flag> flags(Answer operator, Answer score) {
        var flags = new ArrayList<Flag>();
        var scheduled = operator.list("scheduled");
        if (score.has("enough") && score.number("high").orElse(1) < WORRYING) {
            flags.add(new Flag("serves too little", "bad"));
        }
        if (!scheduled.isEmpty() && scheduled.getLast().whole("rate") > operator.whole("commission")) {
            flags.add(new Flag("commission rises", "warn"));
        }
        if (!score.has("enough")) {
            flags.add(new Flag("too few probes", ""));
        }
        return flags;
    }

    @GET
    @Operation(hidden = true)
    public RestResponse<String> delegate(
            UriInfo uri,
            @RestQuery @Nullable List<String> nodes,
            @RestQuery @Nullable String stake,
            @RestQuery @Nullable String epochs,
            @RestQuery @Nullable String show,
            @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
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
                    chosen.isEmpty() ? null : String.join(",", chosen), frost(stake), Pages.given(epochs), asOf));
            var ranking = pages.part(() -> scores.scores(uri, "30d", null, asOf)).list("items").stream()
                    .collect(Collectors.toMap(each -> each.text("nodeId"), Function.identity()));
            var compared = answer.list("operators").stream()
                    .map(each -> compared(each, ranking))
                    .toList();
            // Yields hardly differ: apart from what all bring, one sees by how much.
            boolean apart = compared.size() > 1 && !"value".equals(show);
            var frame = pages.frame(HERE, answer);
            return delegate.data("frame", frame)
                    .data("apart", apart)
                    .data("otherwise", compared.size() > 1 ? otherwise(frame.view(), apart) : "")
                    .data("answer", answer)
                    .data("compared", compared)
                    .data("realised", realised(answer, apart))
                    .data("projected", projected(answer, apart))
                    .data("sentence", sentence(answer))
                    .data(
                            "all",
                            pages.part(() -> operators.list(uri, asOf, "1000", null))
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

    /** The same comparison, drawn the other way. */
    private static String otherwise(View view, boolean apart) {
        var asked = new ArrayList<>(view.asked().stream()
                .filter(each -> !each.name().equals("show"))
                .toList());
        if (apart) {
            asked.add(new View.Parameter("show", "value"));
        }
        return new View(view.path(), asked, view.at(), "", true).address(view.at());
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
                        : null,
                flags(each, score));
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

    private static Chart realised(Answer answer, boolean apart) {
        return chart(
                answer,
                "realised",
                "Had you staked %s epochs ago".formatted(answer.text("epochs")),
                "by the exchange rates of the pools",
                "realised",
                apart);
    }

    private static Chart projected(Answer answer, boolean apart) {
        return chart(
                answer,
                "projected",
                "If things went on",
                "band from the least to the most that an epoch brought",
                "projected",
                apart);
    }

    private static Chart chart(Answer answer, String id, String title, String about, String field, boolean apart) {
        var points = points(answer, field);
        var operators = answer.list("operators").stream().limit(MOST_NODES).toList();
        var gained = operators.stream()
                .map(each -> values(each, points, field, "value", answer))
                .toList();
        double[] means = apart ? means(gained, points.size()) : new double[points.size()];
        var lines = new ArrayList<Line>();
        var bands = new ArrayList<Band>();
        for (int i = 0; i < operators.size(); i++) {
            var each = operators.get(i);
            lines.add(new Line(Words.named(each, "name", "nodeId"), less(gained.get(i), means)));
            if (field.equals("projected")) {
                bands.add(new Band(
                        less(values(each, points, field, "lowest", answer), means),
                        less(values(each, points, field, "highest", answer), means)));
            }
        }
        double most = extreme(lines, Math::max);
        String what = apart ? "more than their mean" : "gained";
        var columns = new ArrayList<>(List.of("Epoch"));
        lines.forEach(line -> columns.add("%s, WAL %s".formatted(line.name(), what)));
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
                "WAL %s; %s".formatted(apart ? "ahead of the mean of these" : "gained", about),
                points.isEmpty()
                        ? "No epoch of these operators has ended yet."
                        : "Epochs %s to %s; the most is %s WAL%s."
                                .formatted(
                                        points.getFirst(),
                                        points.getLast(),
                                        Words.figures(most),
                                        apart ? " ahead" : ""),
                Series.draw(
                        title,
                        points,
                        lines,
                        bands,
                        List.of(),
                        apart ? Math.min(0, lowest(lines, bands)) : 0,
                        apart ? OptionalDouble.of(highest(lines, bands)) : OptionalDouble.empty(),
                        apart ? DelegatePage::difference : Words::figures),
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

    private static String difference(double value) {
        return value > 0 ? "+" + Words.figures(value) : value < 0 ? "\u2212" + Words.figures(-value) : "0";
    }

    private static double[] means(List<List<OptionalDouble>> gained, int points) {
        var means = new double[points];
        for (int i = 0; i < points; i++) {
            int point = i;
            means[i] = gained.stream()
                    .map(each -> each.get(point))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .average()
                    .orElse(0);
        }
        return means;
    }

    private static List<OptionalDouble> less(List<OptionalDouble> values, double[] means) {
        var less = new ArrayList<OptionalDouble>();
        for (int i = 0; i < values.size(); i++) {
            less.add(
                    values.get(i).isPresent()
                            ? OptionalDouble.of(values.get(i).getAsDouble() - means[i])
                            : OptionalDouble.empty());
        }
        return less;
    }

    private static double extreme(List<Line> lines, DoubleBinaryOperator of) {
        return lines.stream()
                .flatMap(line -> line.values().stream())
                .mapToDouble(value -> value.orElse(0))
                .reduce(0, of);
    }

    private static double lowest(List<Line> lines, List<Band> bands) {
        var ends = bands.stream().map(band -> new Line("", band.low())).toList();
        return Math.min(extreme(lines, Math::min), extreme(ends, Math::min));
    }

    /** Above zero: where nothing differs there is still an axis. */
    private static double highest(List<Line> lines, List<Band> bands) {
        var ends = bands.stream().map(band -> new Line("", band.high())).toList();
        double most = Math.max(extreme(lines, Math::max), extreme(ends, Math::max));
        return most > 0 ? most : 1;
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
