package dev.vibrissa.dashboards;

import dev.vibrissa.api.capacity.CapacityResource;
import dev.vibrissa.api.expiry.ExpiryResource;
import dev.vibrissa.api.governance.GovernanceResource;
import dev.vibrissa.api.price.PriceResource;
import dev.vibrissa.api.revenue.RevenueResource;
import dev.vibrissa.api.subsidy.SubsidyResource;
import dev.vibrissa.api.supply.SupplyResource;
import dev.vibrissa.dashboards.chart.Bars;
import dev.vibrissa.dashboards.chart.Bars.Bar;
import dev.vibrissa.dashboards.chart.Chart;
import dev.vibrissa.dashboards.chart.OwnersCalendar;
import dev.vibrissa.dashboards.chart.OwnersCalendar.Cell;
import dev.vibrissa.dashboards.chart.OwnersCalendar.Column;
import dev.vibrissa.dashboards.chart.OwnersCalendar.Row;
import dev.vibrissa.dashboards.chart.Series;
import dev.vibrissa.dashboards.chart.Series.Line;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What set the price, who paid and earned, and what runs out when. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.TEXT_HTML)
public class MoneyPages {
    private static final String MOST = "1000";
    private static final int SHOWN = 60;
    /** All that they have in a year of epochs is less than a thousand rows. */
    private static final int MOST_HOLDERS = 18;

    private static final int MOST_COLUMNS = 26;
    private static final double FROST = 1e9;

    private final Pages pages;
    private final PriceResource prices;
    private final RevenueResource revenue;
    private final CapacityResource capacity;
    private final SubsidyResource subsidies;
    private final SupplyResource supply;
    private final GovernanceResource governance;
    private final ExpiryResource expiry;
    private final Template economics;
    private final Template calendar;

    MoneyPages(
            Pages pages,
            PriceResource prices,
            RevenueResource revenue,
            CapacityResource capacity,
            SubsidyResource subsidies,
            SupplyResource supply,
            GovernanceResource governance,
            ExpiryResource expiry,
            Template economics,
            Template calendar) {
        this.pages = pages;
        this.prices = prices;
        this.revenue = revenue;
        this.capacity = capacity;
        this.subsidies = subsidies;
        this.supply = supply;
        this.governance = governance;
        this.expiry = expiry;
        this.economics = economics;
        this.calendar = calendar;
    }

    @GET
    @Path("economics")
    @Operation(hidden = true)
    public RestResponse<String> economics(UriInfo uri, @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show("Economics", () -> {
            var room = pages.answer(capacity.capacity(asOf));
            var parameters = pages.part(() -> governance.parameters(asOf));
            var changes = pages.part(() -> prices.list(uri, asOf, MOST, null));
            var income = pages.part(() -> revenue.list(uri, asOf, MOST, null));
            return economics
                    .data("frame", pages.frame("Economics", room, parameters))
                    .data("room", room)
                    .data("parameters", parameters)
                    .data("price", price(changes))
                    .data("votes", votes(parameters))
                    .data("income", income(income, room))
                    .data("booked", booked(room))
                    .data("supply", pages.part(() -> supply.supply(asOf)))
                    .data("burns", pages.part(() -> supply.burns(uri, asOf, MOST, null)))
                    .data("subsidies", pages.part(() -> subsidies.list(uri, asOf, MOST, null)))
                    .data("at", asOf == null ? "" : asOf);
        });
    }

