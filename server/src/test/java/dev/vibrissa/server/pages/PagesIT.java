package dev.vibrissa.server.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.conformance.Program;
import dev.vibrissa.server.pages.Browser.View;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Every page in a browser, over one run of the simulated network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path SCREENSHOTS = ROOT.resolve("server/target/screenshots");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(250);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private Program.@Nullable Server up;
    private @Nullable Browser browser;
    private String blob = "";
    private String node = "";
    private String address = "";

    /** A page, and what somebody who opens it must read. */
    private record Page(String name, String path, String content) {}

    @BeforeAll
    void network(@TempDir Path directory) throws Exception {
        assumeTrue(Browser.missing().isEmpty(), Browser::missing);
        var program = Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"));
        up = program.serve(
                directory.resolve("log"),
                "--data",
                "" + directory.resolve("data"),
                "--walrus-epoch",
                "15s",
                "--seed",
                "7");
        browser = Browser.open(address());
        until("/v1/network", each -> each.at("/asOf/epoch").asLong() >= 2);
        node = until("/v1/operators?limit=1", each -> !each.at("/items").isEmpty())
                .at("/items/0/nodeId")
                .asText();
        blob = until(
                        "/v1/blobs?status=certified&order=firstSeen",
                        each -> !each.at("/items").isEmpty())
                .at("/items/0/blobId")
                .asText();
        address = until(
                        "/v1/blobs/%s/objects".formatted(blob),
                        each -> !each.at("/items").isEmpty())
                .at("/items/0/registered/sender")
                .asText();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (up != null) {
            up.close();
        }
        http.close();
    }

    private URI address() {
        return Objects.requireNonNull(up).address();
    }

    private Browser browser() {
        return Objects.requireNonNull(browser);
    }

    private List<Page> pages() {
        return List.of(
                new Page("overview", "/", "Needs attention"),
                new Page("search", "/search?q=simulated", "its name contains it"),
                new Page("blobs", "/blobs", "First seen"),
                new Page("blob", "/blobs/" + blob, "Why you can believe this"),
                new Page("operators", "/operators", "Who serves what they must"),
                new Page("operator", "/operators/" + node, "Served when asked, at least"),
                new Page("failures", "/operators/" + node + "/failures", "Everything that failed"),
                new Page("probes", "/operators/" + node + "/probes", "What it was asked for"),
                new Page("money", "/operators/" + node + "/money", "If things went on"),
                new Page("votes", "/operators/" + node + "/votes", "Duties by epoch"),
                new Page("delegators", "/operators/" + node + "/delegators", "Who staked with it"),
                new Page("risks", "/operators/" + node + "/risks", "What could go wrong"),
                new Page("dossier", "/operators/" + node + "/dossier", "The case against it"),
                new Page("account", "/addresses/" + address, "Blobs alive"),
                new Page("statement", "/addresses/" + address + "?tab=payments", "Amount"),
                new Page("delegate", "/delegate", "If you stake now"),
                new Page("economics", "/economics", "Storage and write price"),
                new Page("expiry", "/expiry", "What ends when"),
                new Page("governance", "/governance", "How few can decide"),
                new Page("report", "/governance/report", "Who took part"),
                new Page("audits", "/audits", "Roots of the log"),
                new Page("status", "/status", "What does not add up"),
                new Page("method", "/method", "How each number is made"),
                new Page("epoch", "/epochs/1", "Report of this epoch"));
    }

    @TestFactory
    Stream<DynamicTest> everyPageIsFitForEverybody() {
        return pages().stream().map(page -> DynamicTest.dynamicTest(page.name(), () -> isFitForEverybody(page)));
    }

    private void isFitForEverybody(Page page) throws IOException {
        browser().visit(page.path(), View.LIGHT);
        for (View view : View.values()) {
            browser().look(view);
            browser()
                    .screenshot(SCREENSHOTS.resolve(
                            "%s-%s.png".formatted(page.name(), view.name().toLowerCase(Locale.ROOT))));
            String of = page.name() + ", " + view.name().toLowerCase(Locale.ROOT);
            assertThat(
                            view == View.PHONE
                                    ? browser()
                                            .run("return document.body.textContent")
                                            .toString()
                                    : browser().text())
                    .as(of)
                    .contains(page.content());
            if (view == View.PHONE) {
                saysWhatItRestsOn(of);
                assertThat((Long) browser().run("return document.documentElement.scrollWidth"))
                        .as(of + ": nothing is wider than the phone")
                        .isLessThanOrEqualTo(390);
            }
            assertThat(browser().barriers(view))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .as(of)
                    .isEmpty();
            assertThat(browser().complaints()).as(of).isEmpty();
        }
    }

    /** Also to who has scrolled to the end of a phone's page. */
    private void saysWhatItRestsOn(String of) {
        browser().run("scrollTo(0, document.documentElement.scrollHeight)");
        for (String each : List.of("#rests-on", ".network")) {
            browser()
                    .waitFor("(box => box.height > 10 && box.top >= 0 && box.bottom < innerHeight / 4)"
                            + "(document.querySelector('%s').getBoundingClientRect())".formatted(each));
        }
        browser().run("scrollTo(0, 0)");
        assertThat(browser().text(".network")).as(of).containsIgnoringCase("simulated network");
    }

    /** What a number rests on opens beside it, and is left without losing one's place. */
    @Test
    void evidenceIsOneClickAway() {
        browser().visit("/blobs/" + blob, View.LIGHT);
        // It is a page, too, for whoever has no scripts.
        browser()
                .visit(
                        browser()
                                .run("return document.querySelector('.proof').getAttribute('href')")
                                .toString(),
                        View.LIGHT);
        assertThat(browser().text("main")).contains("The effects digest the events");
        browser().visit("/blobs/" + blob, View.LIGHT);
        browser().press("e");
        browser().waitFor("document.querySelector('dialog[open] .steps') !== null");
        assertThat(browser().text("dialog"))
                .contains("Evidence", "The effects digest the events")
                .doesNotContain("not shown");
        browser().run("document.querySelector('dialog [data-check]').click()");
        browser().waitFor("document.querySelectorAll('dialog .checked li').length === 3");
        assertThat(browser().run("return document.querySelectorAll('dialog .so').length"))
                .as(browser().text("dialog"))
                .isEqualTo(3L);
        assertThat(browser().barriers(View.LIGHT))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isEmpty();
        browser().press(Browser.escape());
        browser().waitFor("!document.querySelector('dialog[open]') && document.activeElement.matches('.proof')");
        browser().press("?");
        browser().waitFor("document.querySelector('dialog[open] kbd') !== null");
        browser().press(Browser.escape());
        // The view as it is now, for others.
        browser().run("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }");
        browser().run("document.querySelector('[data-share]').click()");
        assertThat(browser().run("return window.copied").toString()).contains("/blobs/" + blob + "?at=checkpoint:");
        assertThat(browser().complaints()).isEmpty();
    }

    /** Who looks at the past is not taken out of it by the next click, and goes back by one key. */
    @Test
    void thePastIsLeftWhenOneWants() {
        browser().visit("/operators?at=epoch:1", View.LIGHT);
        browser().run("document.querySelector('tbody a[href^=\"/operators/\"]').click()");
        browser()
                .waitFor(
                        "location.pathname.length > 60 && new URLSearchParams(location.search).get('at') === 'epoch:1'");
        browser().press("[");
        browser().waitFor("new URLSearchParams(location.search).get('at') === 'epoch:0'");
        browser().press(".");
        browser().waitFor("location.search === ''");
    }

    /** Thousands of rows, of which the page keeps those that are near. */
    @Test
    void aLongListKeepsWhatIsNear() {
        browser().visit("/blobs", View.LIGHT);
        browser().run("""
                const rows = page => Array.from({ length: 100 }, (_, i) => `<tr><td data-label="Blob">${page * 100 + i}</td></tr>`).join("");
                const list = page => `<table class="long"><tbody>${rows(page)}</tbody></table>`
                  + (page < 29 ? `<p class="more"><a rel="next" href="/blobs?cursor=${page + 1}">next</a></p>` : "");
                window.fetch = address => Promise.resolve(new Response(list(Number(new URL(address, location).searchParams.get("cursor")))));
                document.querySelector("main").innerHTML = list(0);
                import("/assets/list.js").then(list => list.follow(() => {}));
                """);
        browser()
                .waitFor("(scrollTo(0, document.documentElement.scrollHeight),"
                        + " document.querySelector('tr:last-child[aria-rowindex=\"3001\"]') !== null)");
        browser().waitFor("document.querySelectorAll('main tr').length < 400");
        Object height = browser().run("return document.documentElement.scrollHeight");
        browser().run("scrollTo(0, 0)");
        browser().waitFor("document.querySelector('tr[aria-rowindex=\"2\"]') !== null");
        assertThat(browser().run("return document.querySelectorAll('main tr').length < 400"))
                .isEqualTo(true);
        assertThat((Long) browser().run("return document.documentElement.scrollHeight"))
                .isCloseTo((Long) height, withinPercentage(2));
    }

    /** On paper: nothing but the report, in as many pages as it takes, none of them wider than the sheet. */
    @Test
    void theReportIsPrinted() throws IOException {
        browser().visit("/governance/report?from=0", View.LIGHT);
        byte[] sheets = browser().printed();
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve("report.pdf"), sheets);
        assertThat(new String(sheets, StandardCharsets.ISO_8859_1))
                .startsWith("%PDF")
                .contains("/Type /Page");
        browser().print(true);
        assertThat((Boolean) browser().run("""
                        const shown = selector => [...document.querySelectorAll(selector)].some(each => each.offsetParent);
                        return !shown(".rail, .tabs, .search, .view, form, .tools") && shown(".network") && shown("#rests-on")
                        """)).isTrue();
        browser().print(false);
    }

    /** Charts go out as files that can be read: drawings with their own colours, and what they rest on. */
    @Test
    void chartsAreTakenAlong() {
        browser().visit("/economics", View.DARK);
        browser().run("""
                window.files = [];
                const address = URL.createObjectURL;
                URL.createObjectURL = file => { window.last = file; return address.call(URL, file); };
                HTMLAnchorElement.prototype.click = async function () {
                  const file = window.last;
                  window.files.push([this.download, file.type,
                    file.type === "image/png" ? (await createImageBitmap(file)).width : await file.text()]);
                };
                for (const kind of ["csv", "svg", "png"]) document.querySelector(`#price [data-export=${kind}]`).click();
                """);
        browser().waitFor("window.files.length === 3");
        assertThat(browser().run("return window.files.map(each => each[0]).sort().join()"))
                .isEqualTo("price.csv,price.png,price.svg");
        assertThat(browser()
                        .run("return window.files.find(each => each[1] === 'image/svg+xml')[2]")
                        .toString())
                .contains("as of checkpoint", "/economics", "Storage and write price", "rgb(");
        assertThat((Long) browser().run("return window.files.find(each => each[1] === 'image/png')[2]"))
                .isGreaterThan(900L); // at twice its size
    }

    /** A table goes out by the rule of the API's CSV, below an address that may have been given to somebody on purpose. */
    @Test
    void whatIsTakenAlongRunsInNoSpreadsheet() {
        browser().visit("/economics?x=%22", View.LIGHT);
        browser().run("location.hash = \",=cmd|'/C%20calc'!A0\"");
        browser().run("""
                window.files = [];
                URL.createObjectURL = file => { file.text().then(text => window.files.push(text)); return "#"; };
                HTMLAnchorElement.prototype.click = () => {};
                document.querySelector("#price [data-export=csv]").click();
                import("/assets/export.js").then(exports => window.quoted = exports.quoted);
                """);
        browser().waitFor("window.files.length === 1 && window.quoted !== undefined");
        String address =
                browser().run("return window.files[0].split('\\r\\n')[0]").toString();
        assertThat(address).startsWith("\"# ").endsWith("#,=cmd|'/C%20calc'!A0\"");
        assertThat(browser().run("""
                        return ["=1+1", "-cmd()", "@A1", "+1+x", "\\uFF1D1", "\\uFF20S", "a;=1", "a\\rb", "-0.25", "-pV_n-8", "a=b"].map(quoted).join(" ")
                        """))
                .isEqualTo("'=1+1 '-cmd() '@A1 '+1+x '\uFF1D1 '\uFF20S \"a;=1\" \"a\rb\" -0.25 -pV_n-8 a=b");
    }

    @Test
    void everythingIsReachedWithoutAMouse() {
        browser().visit("/", View.LIGHT);
        browser().press(Browser.tab());
        assertThat(browser().run("return document.activeElement.textContent")).isEqualTo("Skip to content");
        browser().press(Browser.enter());
        assertThat(browser().run("return document.activeElement.id")).isEqualTo("main");
        browser().press("/");
        assertThat(browser().run("return document.activeElement.name")).isEqualTo("q");
        browser().press(blob, Browser.enter());
        browser().waitFor("location.pathname.startsWith('/blobs/')");
        assertThat(browser().text("h1")).isEqualTo(blob);
        browser().press("g");
        browser().press("p");
        browser().waitFor("location.pathname === '/operators'");
        // Rows are gone through, chosen, and their tables opened by single keys.
        browser().press("j");
        browser().press("j");
        browser().press("x");
        assertThat(browser().run("return document.querySelectorAll('tbody tr')[1].querySelector(':checked') !== null"))
                .isEqualTo(true);
        // The focus is seen wherever it is.
        browser().press(Browser.tab());
        assertThat(browser().run("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    /** Cells of a map are one stop of the tab key; arrows go through them, and each leads on by key, mouse and finger. */
    @Test
    void mapsAreWalkedByArrows() {
        browser().visit("/", View.LIGHT);
        browser().waitFor("document.querySelectorAll('#shards svg a[tabindex=\"0\"]').length === 1");
        browser().run("document.querySelector('#shards svg a[tabindex=\"0\"]').focus()");
        Object first = browser().run("return document.activeElement.ariaLabel");
        assertThat(first.toString()).contains(", shard ");
        browser().press(Keys.ARROW_DOWN);
        Object below = browser().run("return document.activeElement.ariaLabel");
        browser().press(Keys.ARROW_RIGHT);
        Object beside = browser().run("return document.activeElement.ariaLabel");
        assertThat(List.of(first, below, beside)).doesNotHaveDuplicates();
        browser().press(Keys.END);
        browser().press(Keys.HOME);
        browser().press(Keys.ARROW_UP);
        assertThat(browser().run("return document.activeElement.ariaLabel")).isEqualTo(first);
        assertThat(browser().run("return getComputedStyle(document.activeElement.firstElementChild).strokeWidth"))
                .isEqualTo("2.5px");
        browser().press(Browser.enter());
        browser().waitFor("location.pathname.endsWith('/probes') && location.search.includes('shard=')");
        browser().visit("/operators/" + node, View.PHONE);
        browser().waitFor("document.querySelectorAll('#hours svg a[tabindex=\"0\"]').length === 1");
        // A finger on the middle of a cell finds it, whatever is drawn over it.
        browser().run("""
                const cell = document.querySelector("#hours svg a");
                cell.scrollIntoView({ block: "center", inline: "center" });
                const box = cell.getBoundingClientRect();
                window.hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                window.size = Math.min(box.width, box.height);
                """);
        assertThat(browser().run("return window.hit.closest('a') === document.querySelector('#hours svg a')"))
                .isEqualTo(true);
        assertThat(((Number) browser().run("return window.size")).doubleValue()).isGreaterThan(20);
        browser().run("window.hit.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))");
        browser().waitFor("location.pathname.endsWith('/probes') && location.search.includes('askedFrom=')");
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void whatIsShownGoesOnWithoutAReload() {
        browser().visit("/", View.LIGHT);
        browser().run("window.sameDocument = document.querySelector('#rests-on a').textContent");
        browser().waitFor("document.querySelector('#rests-on a').textContent !== window.sameDocument");
        assertThat(browser().run("return typeof window.sameDocument")).isEqualTo("string");
    }

    @Test
    void aThemeThatWasChosenStaysAndHoldsInEveryTab() {
        browser().visit("/operators", View.LIGHT);
        String first = browser().openTab();
        browser().visit("/status", View.LIGHT);
        browser().run("document.querySelector('button.theme').click()");
        browser().visit("/audits", View.LIGHT);
        assertThat(browser().run("return document.documentElement.dataset.theme"))
                .isEqualTo("dark");
        browser().closeTab(first);
        browser().waitFor("document.documentElement.dataset.theme === 'dark'");
        assertThat(browser().run("return document.querySelector('button.theme').ariaPressed"))
                .isEqualTo("true");
        browser().run("localStorage.removeItem('theme')");
    }

    @Test
    void twoOperatorsAreComparedInThreeSteps() {
        browser().visit("/operators", View.LIGHT);
        browser()
                .run(
                        "document.querySelectorAll('input[name=nodes]').forEach((each, i) => { if (i < 2) each.click(); })");
        // What is ticked stays so when the list is exchanged for a newer one.
        browser().run("window.old = document.querySelector('#operators')");
        browser().waitFor("document.querySelector('#operators') !== window.old");
        browser().run("document.querySelector('button[form=compare]').click()");
        browser().waitFor("location.pathname === '/delegate'");
        assertThat((Long) browser()
                        .run("return document.querySelectorAll('[aria-label=\"Side by side\"] thead a').length"))
                .isEqualTo(2);
    }

    @Test
    void everyNumberOfAChartStandsInATable() {
        browser().visit("/economics", View.LIGHT);
        assertThat(
                        browser()
                                .run(
                                        "return [...document.querySelectorAll('figure.chart')].every(each => each.querySelector('tbody tr') && each.querySelector('svg[role=img][aria-label]'))"))
                .isEqualTo(true);
    }

    /** Asks until the answer is as it is to be. */
    private JsonNode until(String path, Predicate<JsonNode> enough) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            var answer = http.send(
                    HttpRequest.newBuilder(address().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
            last = answer.body();
            if (answer.statusCode() == 200 && enough.test(json.readTree(last))) {
                return json.readTree(last);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new AssertionError("%s after %s is still %s".formatted(path, PATIENCE, last));
    }
}
