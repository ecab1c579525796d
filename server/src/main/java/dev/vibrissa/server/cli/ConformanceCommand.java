package dev.vibrissa.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.conformance.Conformance;
import dev.vibrissa.server.conformance.Conformance.KeyResult;
import dev.vibrissa.server.conformance.Conformance.Report;
import dev.vibrissa.server.conformance.EncodingVectors;
import dev.vibrissa.server.conformance.EventBlobVectors;
import dev.vibrissa.server.conformance.Program;
import dev.vibrissa.server.conformance.QuiltVectors;
import dev.vibrissa.server.conformance.SnapshotVectors;
import dev.vibrissa.server.conformance.VectorReport;
import dev.vibrissa.server.conformance.VectorReport.Kind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds this very program against folders with known answers. */
@Command(
        name = "conformance",
        description = {
            "Compare with folders of known answers; exit code 1 on any difference.",
            "A folder with an expected.json with walrusEpochs is a chain: it is indexed by a process of its own and every answer compared over HTTP. "
                    + "One with index.json and reed-solomon.json holds vectors of the erasure code, one with subfolders that have "
                    + "a quilt.bin holds quilts, an expected.json with certifiedHead event blobs, one with xxhash64Seed0 a "
                    + "blob-info snapshot: every case is computed and compared, reasons of refusals included."
        })
final class ConformanceCommand implements Callable<Integer> {
    private static final int SHOWN_DIFFERENCES = 5;

    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders with known answers.")
    private List<Path> folders = List.of();

    @Option(names = "--json", description = "Answer as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        for (Path folder : folders) {
            if (!Conformance.isScenario(folder)
                    && !EncodingVectors.isThere(folder)
                    && !QuiltVectors.isThere(folder)
                    && !EventBlobVectors.isThere(folder)
                    && !SnapshotVectors.isThere(folder)) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        ("%s holds no known answers: no expected.json with walrusEpochs, certifiedHead or "
                                        + "xxhash64Seed0, no index.json with reed-solomon.json, no subfolder with a "
                                        + "quilt.bin")
                                .formatted(folder));
            }
        }
        ConsoleLog.warnings(spec);
        boolean passed = true;
        var documents = new ArrayList<Object>();
        for (Path folder : folders) {
            passed &= Conformance.isScenario(folder) ? runScenario(folder, documents) : runVectors(folder, documents);
        }
        if (json) {
            Terminal.of(spec)
                    .out()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(documents));
        }
        return (passed ? ExitCode.OK : ExitCode.CHECK_FAILED).number();
    }

    private boolean runScenario(Path folder, List<Object> documents) throws InterruptedException {
        var report = new Conformance(Program.thisOne()).run(folder);
        documents.add(document(report));
        if (!json) {
            print(Terminal.of(spec).out(), report);
        }
        return report.passed();
    }

    /** Kinds are printed as they end: whole encodings take a while. */
    private boolean runVectors(Path folder, List<Object> documents) {
        var out = Terminal.of(spec).out();
        Consumer<Kind> print = kind -> {
            if (!json) {
                print(out, kind);
            }
        };
        if (!json) {
            out.println(folder);
            out.flush();
        }
        VectorReport report;
        if (EncodingVectors.isThere(folder)) {
            report = new EncodingVectors(folder).run(print);
        } else {
            report = EventBlobVectors.isThere(folder)
                    ? new EventBlobVectors(folder).run()
                    : SnapshotVectors.isThere(folder)
                            ? new SnapshotVectors(folder).run()
                            : new QuiltVectors(folder).run();
            report.kinds().forEach(print);
        }
        documents.add(document(report));
        return report.passed();
    }

    private static void print(PrintWriter out, Kind kind) {
        switch (kind) {
            case Kind.NotHandled unknown -> out.printf("  not handled  %s%n", unknown.name());
            case Kind.Run run
            when run.failures().isEmpty() && run.passed() > 0 ->
                out.printf("  passed       %-24s %d cases%n", run.name(), run.passed());
            case Kind.Run run -> {
                out.printf(
                        "  failed       %-24s %d cases, %d passed%n",
                        run.name(), run.failures().size(), run.passed());
                run.failures().forEach(failure -> {
                    out.println("               " + failure.id());
                    failure.differences().stream()
                            .limit(SHOWN_DIFFERENCES)
                            .forEach(difference -> out.println("                 " + difference));
                });
            }
        }
        out.flush();
    }

    private static Object document(VectorReport report) {
        var kinds = new LinkedHashMap<String, Object>();
        for (Kind kind : report.kinds()) {
            kinds.put(
                    kind.name(),
                    switch (kind) {
                        case Kind.NotHandled _ -> "not handled";
                        case Kind.Run run -> Map.of("passed", run.passed(), "failures", run.failures());
                    });
        }
        var document = new LinkedHashMap<String, Object>();
        document.put("folder", report.folder());
        document.put("passed", report.passed());
        document.put("kinds", kinds);
        return document;
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