    private static Chart price(Answer changes) {
        var all = changes.list("items");
        var last = all.subList(Math.max(0, all.size() - SHOWN), all.size());
        return new Chart(
                "price",
                "Storage and write price",
                "FROST per MiB of encoded size; each change",
                last.isEmpty()
                        ? "No price was seen yet."
                        : "%s changes; storage %s, write %s FROST now."
                                .formatted(
                                        Words.grouped(Integer.toString(all.size())),
                                        Words.grouped(last.getLast().text("storagePrice")),
                                        Words.grouped(last.getLast().text("writePrice"))),
                Series.draw(
                        "Prices at each change",
                        last.stream().map(each -> "epoch " + each.text("epoch")).toList(),
                        List.of(
                                new Line(
                                        "storage",
                                        last.stream()
                                                .map(each -> each.number("storagePrice"))
                                                .toList()),
                                new Line(
                                        "write",
                                        last.stream()
                                                .map(each -> each.number("writePrice"))
                                                .toList())),
                        List.of(),
                        List.of(),
                        0,
                        OptionalDouble.empty(),
                        Words::compact),
                "/v1/prices",
                List.of("When, UTC", "Epoch", "Checkpoint", "Storage, FROST", "Write, FROST"),
                all.reversed().stream()
                        .map(each -> List.of(
                                Words.utc(each.text("timestamp")),
                                each.text("epoch"),
                                each.text("checkpoint"),
                                each.text("storagePrice"),
                                each.text("writePrice")))
                        .toList());
    }

    /** How many shards vote for each price; what a quorum votes for at most is in force. */
    private static Chart votes(Answer parameters) {
        var byPrice = new TreeMap<Long, Long>();
        parameters
                .list("votes")
                .forEach(each -> byPrice.merge(each.whole("storagePrice"), each.whole("weight"), Long::sum));
        var bars = byPrice.entrySet().stream()
                .map(each -> new Bar(Words.compact(each.getKey()), List.of((double) each.getValue())))
                .toList();
        long inForce = parameters.whole("storagePrice.inForce");
        long below = byPrice.headMap(inForce, true).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new Chart(
                "votes",
                "The votes behind it",
                "shards by storage price voted for, %s of %s set it"
                        .formatted(parameters.text("quorumWeight"), parameters.text("nShards")),
                bars.isEmpty()
                        ? "No vote was seen."
                        : "%d shards vote %s or less.".formatted(below, Words.grouped(Long.toString(inForce))),
                Bars.draw("Shards by price voted for", List.of("shards"), bars, OptionalInt.empty(), Words::compact),
                "/v1/governance/parameters",
                List.of("Operator", "Shards", "Storage vote, FROST", "Write vote, FROST", "Capacity vote, bytes"),
                parameters.list("votes").stream()
                        .map(each -> List.of(
                                Words.named(each, "name", "nodeId"),
                                each.text("weight"),
                                each.text("storagePrice"),
                                each.text("writePrice"),
                                each.text("nodeCapacity")))
                        .toList());
    }

    private static Chart income(Answer income, Answer room) {
        var items = income.list("items");
        var last = items.subList(Math.max(0, items.size() - SHOWN), items.size());
        long now = room.whole("epoch");
        var bars = last.stream()
                .map(each -> new Bar(
                        each.text("epoch"),
                        List.of(
                                each.number("accrualFromUsers").orElse(0) / FROST,
                                each.number("accrualFromSubsidies").orElse(0) / FROST)))
                .toList();
        int running = -1;
        for (int i = 0; i < last.size(); i++) {
            running = last.get(i).whole("epoch") == now ? i : running;
        }
        return new Chart(
                        "income",
                        "Income by epoch of service",
                        "WAL; dark from users, light from subsidies; paler booked ahead",
                        bars.isEmpty() ? "Nothing was paid yet." : "Paid once, earned over the epochs it was paid for.",
                        Bars.draw(
                                "Income by epoch of service",
                                List.of("users", "subsidies"),
                                bars,
                                running < 0 ? OptionalInt.empty() : OptionalInt.of(running),
                                Words::compact),
                        "/v1/revenue",
                        List.of(
                                "Epoch",
                                "Paid in it by users, FROST",
                                "Earned in it from users, FROST",
                                "Earned from subsidies, FROST",
                                "Bytes bought"),
                        items.reversed().stream()
                                .map(each -> List.of(
                                        each.text("epoch"),
                                        each.text("cashFromUsers"),
                                        each.text("accrualFromUsers"),
                                        each.text("accrualFromSubsidies"),
                                        each.text("bytesBought")))
                                .toList())
                .withLegend(new Chart.Key("key1", "from users"), new Chart.Key("key2", "from subsidies"));
    }

