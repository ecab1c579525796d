package dev.vibrissa.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.audit.HourResource;
import dev.vibrissa.api.audit.OperatorAuditResource;
import dev.vibrissa.api.audit.Probes;
import dev.vibrissa.api.audit.ScoreResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.operator.OperatorResource;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.dashboards.chart.Bars;
import dev.vibrissa.dashboards.chart.Bars.Bar;
import dev.vibrissa.dashboards.chart.Chart;
import dev.vibrissa.dashboards.chart.Drawing;
import dev.vibrissa.dashboards.chart.Hours;
import dev.vibrissa.dashboards.chart.Series;
import dev.vibrissa.dashboards.chart.Series.Band;
import dev.vibrissa.dashboards.chart.Series.Line;
import dev.vibrissa.dashboards.chart.Whisker;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Who serves what they must; and of one, whether it serves, why its score moved, and what one earns and risks with it. */
@Path("/operators")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class OperatorPages {
    private static final String HERE = "Operators";
    private static final String MOST = "1000";
    private static final int STRIP_HOURS = 48;
    private static final int MAP_DAYS = 14;
    private static final String LONG = "100";
    private static final int HISTORY = 100;
    private static final List<String> WINDOWS = List.of("epoch", "30d", "all");
    private static final List<String> SORTS = List.of("served", "shards", "commission", "name");

    /** A view of an operator; the first has no part of the address. */
    public record Tab(String path, String name) {
        public String href(String nodeId) {
            return "/operators/" + nodeId + (path.isEmpty() ? "" : "/" + path);
        }
    }

    private static final List<Tab> TABS = List.of(
            new Tab("", "Service"),
            new Tab("failures", "Failures"),
            new Tab("probes", "Probes"),
            new Tab("money", "Money"),
            new Tab("votes", "Votes and duties"),
            new Tab("delegators", "Delegators"),
            new Tab("risks", "What could go wrong"),
            new Tab("dossier", "Dossier"));

    private final Pages pages;
    private final ObjectMapper json;
    private final ScoreResource scores;
    private final OperatorResource operators;
    private final OperatorAuditResource audits;
    private final HourResource hours;
    private final GovernanceResource governance;
    private final Template operatorList;
    private final Template operator;

    OperatorPages(
            Pages pages,
            ObjectMapper json,
            ScoreResource scores,
            OperatorResource operators,
            OperatorAuditResource audits,
            HourResource hours,
            GovernanceResource governance,
            Template operatorList,
            Template operator) {
        this.pages = pages;
        this.json = json;
        this.scores = scores;
        this.operators = operators;
        this.audits = audits;
        this.hours = hours;
        this.governance = governance;
        this.operatorList = operatorList;
        this.operator = operator;
    }

    /** An operator in the list: its entry, its score if it has one, and its last hours. */
    public record Ranked(
            Answer operator,
            Answer score,
            Drawing strip,
            @Nullable Drawing whisker,
            long byNode,
            long either,
            String vote) {
        public long probes() {
            return score.whole("served") + score.whole("failed");
        }
    }

    @GET
    @Operation(hidden = true)
    public RestResponse<String> list(
            UriInfo uri,
            @RestQuery @Nullable String window,
            @RestQuery @Nullable String sort,
            @RestQuery @Nullable String commission,
            @RestQuery @Nullable String name,
            @RestQuery @Nullable String member,
            @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show(HERE, () -> {
            String as = window == null || !WINDOWS.contains(window) ? "30d" : window;
            String by = sort == null || !SORTS.contains(sort) ? "served" : sort;
            var all = pages.answer(operators.list(uri, asOf, MOST, null));
            var ranking = pages.part(() -> scores.scores(uri, as, null, asOf));
            var strips =
                    pages.whole(cursor -> hours.hours(uri, null, Integer.toString(STRIP_HOURS), asOf, MOST, cursor));
            var slashing = pages.part(() -> governance.slashing(uri, asOf, MOST, null));
            var ranked = ranked(all, ranking, strips, slashing);
            OptionalDouble most = most(commission);
            String part = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
            var shown = ranked.stream()
                    .filter(each ->
                            most.isEmpty() || each.operator().whole("commission.rate") <= most.getAsDouble() * 100)
                    .filter(each -> each.operator()
                            .text("name")
                            .toLowerCase(Locale.ROOT)
                            .contains(part))
                    .filter(each -> !"all".equals(member) ? each.operator().whole("shards") > 0 : true)
                    .sorted(order(by))
                    .toList();
            return operatorList
                    .data("frame", pages.frame(HERE, all, ranking))
                    .data("ranking", ranking)
                    .data("shown", shown)
                    .data("all", ranked.size())
                    .data("overlap", overlap(ranking))
                    .data("axis", Whisker.axis())
                    .data("windows", WINDOWS)
                    .data("sorts", SORTS)
                    .data("window", as)
                    .data("sort", by)
                    .data("commission", commission == null ? "" : commission)
                    .data("name", name == null ? "" : name)
                    .data("member", "all".equals(member));
        });
    }

    private static OptionalDouble most(@Nullable String commission) {
        String given = Pages.given(commission);
        try {
            return given == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(given));
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    private static List<Ranked> ranked(Answer all, Answer ranking, Answer strips, Answer slashing) {
        var scores = byNode(ranking);
        var hours = strips.list("items").stream().collect(Collectors.groupingBy(each -> each.text("nodeId")));
        var votes = new HashMap<String, String>();
        slashing.list("items").stream()
                .filter(each -> each.text("state").equals("voting")
                        || each.text("state").equals("quorum"))
                .forEach(each ->
                        votes.put(each.text("candidate"), each.text("weight") + " of " + each.text("quorumWeight")));
        var now = all.has("asOf.timestamp") ? Instant.parse(all.text("asOf.timestamp")) : Instant.EPOCH;
        return all.list("items").stream()
                .map(each -> {
                    String id = each.text("nodeId");
                    var score = scores.getOrDefault(id, Answer.none(""));
                    var own = hours.getOrDefault(id, List.of());
                    return new Ranked(
                            each,
                            score,
                            strip(own, now),
                            score.has("nodeId") ? whisker(score) : null,
                            failed(own, "NODE"),
                            failed(own, "NODE_OR_NETWORK"),
                            votes.getOrDefault(id, ""));
                })
                .toList();
    }

    private static Map<String, Answer> byNode(Answer ranking) {
        return ranking.list("items").stream()
                .collect(Collectors.toMap(each -> each.text("nodeId"), Function.identity()));
    }

    private static Drawing whisker(Answer score) {
        double n = score.whole("served") + (double) score.whole("failed");
        return Whisker.draw(
                score.number("weighted").orElse(score.whole("served") / Math.max(1, n)),
                score.number("low").orElse(0),
                score.number("high").orElse(1),
                score.number("lowerBound").orElse(0),
                score.has("enough"),
                (long) n);
    }

    private static long failed(List<Answer> hours, String blame) {
        return hours.stream()
                .flatMap(each -> each.list("failed").stream())
                .filter(each -> each.text("blame").equals(blame))
                .mapToLong(each -> each.whole("probes"))
                .sum();
    }

    private static Drawing strip(List<Answer> hours, Instant now) {
        var cells = new HashMap<Integer, Hours.Cell>();
        var running = now.truncatedTo(ChronoUnit.HOURS);
        hours.forEach(each -> cells.put(
                (int) Duration.between(Instant.parse(each.text("hour")), running)
                        .toHours(),
                cell(each, "")));
        return Hours.strip(
                "Last %d hours: %d with probes, %d with failures of the node"
                        .formatted(
                                STRIP_HOURS,
                                cells.size(),
                                cells.values().stream()
                                        .filter(each -> each.state().equals("node"))
                                        .count()),
                cells,
                STRIP_HOURS);
    }

    /** The worst that happened in an hour gives it its colour. */
    private static Hours.Cell cell(Answer hour, String href) {
        var one = List.of(hour);
        long node = failed(one, "NODE");
        long either = failed(one, "NODE_OR_NETWORK");
        long other = hour.list("failed").stream()
                        .mapToLong(each -> each.whole("probes"))
                        .sum()
                - node
                - either;
        String state = node > 0 ? "node" : either > 0 ? "maybe" : hour.whole("served") > 0 ? "proven" : "excluded";
        return new Hours.Cell(
                state,
                node > 0 ? node : either,
                "%s: %s served, %d failed by the node, %d by node or network, %d not counted"
                        .formatted(Words.hour(hour.text("hour")), hour.text("served"), node, either, other),
                href);
    }

    /** The probes of an hour. */
    private static String probes(String nodeId, Instant hour) {
        return "/operators/%s/probes?askedBefore=%s&askedFrom=%s"
                .formatted(nodeId, hour.plus(Duration.ofHours(1)), hour);
    }

    private static Comparator<Ranked> order(String sort) {
        Comparator<Ranked> served = Comparator.comparing(
                        (Ranked each) -> !each.score().has("enough"))
                .thenComparing(Comparator.comparingDouble((Ranked each) ->
                                each.score().number("lowerBound").orElse(-1))
                        .reversed());
        return switch (sort) {
            case "shards" ->
                Comparator.comparingLong((Ranked each) -> each.operator().whole("shards"))
                        .reversed();
            case "commission" ->
                Comparator.comparingLong(each -> each.operator().whole("commission.rate"));
            case "name" -> Comparator.comparing(each -> each.operator().text("name"));
            default -> served;
        };
    }

    /** How many of the best cannot be told apart. */
    private static long overlap(Answer ranking) {
        return ranking.list("items").stream()
                .filter(each -> each.has("ranks") && each.whole("ranks.best") == 1)
                .count();
    }

    @GET
    @Path("{nodeId}")
    @Operation(hidden = true)
    public RestResponse<String> service(
            UriInfo uri,
            @RestPath String nodeId,
            @RestQuery @Nullable String window,
            @RestQuery @Nullable String since,
            @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show(HERE, () -> {
            String as = window == null || !WINDOWS.contains(window) ? "30d" : window;
            String from = since == null || !ScoreChange.SINCE.contains(since) ? "best" : since;
            var score = pages.part(() -> audits.score(nodeId, null, asOf));
            var history =
                    pages.part(() -> audits.scoreHistory(uri, nodeId, as, null, asOf, Integer.toString(HISTORY), null));
            var failures = pages.part(() ->
                    audits.failures(uri, nodeId, null, null, null, null, null, null, null, null, asOf, "6", null));
            var map = pages.part(() -> hours.hours(uri, nodeId, Integer.toString(MAP_DAYS * 24), asOf, MOST, null));
            var chosen = score.list("windows").stream()
                    .filter(each -> each.text("window").equals(as))
                    .findFirst()
                    .orElseGet(() -> Answer.none(score.problem()));
            return tab(nodeId, "", asOf)
                    .data("window", as)
                    .data("windows", WINDOWS)
                    .data("score", score)
                    .data("chosen", chosen)
                    .data("whisker", chosen.has("score") ? whiskerOf(chosen) : null)
                    .data("since", ScoreChange.SINCE)
                    .data("pastScores", history)
                    .data("change", ScoreChange.of(nodeId, farEnough(uri, nodeId, as, from, asOf, history), from))
                    .data("history", history(nodeId, as, history))
                    .data("map", hourMap(nodeId, map))
                    .data("failures", failures);
        });
    }

    /** The newest scores, and if all of them are too young to compare with, one that is not. */
    private List<Answer> farEnough(
            UriInfo uri, String nodeId, String window, String since, @Nullable String asOf, Answer history) {
        var scores = new ArrayList<>(history.list("items"));
        if (scores.size() < HISTORY || since.equals("best")) {
            return scores;
        }
        var now = scores.getFirst();
        Instant dayBefore = Instant.parse(now.text("computedAt")).minus(Duration.ofDays(1));
        String epochBefore = Long.toString(Math.max(0, now.whole("epoch") - 1));
        var earlier = pages.part(() -> since.equals("day")
                ? audits.scoreHistory(uri, nodeId, window, null, "time:" + dayBefore, "1", null)
                : audits.scoreHistory(uri, nodeId, window, epochBefore, asOf, "1", null));
        scores.addAll(earlier.list("items"));
        return scores;
    }

    @GET
    @Path("{nodeId}/{tab}")
    @Operation(hidden = true)
    public RestResponse<String> other(
            UriInfo uri,
            @RestPath String nodeId,
            @RestPath String tab,
            @RestQuery @Nullable String at,
            @RestQuery @Nullable String cursor) {
        String asOf = Pages.moment(at);
        return pages.show(HERE, () -> switch (tab) {
            case "failures" -> {
                var asked = Asked.of(uri);
                var failures = pages.answer(audits.failures(
                        uri,
                        nodeId,
                        asked.epoch(),
                        asked.round(),
                        asked.verdict(),
                        asked.blame(),
                        asked.depth(),
                        asked.shard(),
                        asked.askedFrom(),
                        asked.askedBefore(),
                        asOf,
                        LONG,
                        Pages.given(cursor)));
                yield tab(nodeId, tab, asOf).data("failures", failures).data("asked", asked);
            }
            case "probes" -> {
                var asked = Asked.of(uri);
                var probes = pages.answer(audits.probes(
                        uri,
                        nodeId,
                        asked.epoch(),
                        asked.round(),
                        asked.verdict(),
                        asked.blame(),
                        asked.depth(),
                        asked.shard(),
                        asked.askedFrom(),
                        asked.askedBefore(),
                        asOf,
                        LONG,
                        Pages.given(cursor)));
                yield tab(nodeId, tab, asOf)
                        .data("probes", probes)
                        .data("asked", asked)
                        .data("depths", lower(Probes.DEPTHS))
                        .data("verdicts", Probes.VERDICTS)
                        .data("blames", lower(Probes.BLAMES));
            }
            case "money" -> money(uri, nodeId, asOf);
            case "votes" ->
                tab(nodeId, tab, asOf)
                        .data("votes", pages.part(() -> operators.votes(uri, nodeId, asOf, null, "200", null)))
                        .data("duties", pages.part(() -> operators.duties(uri, nodeId, asOf, "200", null)));
            case "delegators" ->
                tab(nodeId, tab, asOf)
                        .data(
                                "delegators",
                                pages.answer(operators.delegators(uri, nodeId, asOf, "100", Pages.given(cursor))));
            case "risks" -> tab(nodeId, tab, asOf).data("risks", risks(uri, nodeId, asOf));
            case "dossier" -> tab(nodeId, tab, asOf).data("dossier", dossier(nodeId, asOf));
            default ->
                throw ProblemException.notFound(
                        "an operator has no page '%s'".formatted(ProblemException.shortened(tab)));
        });
    }

    /** Which probes a list is asked for, as its address says: the API judges them, and names what it cannot read. */
    public record Asked(
            @Nullable String epoch,
            @Nullable String round,
            @Nullable String verdict,
            @Nullable String blame,
            @Nullable String depth,
            @Nullable String shard,
            @Nullable String askedFrom,
            @Nullable String askedBefore) {
        static Asked of(UriInfo uri) {
            return new Asked(
                    first(uri, "epoch"),
                    first(uri, "round"),
                    first(uri, "verdict"),
                    first(uri, "blame"),
                    first(uri, "depth"),
                    first(uri, "shard"),
                    moment(first(uri, "askedFrom")),
                    moment(first(uri, "askedBefore")));
        }

        private static @Nullable String first(UriInfo uri, String name) {
            return Pages.given(uri.getQueryParameters().getFirst(name));
        }

        /** Days and minutes, too, as people write them. */
        private static @Nullable String moment(@Nullable String given) {
            return given == null ? null : Pages.given(View.moment(given).replaceFirst("^time:", ""));
        }

        /** The same for the API, to be put behind another parameter. */
        public String query() {
            var query = new StringBuilder();
            var values = new LinkedHashMap<String, @Nullable String>();
            values.put("epoch", epoch);
            values.put("round", round);
            values.put("verdict", verdict);
            values.put("blame", blame);
            values.put("depth", depth);
            values.put("shard", shard);
            values.put("askedFrom", askedFrom);
            values.put("askedBefore", askedBefore);
            values.forEach((name, value) -> {
                if (value != null) {
                    query.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
                }
            });
            return query.toString();
        }

        public boolean is(String value) {
            return Stream.of(verdict, blame, depth).anyMatch(each -> each != null && each.equalsIgnoreCase(value));
        }

        public String shardOrAll() {
            return shard == null ? "" : shard;
        }

        public String from() {
            return askedFrom == null ? "" : askedFrom;
        }

        public String before() {
            return askedBefore == null ? "" : askedBefore;
        }
    }

    private TemplateInstance tab(String nodeId, String tab, @Nullable String asOf) {
        var answer = pages.answer(operators.operator(nodeId, asOf));
        return operator.data("frame", pages.frame(HERE, answer))
                .data("answer", answer)
                .data("id", answer.text("operator.nodeId"))
                .data("tabs", TABS)
                .data("tab", tab);
    }

    private static Drawing whiskerOf(Answer window) {
        return Whisker.draw(
                window.number("score.weighted")
                        .orElse(window.number("score.estimate").orElse(0)),
                window.number("score.wilson.low").orElse(0),
                window.number("score.wilson.high").orElse(1),
                window.number("score.rank").orElse(0),
                window.has("score.enough"),
                window.whole("probes"));
    }

    private static Chart history(String nodeId, String window, Answer history) {
        var points = history.list("items").reversed();
        double least = points.stream()
                .mapToDouble(each -> each.number("low").orElse(1))
                .min()
                .orElse(0.9);
        double low = least >= 0.95 ? 0.95 : least >= 0.8 ? 0.8 : least >= 0.5 ? 0.5 : 0;
        var ticks = new ArrayList<Integer>();
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).whole("failed") > points.get(i - 1).whole("failed")) {
                ticks.add(i);
            }
        }
        return new Chart(
                "history",
                "How it moved",
                "after each round, window %s; band 95 %%, a tick for each round with failures".formatted(window),
                points.isEmpty()
                        ? "It was not scored yet."
                        : !points.getLast().has("enough")
                                ? "Too few probes for a rate yet; the band is all that is known."
                                : "From at least %s to at least %s over %s."
                                        .formatted(
                                                Words.ratio(points.stream()
                                                        .filter(each -> each.has("enough"))
                                                        .findFirst()
                                                        .orElseThrow()
                                                        .text("lowerBound")),
                                                Words.ratio(points.getLast().text("lowerBound")),
                                                Words.count(points.size(), "score")),
                Series.draw(
                        "Served, lower bound, after each round",
                        points.stream()
                                .map(each -> Words.hour(each.text("computedAt")))
                                .toList(),
                        // Of too few probes there is a band, and no rate.
                        List.of(new Line(
                                "at least",
                                points.stream()
                                        .map(each ->
                                                each.has("enough") ? each.number("lowerBound") : OptionalDouble.empty())
                                        .toList())),
                        List.of(new Band(
                                points.stream().map(each -> each.number("low")).toList(),
                                points.stream().map(each -> each.number("high")).toList())),
                        ticks,
                        low,
                        OptionalDouble.of(1),
                        value -> Words.plain(Math.round(value * 1000) / 10.0) + " %"),
                "/v1/operators/%s/score/history?window=%s".formatted(nodeId, window),
                List.of("When, UTC", "Epoch", "At least", "Low", "High", "Served", "Failed"),
                points.reversed().stream()
                        .map(each -> List.of(
                                Words.utc(each.text("computedAt")),
                                each.text("epoch"),
                                Words.ratio(each.text("lowerBound")),
                                Words.ratio(each.text("low")),
                                Words.ratio(each.text("high")),
                                each.text("served"),
                                each.text("failed")))
                        .toList());
    }

    private static Chart hourMap(String nodeId, Answer hours) {
        var today = hours.has("asOf.timestamp")
                ? Instant.parse(hours.text("asOf.timestamp"))
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                : LocalDate.EPOCH;
        var days = new ArrayList<String>();
        for (int back = MAP_DAYS - 1; back >= 0; back--) {
            days.add(Words.day(today.minusDays(back)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toString()));
        }
        var cells = new TreeMap<Integer, Map<Integer, Hours.Cell>>();
        for (Answer each : hours.list("items")) {
            var at = Instant.parse(each.text("hour")).atOffset(ZoneOffset.UTC);
            int day = MAP_DAYS - 1 - (int) ChronoUnit.DAYS.between(at.toLocalDate(), today);
            if (day >= 0) {
                cells.computeIfAbsent(day, _ -> new TreeMap<>())
                        .put(at.getHour(), cell(each, probes(nodeId, at.toInstant())));
            }
        }
        long node = failed(hours.list("items"), "NODE");
        return new Chart(
                        "hours",
                        "Every hour, %d days".formatted(MAP_DAYS),
                        "UTC; worst of the hour, with the number of failures; a cell leads to its probes",
                        "%s of the node in %s with probes."
                                .formatted(
                                        Words.count(node, "failure"),
                                        Words.count(hours.list("items").size(), "hour")),
                        Hours.map("Failures by hour, %d of the node".formatted(node), days, cells),
                        "/v1/hours?nodeId=%s&hours=%d".formatted(nodeId, MAP_DAYS * 24),
                        List.of("Hour, UTC", "Served", "Failed, node", "Failed, node or network", "Not counted"),
                        hours.list("items").reversed().stream()
                                .map(each -> {
                                    var one = List.of(each);
                                    long all = each.list("failed").stream()
                                            .mapToLong(failed -> failed.whole("probes"))
                                            .sum();
                                    long byNode = failed(one, "NODE");
                                    long either = failed(one, "NODE_OR_NETWORK");
                                    return List.of(
                                            Words.utc(each.text("hour")),
                                            each.text("served"),
                                            Long.toString(byNode),
                                            Long.toString(either),
                                            Long.toString(all - byNode - either));
                                })
                                .toList())
                .withLegend(
                        new Chart.Key("cell proven", "proven"),
                        new Chart.Key("cell node", "failed: node"),
                        new Chart.Key("cell maybe", "failed: node or network"),
                        new Chart.Key("cell excluded", "not counted"));
    }

    private TemplateInstance money(UriInfo uri, String nodeId, @Nullable String asOf) {
        var rewards = pages.part(() -> operators.rewards(uri, nodeId, asOf, "200", null));
        return tab(nodeId, "money", asOf)
                .data("commission", pages.part(() -> operators.commission(nodeId, asOf)))
                .data("projection", pages.part(() -> operators.projection(nodeId, asOf, null)))
                .data("rewards", rewards(nodeId, rewards));
    }

    private static Chart rewards(String nodeId, Answer rewards) {
        var items = rewards.list("items").stream()
                .filter(each -> each.whole("epoch") > 0 && each.has("toStakers"))
                .toList();
        var bars = items.stream()
                .map(each -> new Bar(
                        each.text("epoch"),
                        List.of(
                                each.number("toStakers").orElse(0) / 1e9,
                                each.number("commission").orElse(0) / 1e9)))
                .toList();
        return new Chart(
                        "rewards",
                        "What it brought, epoch by epoch",
                        "WAL; dark to stakers, light commission",
                        bars.isEmpty()
                                ? "No epoch of it has ended yet."
                                : "Epoch %s brought stakers %s."
                                        .formatted(
                                                items.getLast().text("epoch"),
                                                Words.wal(items.getLast().text("toStakers"))),
                        Bars.draw(
                                "Rewards by epoch",
                                List.of("to stakers", "commission"),
                                bars,
                                OptionalInt.empty(),
                                Words::compact),
                        "/v1/operators/%s/rewards".formatted(nodeId),
                        List.of(
                                "Epoch",
                                "Stake, FROST",
                                "To stakers, FROST",
                                "Commission, FROST",
                                "Yield of the epoch"),
                        items.reversed().stream()
                                .map(each -> List.of(
                                        each.text("epoch"),
                                        each.text("stake"),
                                        each.text("toStakers"),
                                        each.text("commission"),
                                        each.text("yield.decimal18")))
                                .toList())
                .withLegend(new Chart.Key("key1", "to stakers"), new Chart.Key("key2", "commission"));
    }

    /**
     * A way in which staking with an operator can go wrong.
     *
     * @param tone good, warn or bad, and a word beside it always
     * @param source where it can be read
     */
    public record Risk(String what, String tone, String state, String source) {}

    private List<Risk> risks(UriInfo uri, String nodeId, @Nullable String asOf) {
        var answer = pages.answer(operators.operator(nodeId, asOf));
        var score = pages.part(() -> audits.score(nodeId, null, asOf)).list("windows").stream()
                .filter(each -> each.text("window").equals("30d"))
                .findFirst()
                .orElseGet(() -> Answer.none(""));
        var commission = pages.part(() -> operators.commission(nodeId, asOf));
        var parameters = pages.part(() -> governance.parameters(asOf));
        var slashing = pages.part(() -> governance.slashing(uri, asOf, MOST, null));
        String of = "/operators/" + nodeId;
        var risks = new ArrayList<Risk>();
        boolean enough = score.has("score.enough");
        double high = score.number("score.wilson.high").orElse(1);
        risks.add(new Risk(
                "It serves less than it must",
                high < 0.97 ? "bad" : enough ? "good" : "warn",
                score.has("score")
                        ? "%s of %s probes served in 30 days%s"
                                .formatted(
                                        score.text("score.served"),
                                        score.text("probes"),
                                        enough ? "" : ", too few for a rate")
                        : "not probed yet",
                of));
        var scheduled = answer.list("operator.commission.scheduled");
        boolean rises =
                !scheduled.isEmpty() && scheduled.getLast().whole("rate") > answer.whole("operator.commission.rate");
        risks.add(new Risk(
                "Commission can rise, two epochs after it is announced",
                rises ? "warn" : "good",
                rises
                        ? "%s now, %s from epoch %s"
                                .formatted(
                                        Words.percent(answer.text("operator.commission.rate")),
                                        Words.percent(scheduled.getLast().text("rate")),
                                        scheduled.getLast().text("epoch"))
                        : "%s, nothing announced; %s so far"
                                .formatted(
                                        Words.percent(answer.text("operator.commission.rate")),
                                        Words.count(commission.list("changes").size(), "change")),
                of + "/money"));
        long shards = answer.whole("operator.shards");
        long halt = parameters.whole("oneHonestWeight");
        boolean large = halt > 0 && shards * 10 > halt;
        risks.add(new Risk(
                "It holds much of the network",
                large ? "warn" : "good",
                "%d of %s shards; %d could halt".formatted(shards, parameters.text("nShards"), halt),
                "/governance#few"));
        long missed = answer.whole("duties.rounds.missed");
        risks.add(new Risk(
                "It is absent from votes",
                missed > 0 ? "warn" : "good",
                "%s cast, %d missed".formatted(Words.count(answer.whole("duties.rounds.cast"), "vote"), missed),
                of + "/votes"));
        var rounds = slashing.list("items").stream()
                .filter(each -> each.text("candidate").equals(answer.text("operator.nodeId")))
                .toList();
        boolean open =
                rounds.stream().anyMatch(each -> List.of("voting", "quorum").contains(each.text("state")));
        risks.add(new Risk(
                "Its commission is slashed; principal never is",
                open ? "bad" : rounds.isEmpty() ? "good" : "warn",
                open
                        ? "a vote is open"
                        : rounds.isEmpty() ? "no vote so far" : Words.count(rounds.size(), "vote") + " so far",
                "/governance"));
        return risks;
    }

    private Answer dossier(String nodeId, @Nullable String asOf) {
        try {
            var answer = audits.dossier(nodeId, null, null, asOf);
            return new Answer(json.readTree(answer.getEntity()));
        } catch (ProblemException problem) {
            return Answer.none(String.valueOf(problem.getMessage()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a dossier of %s is no JSON".formatted(nodeId), e);
        }
    }

    /** As the address of a page has them. */
    private static List<String> lower(List<String> words) {
        return words.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }
}
