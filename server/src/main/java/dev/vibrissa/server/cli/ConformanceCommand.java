package dev.vibrissa.server.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds this very program against folders with known answers. */
@Command(
        name = "conformance",
        description = "Ingest a folder with known answers and compare every one of them; exit code 1 on any difference.")
final class ConformanceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders with an expected.json.")
    private List<Path> folders = List.of();

    @Option(names = "--json", description = "Answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        // The one call of dev.vibrissa.server.conformance goes here.
        throw new CommandFailure(
                ExitCode.INTERNAL, "conformance is not built yet (folders=%s json=%s)".formatted(folders, json));
    }
}