    private static Chart booked(Answer room) {
        var epochs = room.list("epochs");
        var unit = Words.unit(epochs.stream()
                .mapToDouble(each -> each.number("usedCapacity").orElse(0))
                .max()
                .orElse(0));
        var bars = epochs.stream()
                .map(each -> new Bar(
                        each.text("epoch"), List.of(each.number("usedCapacity").orElse(0) / unit.size())))
                .toList();
        return new Chart(
                "booked",
                "Capacity booked ahead",
                unit.name() + " encoded, by epoch",
                "%s of %s used in epoch %s."
                        .formatted(
                                Words.bytes(room.text("usedCapacity")),
                                Words.bytes(room.text("totalCapacity")),
                                room.text("epoch")),
                Bars.draw("Capacity booked by epoch", List.of("booked"), bars, OptionalInt.of(0), Words::compact),
                "/v1/capacity",
                List.of("Epoch", "Booked, bytes", "Rewards booked, FROST"),
                epochs.stream()
                        .map(each -> List.of(each.text("epoch"), each.text("usedCapacity"), each.text("rewards")))
                        .toList());
    }

    @GET
    @Path("expiry")
    @Operation(hidden = true)
    public RestResponse<String> calendar(UriInfo uri, @RestQuery @Nullable String at) {
        String asOf = Pages.moment(at);
        return pages.show("Expiry", () -> {
            var answer = pages.answer(expiry.calendar(asOf));
            var epochs = answer.list("epochs");
            long objects =
                    epochs.stream().mapToLong(each -> each.whole("objects")).sum();
            var held =
                    pages.part(() -> expiry.owners(uri, null, null, Integer.toString(MOST_HOLDERS), asOf, MOST, null));
            return calendar.data("frame", pages.frame("Expiry", answer))
                    .data("answer", answer)
                    .data("epochs", epochs)
                    .data("objects", objects)
                    .data("chart", chart(epochs))
                    .data("held", held)
                    .data("owners", owners(answer, held, new EpochDates(pages.part(() -> governance.parameters(asOf)))))
                    .data("at", asOf == null ? "" : asOf);
        });
    }

