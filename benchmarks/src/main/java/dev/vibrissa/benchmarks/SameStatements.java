package dev.vibrissa.benchmarks;

import dev.vibrissa.migrations.Database;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The statements that answers are made of, as PostgreSQL logged them, and {@code pgbench} sending them again at a rate of its
 * own.
 *
 * <p>pgbench draws the times of its transactions (a Poisson process), and counts from these times on as {@link OpenLoop} does.
 */
final class SameStatements {
    /** As many files as pgbench takes, and some less. */
    static final int MOST_SCRIPTS = 100;

    private static final int CLIENTS = 8;
    private static final Pattern LINE =
            Pattern.compile("^\\d{4}-\\d\\d-\\d\\d [\\d:.]+ UTC \\[(\\d+)] ([A-Z]+):  (.*)$");
    private static final Pattern EXECUTE = Pattern.compile("^(?:execute [^:]+|statement): (.*)$", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+) = (NULL|'(?:[^']++|'')*+')");
    private static final Pattern PLACE = Pattern.compile("\\$(\\d+)");

    private final Database database;
    private final Path logs;
    private final Path folder;

    /**
     * @param logs folder of the server's log
     * @param folder for scripts
     */
    SameStatements(Database database, Path logs, Path folder) {
        this.database = database;
        this.logs = logs;
        this.folder = folder;
    }

    static Optional<Path> pgbench() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(each -> Path.of(each, "pgbench"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Asks something that the server answers by statements. */
    @FunctionalInterface
    interface Asking {
        void ask() throws IOException, InterruptedException;
    }

    /** The transactions of the API while something is asked, as scripts. */
    List<String> of(Asking asking) throws IOException, InterruptedException, SQLException {
        Path log = logs.resolve("postgres-%s.log"
                .formatted(LocalDate.now(ZoneOffset.UTC).getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ROOT)));
        FilledDatabase.execute(
                database, "alter system set log_statement = 'all'", "select pg_reload_conf()", "select pg_sleep(0.3)");
        long from = Files.size(log);
        try {
            asking.ask();
        } finally {
            FilledDatabase.execute(
                    database, "alter system reset log_statement", "select pg_reload_conf()", "select pg_sleep(0.3)");
        }
        return transactions(since(log, from));
    }

    private static String since(Path log, long from) throws IOException {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(from);
            byte[] bytes = new byte[Math.toIntExact(file.length() - from)];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Whatever one session did from BEGIN to ROLLBACK, as answers are read. */
    static List<String> transactions(String log) {
        var scripts = new ArrayList<String>();
        var open = new HashMap<String, List<String>>();
        for (Entry entry : entries(log)) {
            var statements = open.computeIfAbsent(entry.session(), _ -> new ArrayList<>());
            Matcher execute = EXECUTE.matcher(entry.text());
            if (entry.kind().equals("LOG") && execute.matches()) {
                statements.add(execute.group(1).strip());
                if (execute.group(1).strip().equalsIgnoreCase("rollback")) {
                    if (statements.getFirst().equalsIgnoreCase("begin") && statements.size() > 3) {
                        scripts.add(String.join(";\n", statements) + ";\n");
                    }
                    open.remove(entry.session());
                }
            } else if (entry.kind().equals("DETAIL") && !statements.isEmpty()) {
                statements.set(statements.size() - 1, bound(statements.getLast(), entry.text()));
            }
        }
        return scripts;
    }

    private record Entry(String session, String kind, String text) {}

    private static List<Entry> entries(String log) {
        var entries = new ArrayList<Entry>();
        for (String line : log.split("\n")) {
            Matcher begin = LINE.matcher(line);
            if (begin.matches()) {
                entries.add(new Entry(begin.group(1), begin.group(2), begin.group(3)));
            } else if (!entries.isEmpty()) {
                var last = entries.removeLast();
                entries.add(new Entry(last.session(), last.kind(), last.text() + "\n" + line.strip()));
            }
        }
        return entries;
    }

    private static String bound(String statement, String detail) {
        Map<String, String> values = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(detail);
        while (parameter.find()) {
            values.put(parameter.group(1), literal(parameter.group(2)));
        }
        return PLACE.matcher(statement)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "null")));
    }

    /** The log has no types; those that matter to a plan show in the values. */
    private static String literal(String value) {
        if (value.equals("NULL")) {
            return "null";
        }
        if (value.matches("'-?\\d+'")) {
            return value + "::bigint";
        }
        if (value.startsWith("'\\x")) {
            return value + "::bytea";
        }
        if (value.startsWith("'{\"\\\\x") || value.equals("'{}'")) {
            return value + "::bytea[]";
        }
        return value.equals("'t'") || value.equals("'f'") ? value + "::boolean" : value;
    }

    /** Sends the scripts again, drawn at random. */
    Latencies again(Path pgbench, List<String> scripts, int perSecond, Duration how)
            throws IOException, InterruptedException {
        Path here = Files.createTempDirectory(folder, "pgbench-");
        try {
            var command = new ArrayList<>(List.of(
                    pgbench.toString(),
                    "--host=127.0.0.1",
                    "--port=" + database.jdbcUrl().replaceAll(".*:(\\d+)/.*", "$1"),
                    "--username=" + database.user(),
                    "--no-vacuum",
                    "--protocol=simple",
                    "--client=" + CLIENTS,
                    "--rate=" + perSecond,
                    "--time=" + how.toSeconds(),
                    "--log",
                    "--log-prefix=" + here.resolve("times")));
            for (int i = 0; i < Math.min(scripts.size(), MOST_SCRIPTS); i++) {
                command.add("--file=" + Files.writeString(here.resolve(i + ".sql"), scripts.get(i)));
            }
            command.add(database.jdbcUrl().replaceAll(".*/([^?]+).*", "$1"));
            Path said = here.resolve("said");
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
            process.environment().put("PGPASSWORD", database.password());
            // As sessions of the API have it; but a plan is made for each statement, for pgbench knows no parameters
            // here.
            process.environment()
                    .put("PGOPTIONS", "-c search_path=answered,public -c max_parallel_workers_per_gather=0");
            int code = process.start().waitFor();
            if (code != 0) {
                throw new IOException("pgbench ended with %d: %s".formatted(code, Files.readString(said)));
            }
            return times(here);
        } finally {
            FilledDatabase.delete(here);
        }
    }

    /** The third field of each line: microseconds from the time that the transaction was meant for. */
    private static Latencies times(Path folder) throws IOException {
        var nanos = new ArrayList<Long>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("times"))
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    nanos.add(Long.parseLong(line.split(" ", -1)[2]) * 1000);
                }
            }
        }
        if (nanos.isEmpty()) {
            throw new IOException("pgbench told no times");
        }
        nanos.sort(null);
        return new Latencies(nanos, 0);
    }
}
