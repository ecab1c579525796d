package dev.vibrissa.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.conformance.Conformance;
import dev.vibrissa.server.conformance.Conformance.KeyResult;
import dev.vibrissa.server.conformance.Conformance.Report;
import dev.vibrissa.server.conformance.Program;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds this very program against folders with known answers. */
@Command(
        name = "conformance",
        description =
                "Ingest a folder with known answers and compare every one of them; exit code 1 on any difference.")
final class ConformanceCommand implements Callable<Integer> {
    private static final int SHOWN_DIFFERENCES = 5;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders with an expected.json.")
    private List<Path> folders = List.of();

    @Option(names = "--json", description = "Answer as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        for (Path folder : folders) {
            if (!Conformance.isScenario(folder)) {
                throw new CommandFailure(
                        ExitCode.USAGE, "%s holds no expected.json with walrusEpochs: no scenario".formatted(folder));
            }
        }
        var conformance = new Conformance(Program.thisOne());
        var out = Terminal.of(spec).out();
        var reports = new ArrayList<Report>();
        for (Path folder : folders) {
            var report = conformance.run(folder);
            reports.add(report);
            if (!json) {
                print(out, report);
            }
        }
        if (json) {
            out.println(new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(
                            reports.stream().map(ConformanceCommand::document).toList()));
        }
        return (reports.stream().allMatch(Report::passed) ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }

    private static void print(PrintWriter out, Report report) {
        out.println(report.scenario());
        for (KeyResult result : report.results()) {
            switch (result) {
                case KeyResult.Passed passed ->
                    out.printf("  passed       %-24s %d values%n", passed.key(), passed.assertions());
                case KeyResult.NotHandled unknown -> out.printf("  not handled  %s%n", unknown.key());
                case KeyResult.Failed failed -> {
                    out.printf(
                            "  failed       %-24s %d differences%n",
                            failed.key(), failed.differences().size());
                    failed.differences().stream()
                            .limit(SHOWN_DIFFERENCES)
                            .forEach(difference -> out.println("               " + difference));
                }
            }
        }
        long passed = report.results().stream()
                .filter(KeyResult.Passed.class::isInstance)
                .count();
        out.printf("  %d of %d keys passed%n", passed, report.results().size());
        out.flush();
    }

    private static Object document(Report report) {
        var keys = new LinkedHashMap<String, Object>();
        for (KeyResult result : report.results()) {
            keys.put(
                    result.key(),
                    switch (result) {
                        case KeyResult.Passed passed -> passed.assertions() + " values passed";
                        case KeyResult.NotHandled _ -> "not handled";
                        case KeyResult.Failed failed -> failed.differences();
                    });
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("scenario", report.scenario());
        document.put("passed", report.passed());
        document.put("keys", keys);
        return document;
    }
}