    /** Those with most bytes that end. */
    private static Chart owners(Answer all, Answer ending, EpochDates dates) {
        var items = ending.list("items");
        var epochs = items.stream()
                .map(each -> each.whole("endEpoch"))
                .distinct()
                .sorted()
                .limit(MOST_COLUMNS)
                .toList();
        var byHolder = items.stream().collect(Collectors.groupingBy(MoneyPages::holder));
        var holders = byHolder.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, List<Answer>> each) -> -bytes(each.getValue())))
                .toList();
        var rows = holders.stream()
                .map(each -> {
                    var cells = new TreeMap<Integer, Cell>();
                    each.getValue().stream()
                            .filter(one -> epochs.contains(one.whole("endEpoch")))
                            .forEach(one -> cells.put(
                                    epochs.indexOf(one.whole("endEpoch")),
                                    new Cell(
                                            one.number("bytes").orElse(0),
                                            "%s of %s, %s, end when epoch %s begins"
                                                    .formatted(
                                                            Words.count(one.whole("objects"), "object"),
                                                            Words.cut(each.getKey()),
                                                            Words.bytes(one.text("bytes")),
                                                            one.text("endEpoch")))));
                    return new Row(
                            Words.cut(each.getKey()), holderPage(each.getValue().getFirst()), cells);
                })
                .toList();
        long running = all.whole("asOf.epoch");
        String soon = all.list("epochs").stream()
                .filter(each -> each.whole("endEpoch") == running + 1)
                .map(each -> Words.bytes(each.text("bytes")))
                .findFirst()
                .orElse("nothing");
        String date = dates.about(running + 1);
        return new Chart(
                "owners",
                "Who must act",
                "by holder, largest first; squares as large as what ends, darker the more it is of all that the holder has",
                "When epoch %d begins%s, %s ends. %s shown."
                        .formatted(
                                running + 1,
                                date.isEmpty() ? "" : ", " + date,
                                soon,
                                rows.size() < MOST_HOLDERS
                                        ? Words.count(rows.size(), "holder")
                                        : "The %d holders with most are".formatted(MOST_HOLDERS)),
                OwnersCalendar.draw(
                        "What ends by holder and epoch",
                        epochs.stream()
                                .map(each -> new Column(Long.toString(each), dates.month(each), "/expiry/" + each))
                                .toList(),
                        rows,
                        !epochs.isEmpty() && epochs.getFirst() == running + 1),
                "/v1/expiry/owners",
                List.of("Holder", "Kind", "Ends before epoch", "Objects", "Bytes"),
                holders.stream()
                        .flatMap(each -> each.getValue().stream())
                        .map(each -> List.of(
                                each.has("holder") ? each.text("holder") : "nobody",
                                each.text("holderKind"),
                                each.text("endEpoch"),
                                each.text("objects"),
                                each.text("bytes")))
                        .toList());
    }

    private static String holder(Answer ending) {
        return ending.has("holder") ? ending.text("holder") : ending.text("holderKind");
    }

    private static String holderPage(Answer ending) {
        return !ending.has("holder")
                ? ""
                : (ending.text("holderKind").equals("address") ? "/addresses/" : "/objects/") + ending.text("holder");
    }

    private static double bytes(List<Answer> ending) {
        return ending.stream()
                .mapToDouble(each -> each.number("bytes").orElse(0))
                .sum();
    }

    private static Chart chart(List<Answer> epochs) {
        var unit = Words.unit(epochs.stream()
                .mapToDouble(each -> each.number("bytes").orElse(0))
                .max()
                .orElse(0));
        var rows = new ArrayList<Bar>();
        epochs.forEach(each -> rows.add(
                new Bar(each.text("endEpoch"), List.of(each.number("bytes").orElse(0) / unit.size()))));
        return new Chart(
                "expiring",
                "What ends when",
                unit.name() + " before encoding, by the epoch at whose start it ends",
                epochs.isEmpty()
                        ? "Nothing is alive."
                        : "%s end when epoch %s begins: %s."
                                .formatted(
                                        Words.count(epochs.getFirst().whole("objects"), "object"),
                                        epochs.getFirst().text("endEpoch"),
                                        Words.bytes(epochs.getFirst().text("bytes"))),
                Bars.draw("Bytes that end by epoch", List.of("ends"), rows, OptionalInt.empty(), Words::compact),
                "/v1/expiry",
                List.of("Ends before epoch", "Objects", "Bytes"),
                epochs.stream()
                        .map(each -> List.of(each.text("endEpoch"), each.text("objects"), each.text("bytes")))
                        .toList());
    }

    @GET
    @Path("expiry/{epoch}")
    @Operation(hidden = true)
    public RestResponse<String> ending(
            UriInfo uri, @RestPath String epoch, @RestQuery @Nullable String at, @RestQuery @Nullable String cursor) {
        String asOf = Pages.moment(at);
        return pages.show("Expiry", () -> {
            var answer = pages.answer(expiry.expiring(uri, epoch, asOf, "100", Pages.given(cursor)));
            return calendar.data("frame", pages.frame("Expiry", answer))
                    .data("answer", answer)
                    .data("epochs", List.of())
                    .data("objects", 0L)
                    .data("chart", null)
                    .data("owners", null)
                    .data("ending", answer)
                    .data("epoch", epoch)
                    .data("at", asOf == null ? "" : asOf);
        });
    }
}
