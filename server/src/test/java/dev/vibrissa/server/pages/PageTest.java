package dev.vibrissa.server.pages;

import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.server.api.IndexedScenario;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages say, as they leave the server: nothing here needs a browser. The chain is {@code blob-life}, audited. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class PageTest {
    private static final String BLOB = "/blobs/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc";
    private static final String ACCOUNT =
            "/addresses/0x198b9065714e643b9bc521c0a786982a5979f7d30fadb51b1cf9d065dc9c838e";
    private static final Pattern EVIDENCE = Pattern.compile("class=\"proof\" href=\"([^\"]+)\"");
    private static final Pattern NODE = Pattern.compile("href=\"(/operators/0x[0-9a-f]{64})\"");
    private static final Pattern CARDS =
            Pattern.compile("<table class=\"[^\"]*cards\">.*?<tbody>(.*?)</tbody>", Pattern.DOTALL);

    /** A number with evidence, and its address. */
    private static final Pattern PROVEN =
            Pattern.compile("class=\"proof\" href=\"(/evidence/[a-z][^\"/]+)\">(.*?)</a>");

    private static final Pattern NUMBERS =
            Pattern.compile("<(?:td|p)[^>]* class=\"(?:number|figure)[^\"]*\">(.*?)</(?:td|p)>", Pattern.DOTALL);

    private static final Pattern DIGIT = Pattern.compile("(?<![\\p{Alnum}\"/])\\d");
    private static final Pattern LINK = Pattern.compile(" href=\"(/(?!q/|assets/)[^\"#]*)(?:#[^\"]*)?\"");
    private static final Pattern PART =
            Pattern.compile("<td data-label=\"What came\"><a href=\"([^\"]+)\">([a-z-]+)</a>(?:(?!</tr>).)*"
                    + "<td data-label=\"Now\" class=\"number\">(\\d+)</td>"
                    + "<td data-label=\"Change\" class=\"number\"><a href=\"([^\"]+)\">([^<]+)</a>");
    private static final Pattern SHARD = Pattern.compile(
            "<a href=\"(/operators/[^\"]+shard=\\d+)\" aria-label=\"([^\"]+, shard \\d+): (\\d+) served");

    /** Not long after the last round. */
    private static final String PROBED = "at=checkpoint:1072";

    private static final Map<String, String> SHOWN = new HashMap<>();
    private static final Set<String> OPENED = new HashSet<>();

    @Inject
    DataSource dataSource;

    private static Response open(String address) {
        return given().urlEncodingEnabled(false).redirects().follow(false).get(address);
    }

    private static String page(String address) {
        // The chain stands still: what was shown once is shown again.
        return SHOWN.computeIfAbsent(address, _ -> {
            var answer = open(address);
            assertThat(answer.statusCode())
                    .as(address + "\n" + answer.asString())
                    .isEqualTo(200);
            return answer.asString();
        });
    }

    private static String first(Pattern link, String page) {
        return link.matcher(page)
                .results()
                .findFirst()
                .map(found -> found.group(1))
                .orElseThrow(() -> new AssertionError(link + " is not in " + page));
    }

    private static String tip() {
        return "checkpoint:" + given().get("/v1/network").jsonPath().getLong("asOf.checkpoint");
    }

    private static String operator() {
        return first(NODE, page("/operators"));
    }

    private static List<String> pages() {
        String operator = operator();
        return List.of(
                "/",
                BLOB,
                "/expiry",
                "/operators",
                operator,
                operator + "/failures",
                operator + "/probes",
                operator + "/money",
                operator + "/votes",
                operator + "/delegators",
                operator + "/risks",
                "/delegate",
                "/economics",
                "/governance",
                "/governance/report",
                "/audits",
                ACCOUNT);
    }

    /** What the page that is linked says is made again there of its inputs, and comes out the same. */
    @Test
    void everyNumberWithEvidenceIsMadeAgainOfIt() {
        var seen = new TreeSet<String>();
        var open = new ArrayDeque<String>();
        for (String page : pages()) {
            EVIDENCE.matcher(page(page)).results().map(PageTest::link).forEach(open::add);
        }
        int numbers = 0;
        while (!open.isEmpty()) {
            String address = open.remove();
            if (seen.add(address)) {
                String evidence = page(address);
                assertThat(evidence).as(address).doesNotContain("not shown");
                if (!evidence.contains("<ol class=\"steps\">")) {
                    assertThat(evidence).as(address).contains("class=\"hero\"", "made again: the same");
                    numbers++;
                }
            }
        }
        assertThat(numbers).as("numbers in %s", seen).isGreaterThan(10);
        assertThat(seen).anyMatch(each -> each.matches("/evidence/[1-9A-HJ-NP-Za-km-z]+/\\d+"));
    }

    private static String link(MatchResult found) {
        return found.group(1).replace("&amp;", "&");
    }

    /** Numbers of pages that show nothing but now have theirs, too; and what stands there is what is made again. */
    @Test
    void theEvidenceOfANumberIsAboutThatNumber() {
        int numbers = 0;
        for (String page : List.of("/status", "/economics", "/governance", "/governance/report?from=0")) {
            for (MatchResult found : PROVEN.matcher(page(page)).results().toList()) {
                String number = found.group(2).replaceAll("<[^>]+>", "").strip();
                assertThat(page(link(found)))
                        .as("%s of %s", link(found), page)
                        .containsPattern("class=\"hero\">" + Pattern.quote(number) + "(?: FROST)?<")
                        .contains("made again: the same");
                numbers++;
            }
        }
        assertThat(numbers).isGreaterThan(25);
    }

    /** Whoever doubts a number of these pages clicks on it. */
    @ParameterizedTest
    @ValueSource(strings = {"/status", "/governance", "/governance/report?from=0", "/economics"})
    void noNumberStandsThereUnproven(String address) {
        String page = page(address);
        var numbers =
                NUMBERS.matcher(page).results().map(found -> found.group(1)).toList();
        assertThat(numbers).isNotEmpty();
        assertThat(numbers.stream().filter(each -> DIGIT.matcher(each).find() && !each.contains("<a ")))
                .isEmpty();
        var leads = LINK.matcher(page).results().map(PageTest::link).distinct().toList();
        assertThat(leads).isNotEmpty();
        for (String each : leads) {
            if (OPENED.add(each)) {
                assertThat(open(each).statusCode()).as(each).isEqualTo(200);
            }
        }
    }

    private static String failing() {
        return given().get("/v1/probes?blame=node&limit=1").jsonPath().getString("items[0].nodeId");
    }

    private static int probes(String list) {
        return given().urlEncodingEnabled(false)
                .get("/v1" + list + "&limit=1000")
                .jsonPath()
                .getList("items")
                .size();
    }

    /** Each count leads to as many probes. */
    @Test
    void whatMovedAScoreIsOneClickFromItsProbes() {
        String page = page("/operators/%s?window=epoch".formatted(failing()));
        assertThat(page)
                .contains("Why it moved", "Too few probes for a rate then", "?since=epoch&amp;window=epoch#why");
        var parts = PART.matcher(page).results().toList();
        assertThat(parts).hasSizeGreaterThan(4);
        for (MatchResult part : parts) {
            assertThat(probes(link(part))).as(part.group()).isEqualTo(Integer.parseInt(part.group(3)));
            assertThat(probes(part.group(4).replace("&amp;", "&")))
                    .as(part.group())
                    .isEqualTo(Integer.parseInt(part.group(5).replace("+", "")));
        }
        assertThat(parts.stream().filter(part -> part.group().contains(">missing<")))
                .isNotEmpty();
    }

    /** With two rates, the sentence says what happened between them. */
    @Test
    void aScoreThatMovedSaysWhatMovedIt() throws SQLException {
        String node = failing();
        var first = "update node_score s set enough = %s where s.window_name = 'epoch' and s.node_id = decode('"
                + node.substring(2) + "', 'hex') and s.computed_at = (select min(computed_at) from node_score o"
                + " where o.node_id = s.node_id and o.window_name = 'epoch')";
        execute(first.formatted("true"));
        try {
            assertThat(open("/operators/%s?since=best&window=epoch".formatted(node))
                            .asString())
                    .containsPattern("It rose from at least [0-9.]+ % to at least [0-9.]+ % \\(\\+[0-9.]+ points\\)")
                    .containsPattern("most of all by \\d+ more (slivers|symbols), served: \\+");
        } finally {
            execute(first.formatted("false"));
        }
    }

    private void execute(String sql) throws SQLException {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    /** The list has the probes of the cell, and says of which hour. */
    @Test
    void aCellOfTheHoursLeadsToItsProbes() {
        String node = failing();
        var hours = given().get("/v1/hours?hours=336&nodeId=%s&%s".formatted(node, PROBED))
                .jsonPath();
        List<String> begins = hours.getList("items.hour");
        assertThat(begins).isNotEmpty();
        String page = page("/operators/%s?%s".formatted(node, PROBED));
        for (int i = 0; i < begins.size(); i++) {
            int served = hours.getInt("items[%d].served".formatted(i));
            var cell = Pattern.compile("<a href=\"([^\"]+askedFrom=%s)\" aria-label=\"[^\"]+: %d served,"
                            .formatted(begins.get(i), served))
                    .matcher(page);
            assertThat(cell.find()).as(begins.get(i)).isTrue();
            String list = cell.group(1).replace("&amp;", "&");
            assertThat(probes(list))
                    .isEqualTo(served
                            + hours.getList("items[%d].failed.probes".formatted(i), Integer.class).stream()
                                    .mapToInt(Integer::intValue)
                                    .sum());
            assertThat(page(list)).contains("name=\"askedFrom\" value=\"%s\"".formatted(begins.get(i)), "/probes/");
        }
        assertThat(page("/operators/%s/probes?askedBefore=2001-01-01T00:00:00Z".formatted(node)))
                .contains("No probe of it is like that");
        assertThat(open("/operators/%s/probes?askedFrom=soon".formatted(node)).asString())
                .contains("askedFrom is a time like");
    }

    /** Each has a name and leads to what was asked of it; the drawing says that arrows go through it. */
    @Test
    void aCellOfTheShardMapIsNamedAndLeadsToItsProbes() {
        String page = page("/?" + PROBED);
        var cells = SHARD.matcher(page).results().toList();
        assertThat(cells)
                .hasSize(given().get("/v1/shards?limit=1000")
                        .jsonPath()
                        .getList("items")
                        .size());
        assertThat(page).contains("data-cells");
        var probed = cells.stream()
                .filter(cell -> !cell.group(3).equals("0"))
                .findFirst()
                .orElseThrow();
        assertThat(probes(link(probed) + "&verdict=served")).isEqualTo(Integer.parseInt(probed.group(3)));
    }

    /** A view is pinned by its link, the pinned one says of when it is, and leads back to now. */
    @Test
    void everyPageShowsThePast() {
        String tip = tip();
        for (String page : pages()) {
            assertThat(page(page)).as(page).contains("as of now", "?at=" + tip + "\"");
            String past = page(page + "?at=checkpoint:1070");
            assertThat(past)
                    .as(page)
                    .contains(
                            "<body class=\"past\">",
                            "as of checkpoint 1\u202f070",
                            "as it was on",
                            "?at=checkpoint:1070\"");
            assertThat(past).as(page).contains("<a class=\"button quiet now\" href=\"" + page + "\">back to now</a>");
            // Nothing that is looked at as it was is exchanged for what is.
            assertThat(past).as(page).contains("href=\"/governance?at=checkpoint:1070\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?at=2, ?at=epoch:2",
        "?at=1070, ?at=epoch:1070",
        "?at=00001070, ?at=checkpoint:00001070",
        "?at=epoch%202, ?at=epoch:2",
        "?at=2026-06-15, ?at=time:2026-06-15T00:00:00Z",
        "?at=2026-06-15%2010:30, ?at=time:2026-06-15T10:30:00Z",
        "?at=now, ''",
        "?at=&name=&window=all, ?window=all",
    })
    void whatPeopleWriteForAMomentBecomesTheShortestAddress(String written, String address) {
        var answer = open("/operators" + written);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/operators" + address);
    }

    @Test
    void aMomentThatIsNoneIsNamed() {
        assertThat(open("/governance?at=yesterday").asString()).contains("at is epoch:41", "yesterday");
    }

    /** Phones show rows as cards, in which each value needs its word. */
    @Test
    void everyCellOfACardSaysWhatItIs() {
        int tables = 0;
        for (String page : pages()) {
            for (MatchResult table : CARDS.matcher(page(page)).results().toList()) {
                tables++;
                assertThat(table.group(1))
                        .as(page)
                        .doesNotContain("<td>", "<td class")
                        .contains("data-label=");
            }
        }
        assertThat(tables).isGreaterThan(12);
    }

    @Test
    void aBlobSaysUntilWhenAndWhyOneCanKnow() {
        assertThat(page(BLOB + "?at=checkpoint:1066"))
                .contains("<b>L50C2q</b>", "Readable", "0x2f9d02daa4ea27c17918f835", ">proof</a>")
                .containsPattern("Stored until epoch \\d+ begins</a>, about \\d+ \\w+ (20)?\\d\\d");
    }

    @Test
    void whatIsWatchedSaysHow() {
        assertThat(page("/watch" + BLOB))
                .contains(
                        "/v1/stream?topics=blob&amp;blob=L50C2q",
                        "&quot;blobId&quot;:&quot;L50C2q",
                        "&quot;expiry&quot;");
        assertThat(page("/watch" + operator())).contains("score_drop", "commission_raise", "&amp;node=0x");
        assertThat(page("/watch/votes")).contains("slashing_vote");
        assertThat(open("/watch/nothing").statusCode()).isEqualTo(404);
        // It expired: there is no day to put into a calendar.
        assertThat(open("/watch" + BLOB + "/calendar").statusCode()).isEqualTo(404);
    }

    /** Nobody here asks storage nodes, and says so. */
    @Test
    void filesOfAQuiltAreReadFromNodesOrSaidNotToBe() {
        List<Map<String, Object>> quilts = given().get("/v1/blobs?attribute=_walrusBlobType:quilt&order=-firstSeen")
                .jsonPath()
                .getList("items");
        assertThat(page(BLOB + "/files")).contains("Its files could not be read", "Why: ");
        for (var quilt : quilts) {
            assertThat(page("/blobs/" + quilt.get("blobId"))).contains("/files\">list files</a>");
        }
        assertThat(given().get("/v1" + BLOB + "/files").jsonPath().getString("why"))
                .contains("no owner says that it is a quilt");
    }

    /** What is grouped by owner is neither more nor less than what ends. */
    @ParameterizedTest
    @MethodSource("moments")
    void theOwnersCalendarAddsUpToAll(String at) {
        List<Map<String, Object>> all =
                given().get("/v1/expiry" + at).jsonPath().getList("epochs");
        List<Map<String, Object>> owners =
                given().get("/v1/expiry/owners" + at).jsonPath().getList("items");
        assertThat(owners).isNotEmpty();
        for (var epoch : all) {
            var of = owners.stream()
                    .filter(each -> Objects.equals(each.get("endEpoch"), epoch.get("endEpoch")))
                    .toList();
            assertThat(of.stream()
                            .mapToInt(each -> (int) requireNonNull(each.get("objects")))
                            .sum())
                    .as("%s", epoch)
                    .isEqualTo(epoch.get("objects"));
            assertThat(of.stream()
                            .map(each -> new BigInteger((String) requireNonNull(each.get("bytes"))))
                            .reduce(BigInteger.ZERO, BigInteger::add))
                    .isEqualTo(new BigInteger((String) requireNonNull(epoch.get("bytes"))));
        }
    }

    /** Whoever has most comes whole, whatever the kind; the list goes on in its order. */
    @ParameterizedTest
    @MethodSource("moments")
    void theLargestOwnersAreThoseWithMost(String at) {
        String and = at.isEmpty() ? "?" : at + "&";
        List<Map<String, Object>> owners =
                given().get("/v1/expiry/owners" + at).jsonPath().getList("items");
        var bytes = new TreeMap<String, BigInteger>();
        owners.forEach(each ->
                bytes.merge(holder(each), new BigInteger((String) requireNonNull(each.get("bytes"))), BigInteger::add));
        var most = bytes.entrySet().stream()
                .sorted(Map.Entry.<String, BigInteger>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(2)
                .map(Map.Entry::getKey)
                .toList();
        var asked = new ArrayList<Map<String, Object>>();
        String next = "";
        while (next != null) {
            var page = given().get("/v1/expiry/owners%slargest=2&limit=1%s".formatted(and, next))
                    .jsonPath();
            asked.addAll(page.getList("items"));
            next = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
        }
        assertThat(asked)
                .isNotEmpty()
                .isEqualTo(owners.stream()
                        .filter(each -> most.contains(holder(each)))
                        .toList());
    }

    private static String holder(Map<String, Object> ending) {
        return ending.get("holderKind") + " " + ending.get("holder");
    }

    static Stream<String> moments() {
        return Stream.of("", "?at=checkpoint:1066", "?at=epoch:3");
    }

    @Test
    void theOwnersCalendarIsTheSameNowAndAsOfNow() {
        assertThat(given().get("/v1/expiry/owners").jsonPath().getList("items"))
                .isEqualTo(
                        given().get("/v1/expiry/owners?at=" + tip()).jsonPath().getList("items"));
        assertThat(page("/expiry")).contains("Who must act", "href=\"/addresses/0x");
    }
}
