package dev.vibrissa.server.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;

/** The system's Chromium without a window, looked at from outside. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM =
            Path.of(Optional.ofNullable(System.getenv("VIBRISSA_CHROMIUM")).orElse("/usr/bin/chromium"));
    private static final Path DRIVER =
            Path.of(Optional.ofNullable(System.getenv("VIBRISSA_CHROMEDRIVER")).orElse("/usr/bin/chromedriver"));
    /** Far more than it takes: machines that test have other things to do, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration POLL = Duration.ofMillis(50);

    private static final List<String> ALL_RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private static final String AXE = """
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ["violations"], runOnly: arguments[0] })
              .catch(fault => ({ violations: [{ id: "axe failed, " + fault, nodes: [] }] }))
      .then(found => done(found.violations.map(each =>
                each.id + ": " + each.nodes.slice(0, 3).map(node => node.target.join(" ") + " " + node.html.slice(0, 150)).join(" | "))));
            """;

    private static final String CIRCUMSTANCES = """
            const place = document.querySelector("#rests-on")?.getBoundingClientRect();
            return JSON.stringify({ at: location.href, visible: document.visibilityState, width: innerWidth, height: innerHeight,
              scrolled: scrollY, of: document.documentElement.scrollHeight, top: place?.top, bottom: place?.bottom,
              focus: document.activeElement?.outerHTML.slice(0, 120) })
            """;

    private final ChromeDriver driver;
    private final URI address;
    private final String axe;

    /** How a page is looked at; width and height in CSS pixels. */
    enum View {
        LIGHT(1280, 900, "light", ALL_RULES),
        /** The same page in other colours: nothing else can have changed. */
        DARK(1280, 900, "dark", List.of("color-contrast")),
        PHONE(390, 844, "light", ALL_RULES);

        private final int width;
        private final int height;
        private final String scheme;
        private final List<String> rules;

        View(int width, int height, String scheme, List<String> rules) {
            this.width = width;
            this.height = height;
            this.scheme = scheme;
            this.rules = rules;
        }
    }

    private Browser(ChromeDriver driver, URI address) {
        this.driver = driver;
        this.address = address;
        this.axe = axe();
    }

    /** Why there is no browser to look with; empty where there is one. */
    static String missing() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER)
                ? ""
                : "no browser: %s and %s are needed (.ci/install-tools installs them; VIBRISSA_CHROMIUM and VIBRISSA_CHROMEDRIVER name others)"
                        .formatted(CHROMIUM, DRIVER);
    }

    static Browser open(URI address) {
        var options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options), address);
    }

    private static String axe() {
        try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a page in a view, and waits until it is there. */
    void visit(String path, View view) {
        look(view);
        run("window.isLeft = true");
        driver.get(address.resolve(path).toString());
        // The driver of a browser that has just been opened, on a busy machine, now and then returns before the load is
        // over.
        waitFor("!window.isLeft && document.readyState === 'complete'");
    }

    /** The page that is open in another view, without a load: as somebody who turns on the dark, or makes the window small. */
    void look(View view) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", view.scheme))));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        view.width,
                        "height",
                        view.height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        view == View.PHONE));
    }

    /** Opens an empty tab before the one that is looked at, whose name it returns. */
    String openTab() {
        String before = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        return before;
    }

    /** Closes the tab that is looked at and goes back to another one. */
    void closeTab(String to) {
        driver.close();
        driver.switchTo().window(to);
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    String text(String selector) {
        return driver.findElement(By.cssSelector(selector)).getText();
    }

    String path() {
        return URI.create(Objects.requireNonNull(driver.getCurrentUrl())).getPath();
    }

    /** What a script returns. */
    Object run(String script) {
        return Objects.requireNonNullElse(driver.executeScript(script), "");
    }

    /** Keys as somebody presses them, wherever the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    static CharSequence tab() {
        return Keys.TAB;
    }

    static CharSequence enter() {
        return Keys.ENTER;
    }

    static CharSequence escape() {
        return Keys.ESCAPE;
    }

    /** The page as it comes out of a printer: a PDF. */
    byte[] printed() {
        return Base64.getDecoder().decode(driver.print(new PrintOptions()).getContent());
    }

    /** Whether the page is shown as it would be printed. */
    void print(boolean on) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", on ? "print" : ""));
    }

    /** Looks at the page until a condition holds in it. */
    void waitFor(String condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(driver.executeScript("return " + condition))) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "%s does not hold after %s: %s".formatted(condition, PATIENCE, run(CIRCUMSTANCES)));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** What keeps people with a screen reader, weak eyes or no mouse from using the page. */
    List<?> barriers(View view) {
        driver.manage().timeouts().scriptTimeout(PATIENCE.multipliedBy(2));
        if (!Boolean.TRUE.equals(driver.executeScript("return typeof axe === 'object'"))) {
            driver.executeScript(axe);
        }
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript(AXE, view.rules));
    }

    /** What the console said since it was asked last, warnings and worse. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        // The browser now and then gives up on a picture while a page settles. Pictures are for people: none proves
        // anything.
        for (int attempt = 1; attempt <= 3; attempt++) {
            try {
                Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
                return;
            } catch (TimeoutException noPicture) {
                System.out.printf("no picture %s attempt=%d%n", file.getFileName(), attempt);
            }
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
