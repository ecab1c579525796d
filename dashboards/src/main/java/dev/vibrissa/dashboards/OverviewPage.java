package dev.vibrissa.dashboards;

import dev.vibrissa.api.adoption.AdoptionResource;
import dev.vibrissa.api.audit.HourResource;
import dev.vibrissa.api.audit.NetworkAvailabilityResource;
import dev.vibrissa.api.audit.ScoreResource;
import dev.vibrissa.api.audit.ShardResource;
import dev.vibrissa.api.blob.BlobResource;
import dev.vibrissa.api.capacity.CapacityResource;
import dev.vibrissa.api.concentration.ConcentrationResource;
import dev.vibrissa.api.expiry.ExpiryResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.price.PriceResource;
import dev.vibrissa.api.status.StatusResource;
import dev.vibrissa.dashboards.chart.Bars;
import dev.vibrissa.dashboards.chart.Bars.Bar;
import dev.vibrissa.dashboards.chart.Chart;
import dev.vibrissa.dashboards.chart.Drawing;
import dev.vibrissa.dashboards.chart.EpochLine;
import dev.vibrissa.dashboards.chart.EpochLine.Phase;
import dev.vibrissa.dashboards.chart.ShardMap;
import dev.vibrissa.dashboards.chart.Share;
import dev.vibrissa.dashboards.chart.Spark;
import dev.vibrissa.dashboards.chart.Whisker;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateExtension;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Is Walrus well right now, and what changed? */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class OverviewPage {
    private static final String HERE = "Overview";
    private static final String MOST = "1000";
    private static final String NEWEST = "8";
    private static final String SPARK_POINTS = "200";
    private static final int MOST_NOTICES = 5;
    private static final int MAP_OF_HOURS = 72;
    private static final double WORRYING = 0.97;

    private final Pages pages;
    private final StatusResource status;
    private final ShardResource shards;
    private final NetworkAvailabilityResource availability;
    private final ScoreResource scores;
    private final HourResource hours;
    private final GovernanceResource governance;
    private final ConcentrationResource concentration;
    private final CapacityResource capacity;
    private final PriceResource prices;
    private final ExpiryResource expiry;
    private final AdoptionResource adoption;
    private final BlobResource blobs;
    private final Template overview;

    OverviewPage(
            Pages pages,
            StatusResource status,
            ShardResource shards,
            NetworkAvailabilityResource availability,
            ScoreResource scores,
            HourResource hours,
            GovernanceResource governance,
            ConcentrationResource concentration,
            CapacityResource capacity,
            PriceResource prices,
            ExpiryResource expiry,
            AdoptionResource adoption,
            BlobResource blobs,
            Template overview) {
        this.pages = pages;
        this.status = status;
        this.shards = shards;
        this.availability = availability;
        this.scores = scores;
        this.hours = hours;
        this.governance = governance;
        this.concentration = concentration;
        this.capacity = capacity;
        this.prices = prices;
        this.expiry = expiry;
        this.adoption = adoption;
        this.blobs = blobs;
        this.overview = overview;
    }

    @GET
    @Operation(hidden = true)
    public RestResponse<String> overview(UriInfo uri, @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show(HERE, () -> {
            var parameters = pages.answer(governance.parameters(asOf));
            // How our own data is, and which blobs came last, is known of now alone.
            var health = asOf == null ? pages.answer(status.status()) : Answer.none("");
            var ranking = pages.part(() -> scores.scores(uri, "30d", null, asOf));
            var slashing = pages.part(() -> governance.slashing(uri, asOf, MOST, null));
            var upgrades = pages.part(() -> governance.upgrades(uri, asOf, MOST, null));
            var held = pages.part(() -> shards.shards(uri, null, asOf, MOST, null));
            var newest = asOf == null ? pages.part(() -> newest(uri)) : Answer.none("The list of blobs is one of now.");
            var notices = notices(health, slashing, upgrades, ranking, parameters);
            return overview.data("frame", pages.frame(HERE, health, parameters, held, newest))
                    .data("sentence", sentence(health, slashing, ranking))
                    .data("notices", notices)
                    .data("parameters", parameters)
                    .data("epoch", epoch(parameters))
                    .data("served", pages.part(() -> availability.ofNetwork("30d", null, asOf)))
                    .data("stored", pages.part(() -> expiry.calendar(asOf)))
                    .data("capacity", pages.part(() -> capacity.capacity(asOf)))
                    .data("prices", pages.part(() -> prices.list(uri, asOf, SPARK_POINTS, null)))
                    .data("few", pages.part(() -> concentration.concentration("node", asOf, null, null)))
                    .data("held", held)
                    .data("map", held.list("items").isEmpty() ? null : map(held, ranking))
                    .data(
                            "failures",
                            failures(pages.whole(cursor ->
                                    hours.hours(uri, null, Integer.toString(MAP_OF_HOURS), asOf, MOST, cursor))))
                    .data("certified", certified(pages.part(() -> adoption.list(uri, asOf, MOST, null))))
                    .data("newest", newest);
        });
    }

    private RestResponse<?> newest(UriInfo uri) {
        return blobs.list(uri, null, null, null, null, null, null, null, null, null, "-firstSeen", NEWEST, null);
    }

    /** The worst first: who does not trust us need not read on. */
    private static String sentence(Answer health, Answer slashing, Answer ranking) {
        if (health.text("state").equals("doubtful") && !health.list("findings").isEmpty()) {
            return "Read with care: " + health.list("findings").getFirst().plain() + ".";
        }
        long votes =
                slashing.list("items").stream().filter(OverviewPage::isOpen).count();
        long failing = failing(ranking).size();
        String well = failing == 0
                ? "Walrus is serving."
                : failing == 1
                        ? "Walrus is serving; one operator fails more than it should."
                        : "Walrus is serving; %d operators fail more than they should.".formatted(failing);
        return votes == 0
                ? well
                : well
                        + (votes == 1
                                ? " One operator is under vote."
                                : " %d operators are under vote.".formatted(votes));
    }

    private static boolean isOpen(Answer round) {
        return List.of("voting", "quorum").contains(round.text("state"));
    }

    /** Those whose interval lies below what any network should serve. */
    private static List<Answer> failing(Answer ranking) {
        return ranking.list("items").stream()
                .filter(each -> each.has("high") && each.number("high").orElse(1) < WORRYING)
                .toList();
    }

    private static List<Notice> notices(
            Answer health, Answer slashing, Answer upgrades, Answer ranking, Answer parameters) {
        var notices = new ArrayList<Notice>();
        health.list("findings")
                .forEach(each -> notices.add(new Notice("Our own data", each.plain(), "/status", "status")));
        slashing.list("items").stream()
                .filter(OverviewPage::isOpen)
                .forEach(each -> notices.add(new Notice(
                        "Slashing vote: " + Words.named(each, "name", "candidate"),
                        "%s of %s shards voted".formatted(each.text("weight"), each.text("quorumWeight")),
                        "/governance",
                        "open desk")));
        upgrades.list("items").stream()
                .filter(OverviewPage::isOpen)
                .forEach(each -> notices.add(new Notice(
                        "Upgrade to version " + each.text("targetVersion"),
                        "%s of %s shards voted".formatted(each.text("weight"), each.text("quorumWeight")),
                        "/governance",
                        "upgrade")));
        failing(ranking)
                .forEach(each -> notices.add(new Notice(
                        Words.named(each, "name", "nodeId") + " fails",
                        "%s of %s probes served, 30 days"
                                .formatted(each.text("served"), each.whole("served") + each.whole("failed")),
                        "/operators/" + each.text("nodeId") + "/failures",
                        "failures")));
        parameters.list("votes").stream()
                .filter(each -> !each.list("scheduledCommission").isEmpty())
                .filter(each -> each.list("scheduledCommission").getLast().whole("rate") > each.whole("commissionRate"))
                .forEach(each -> notices.add(new Notice(
                        "Commission rises at " + Words.named(each, "name", "nodeId"),
                        "%s to %s from epoch %s"
                                .formatted(
                                        Words.percent(each.text("commissionRate")),
                                        Words.percent(each.list("scheduledCommission")
                                                .getLast()
                                                .text("rate")),
                                        each.list("scheduledCommission")
                                                .getLast()
                                                .text("epoch")),
                        "/operators/" + each.text("nodeId") + "/money",
                        "terms")));
        return notices.subList(0, Math.min(MOST_NOTICES, notices.size()));
    }

    private static @Nullable Drawing epoch(Answer parameters) {
        if (!parameters.has("clock.startedAt")) {
            return null;
        }
        var now = Instant.parse(parameters.text("asOf.timestamp"));
        var started = Instant.parse(parameters.text("clock.startedAt"));
        var voting = Instant.parse(parameters.text("clock.votingEnds"));
        var ends = Instant.parse(parameters.text("clock.epochEnds"));
        long epoch = parameters.whole("clock.epoch");
        var phases = new ArrayList<Phase>();
        phases.add(new Phase(started, "Epoch " + epoch, Words.utc(started.toString()) + ", shards ready"));
        phases.add(new Phase(
                voting, "Voting ends", (voting.isAfter(now) ? "not before " : "") + Words.utc(voting.toString())));
        phases.add(new Phase(ends, "Epoch " + (epoch + 1), "not before " + Words.utc(ends.toString())));
        return EpochLine.draw("Epoch %d, %s".formatted(epoch, parameters.text("clock.state")), phases, now);
    }

    /** Best operators first, as they rank; those without a rank follow. */
    private static Chart map(Answer held, Answer ranking) {
        var place = new HashMap<String, Integer>();
        ranking.list("items").forEach(each -> place.put(each.text("nodeId"), place.size()));
        var shards = held.list("items").stream()
                .sorted(Comparator.comparingInt(
                                (Answer each) -> place.getOrDefault(each.text("nodeId"), Integer.MAX_VALUE))
                        .thenComparing(each -> each.text("nodeId"))
                        .thenComparingLong(each -> each.whole("shard")))
                .toList();
        double[] medians = shards.stream()
                .filter(each -> each.has("medianMillis"))
                .mapToDouble(each -> each.number("medianMillis").orElse(0))
                .sorted()
                .toArray();
        long probes = shards.stream().mapToLong(OverviewPage::probes).sum();
        var dayBefore = Instant.parse(held.text("asOf.timestamp")).minus(Duration.ofDays(1));
        long bad =
                shards.stream().filter(each -> each.whole("failedByNode") > 0).count();
        return new Chart(
                        "shards",
                        "Shard map",
                        "%d shards by operator, best served first; 24 hours, %s probes; a cell leads to its own"
                                .formatted(shards.size(), Words.grouped(Long.toString(probes))),
                        bad == 0
                                ? "No shard failed by its node's fault."
                                : "%d of %d shards failed at least once by their node's fault."
                                        .formatted(bad, shards.size()),
                        ShardMap.draw(
                                "Shards and how they were served in 24 hours: %d with failures of their node"
                                        .formatted(bad),
                                shards.stream()
                                        .map(each -> cell(each, medians, dayBefore))
                                        .toList()),
                        "/v1/shards?limit=1000",
                        List.of(
                                "Shard",
                                "Operator",
                                "Served",
                                "Failed, node",
                                "Failed, node or network",
                                "Not counted",
                                "Median ms"),
                        shards.stream()
                                .map(each -> List.of(
                                        each.text("shard"),
                                        Words.named(each, "name", "nodeId"),
                                        each.text("served"),
                                        each.text("failedByNode"),
                                        each.text("failedByEither"),
                                        each.text("excused"),
                                        Words.rounded(each.text("medianMillis"))))
                                .toList())
                .withLegend(
                        new Chart.Key("cell c1", "proven, fast"),
                        new Chart.Key("cell c4", "proven, slow"),
                        new Chart.Key("cell node", "failed: node"),
                        new Chart.Key("cell maybe", "failed: node or network"),
                        new Chart.Key("cell few", "not probed yet"));
    }

    private static long probes(Answer shard) {
        return shard.whole("served")
                + shard.whole("failedByNode")
                + shard.whole("failedByEither")
                + shard.whole("excused");
    }

    private static ShardMap.Cell cell(Answer shard, double[] medians, Instant since) {
        String state = shard.whole("failedByNode") > 0
                ? "node"
                : shard.whole("failedByEither") > 0
                        ? "maybe"
                        : !shard.has("medianMillis")
                                ? "few"
                                : "c"
                                        + (1
                                                + quarter(
                                                        shard.number("medianMillis")
                                                                .orElse(0),
                                                        medians));
        return new ShardMap.Cell(
                state,
                "%s, shard %s: %s served, %s failed by the node, %s by node or network"
                        .formatted(
                                Words.named(shard, "name", "nodeId"),
                                shard.text("shard"),
                                shard.text("served"),
                                shard.text("failedByNode"),
                                shard.text("failedByEither")),
                "/operators/%s/probes?askedFrom=%s&shard=%s"
                        .formatted(shard.text("nodeId"), since, shard.text("shard")));
    }

    private static int quarter(double value, double[] ascending) {
        int below = 0;
        for (double each : ascending) {
            below += each < value ? 1 : 0;
        }
        return Math.min(3, 4 * below / Math.max(1, ascending.length));
    }

    private static Chart failures(Answer hours) {
        var byHour = new TreeMap<String, Map<String, Long>>();
        hours.list("items").forEach(each -> {
            var blamed = byHour.computeIfAbsent(each.text("hour"), _ -> new TreeMap<>());
            each.list("failed")
                    .forEach(failed -> blamed.merge(
                            switch (failed.text("blame")) {
                                case "NODE" -> "node";
                                case "NODE_OR_NETWORK" -> "either";
                                default -> "other";
                            },
                            failed.whole("probes"),
                            Long::sum));
        });
        var bars = byHour.entrySet().stream()
                .map(each -> new Bar(
                        Words.hour(each.getKey()),
                        List.of(
                                (double) each.getValue().getOrDefault("node", 0L),
                                (double) each.getValue().getOrDefault("either", 0L),
                                (double) each.getValue().getOrDefault("other", 0L))))
                .toList();
        long all = bars.stream()
                .mapToLong(
                        bar -> bar.parts().stream().mapToLong(Double::longValue).sum())
                .sum();
        return new Chart(
                        "failures",
                        "Failed probes by blame",
                        "per hour, %d h, all operators".formatted(MAP_OF_HOURS),
                        bars.isEmpty()
                                ? "Nothing was asked in these hours."
                                : "%s probes failed, in %s."
                                        .formatted(Words.grouped(Long.toString(all)), Words.count(bars.size(), "hour")),
                        Bars.draw(
                                "Failed probes by hour",
                                List.of("node", "node or network", "neither"),
                                bars,
                                OptionalInt.empty(),
                                Words::compact),
                        "/v1/hours?hours=" + MAP_OF_HOURS,
                        List.of("Hour, UTC", "Node", "Node or network", "Neither"),
                        rows(bars))
                .withLegend(
                        new Chart.Key("cell node", "node"),
                        new Chart.Key("cell maybe", "node or network"),
                        new Chart.Key("cell other", "neither, not counted"));
    }

    private static Chart certified(Answer adoption) {
        var bars = adoption.list("items").stream()
                .map(each -> new Bar(
                        each.text("epoch"),
                        List.of(
                                each.number("bytes").orElse(0)
                                        - each.number("deletableBytes").orElse(0),
                                each.number("deletableBytes").orElse(0))))
                .toList();
        var last = bars.subList(Math.max(0, bars.size() - 40), bars.size());
        var unit = Words.unit(last.stream().mapToDouble(Bar::sum).max().orElse(0));
        return new Chart(
                        "registered",
                        "Newly registered",
                        unit.name() + " before encoding, by epoch",
                        last.isEmpty()
                                ? "Nothing was registered yet."
                                : "Epoch %s: %s so far."
                                        .formatted(
                                                last.getLast().name(),
                                                Words.bytes(last.getLast().sum())),
                        Bars.draw(
                                "Bytes registered by epoch",
                                List.of("permanent", "deletable"),
                                last.stream().map(bar -> bar.by(unit.size())).toList(),
                                OptionalInt.empty(),
                                Words::compact),
                        "/v1/adoption",
                        List.of("Epoch", "Permanent, bytes", "Deletable, bytes"),
                        rows(last))
                .withLegend(new Chart.Key("key1", "permanent"), new Chart.Key("key2", "deletable"));
    }

    static List<List<String>> rows(List<Bar> bars) {
        return bars.stream()
                .map(bar -> {
                    var row = new ArrayList<>(List.of(bar.name()));
                    bar.parts().forEach(part -> row.add(Words.plain(part)));
                    return List.copyOf(row);
                })
                .toList();
    }

    /** Drawings of tiles, asked for by the template. */
    @TemplateExtension
    static final class Tiles {
        private Tiles() {}

        static Drawing whisker(Answer served) {
            return Whisker.draw(
                    served.number("weighted").orElse(0),
                    served.number("low").orElse(0),
                    served.number("high").orElse(1),
                    served.number("low").orElse(0),
                    served.has("weighted"),
                    served.whole("served") + served.whole("failed"));
        }

        static Drawing used(Answer capacity) {
            double used = capacity.number("usedCapacity").orElse(0)
                    / capacity.number("totalCapacity").orElse(1);
            return Share.draw("%s of the capacity is used".formatted(Words.ratio(used)), used);
        }

        static Drawing course(Answer prices) {
            return Spark.draw(
                    "Storage price, each change",
                    prices.list("items").stream()
                            .map(each -> each.number("storagePrice").orElse(0))
                            .collect(Collectors.toList()));
        }

        static Drawing few(Answer few) {
            double share = few.number("measures.nakamotoOneHonest").orElse(0)
                    / few.number("measures.holders").orElse(1);
            return Share.draw("%s of the operators could halt".formatted(Words.ratio(share)), share);
        }

        /** Objects that are alive, and their bytes. */
        static long objects(Answer calendar) {
            return calendar.list("epochs").stream()
                    .mapToLong(each -> each.whole("objects"))
                    .sum();
        }

        static String size(Answer calendar) {
            return Words.bytes(calendar.list("epochs").stream()
                    .mapToDouble(each -> each.number("bytes").orElse(0))
                    .sum());
        }
    }
}
