package dev.vibrissa.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Sums up what Surefire and Failsafe reported in all modules. The launcher runs this very file with {@code java}, so that there is a
 * summary even when the build broke off before a module was compiled; it uses nothing but the JDK.
 */
public final class TestSummary {
    private static final List<String> REPORTERS = List.of("surefire-reports", "failsafe-reports");
    private static final Pattern SEED = Pattern.compile("(?i)\\bseed\\b.{0,40}?\\d");

    /** One test that did not run, and why. */
    record Skipped(String module, String className, String test, String reason) {}

    /** What the reports of one run add up to; {@code seeds} are the lines in which tests printed one. */
    record Summary(
            int tests,
            int failures,
            int errors,
            double seconds,
            Set<String> modules,
            List<Skipped> skipped,
            Set<String> seeds) {
        String line() {
            return "tests=%d failures=%d errors=%d skipped=%d modules=%d seconds=%.0f"
                    .formatted(tests, failures, errors, skipped.size(), modules.size(), seconds);
        }
    }

    private TestSummary() {}

    /**
     * Writes the list of skipped tests and prints the sums.
     *
     * @param arguments root of the project, {@code --usual} or {@code --soak}, Maven's exit code
     */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        Path target = root.resolve("target");
        var summary = read(root, Files.getLastModifiedTime(target.resolve("tests-started")));
        Path skips = target.resolve("skipped-tests.json");
        Files.writeString(skips, json(summary.skipped()));
        Set<String> servers = servers(target);
        System.out.printf(Locale.ROOT, "%n%s maven=%s%n", summary.line(), arguments[2]);
        System.out.println("servers of the tests: " + String.join(", ", servers));
        summary.skipped()
                .forEach(
                        skip -> System.out.printf("skipped %s.%s: %s%n", skip.className(), skip.test(), skip.reason()));
        System.out.println("skipped tests and their reasons: " + root.relativize(skips));
        if (arguments[1].equals("--soak")) {
            var today = LocalDate.now(ZoneOffset.UTC);
            Path page = Files.createDirectories(root.resolve("docs/soak")).resolve(today + ".md");
            Files.writeString(page, soakPage(today, summary, servers, arguments[2]));
            System.out.println("summary of the soak run: " + root.relativize(page));
        }
    }

    /** Reads the reports written since {@code started}; older ones are of tests that are no longer there. */
    static Summary read(Path root, FileTime started) throws IOException, ParserConfigurationException, SAXException {
        int tests = 0;
        int failures = 0;
        int errors = 0;
        double seconds = 0;
        var modules = new TreeSet<String>();
        var skipped = new ArrayList<Skipped>();
        var seeds = new LinkedHashSet<String>();
        for (Path report : reports(root, started)) {
            String module = root.relativize(report).getName(0).toString();
            modules.add(module);
            var suite = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getDocumentElement();
            for (Element test : children(suite, "testcase")) {
                tests++;
                String time = test.getAttribute("time").replace(",", "");
                seconds += time.isEmpty() ? 0 : Double.parseDouble(time);
                failures += children(test, "failure").size();
                errors += children(test, "error").size();
                for (Element skip : children(test, "skipped")) {
                    skipped.add(new Skipped(
                            module, test.getAttribute("classname"), test.getAttribute("name"), reason(skip)));
                }
                for (Element output : children(test, "system-out")) {
                    output.getTextContent()
                            .lines()
                            .filter(line -> SEED.matcher(line).find())
                            .forEach(line -> seeds.add(test.getAttribute("classname") + ": " + line.strip()));
                }
            }
        }
        return new Summary(tests, failures, errors, seconds, modules, skipped, seeds);
    }

    /** What the JVMs of the tests said that they ran on. */
    private static Set<String> servers(Path target) throws IOException {
        Path told = target.resolve("test-servers");
        return Files.isRegularFile(told) ? new TreeSet<>(Files.readAllLines(told)) : new TreeSet<>(Set.of("none"));
    }

    private static String reason(Element skip) {
        String message = skip.getAttribute("message");
        return message.isEmpty() ? skip.getTextContent().lines().findFirst().orElse("no reason given") : message;
    }

    private static List<Path> reports(Path root, FileTime started) throws IOException {
        var reports = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                for (String plugin : REPORTERS) {
                    Path folder = module.resolve("target").resolve(plugin);
                    if (Files.isDirectory(folder)) {
                        reports.addAll(reportsIn(folder, started));
                    }
                }
            }
        }
        return reports;
    }

    private static List<Path> reportsIn(Path folder, FileTime started) throws IOException {
        var reports = new ArrayList<Path>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("TEST-")
                        && name.endsWith(".xml")
                        && Files.getLastModifiedTime(file).compareTo(started) >= 0) {
                    reports.add(file);
                }
            }
        }
        return reports;
    }

    private static List<Element> children(Element parent, String name) {
        var found = new ArrayList<Element>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    static String json(List<Skipped> skipped) {
        return skipped.stream()
                .map(skip -> "  {\"module\": %s, \"class\": %s, \"test\": %s, \"reason\": %s}"
                        .formatted(
                                quoted(skip.module()),
                                quoted(skip.className()),
                                quoted(skip.test()),
                                quoted(skip.reason())))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String soakPage(LocalDate today, Summary summary, Set<String> servers, String mavenExitCode) {
        var page = new StringBuilder("# Soak run of %s%n%n".formatted(today));
        page.append("`./vibrissa test --soak` on %s.%n%n".formatted(machine()));
        page.append("`%s maven=%s`%n%n".formatted(summary.line(), mavenExitCode));
        page.append("Servers of the tests: %s.%n%n".formatted(String.join(", ", servers)));
        page.append("## Skipped\n\n");
        page.append(summary.skipped().isEmpty() ? "Nothing.\n" : "");
        summary.skipped()
                .forEach(
                        skip -> page.append("- `%s.%s`: %s%n".formatted(skip.className(), skip.test(), skip.reason())));
        page.append("\n## Seeds\n\n");
        page.append(summary.seeds().isEmpty() ? "None was printed.\n" : "");
        summary.seeds().forEach(seed -> page.append("- `%s`%n".formatted(seed)));
        return page.toString();
    }

    private static String machine() {
        long memory =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize()
                        : 0;
        return "%s %s, %s, %d processors, %d GiB, JDK %s"
                .formatted(
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        memory >> 30,
                        Runtime.version());
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException notLinux) {
            return "unknown processor";
        }
    }
}
