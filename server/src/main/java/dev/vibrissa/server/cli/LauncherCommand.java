package dev.vibrissa.server.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands that the launcher takes itself, because they need the checkout; listed here so that help is complete. */
abstract class LauncherCommand implements Callable<Integer> {
    @Parameters(hidden = true)
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        throw new CommandFailure(
                ExitCode.USAGE, "this command %s works only through ./vibrissa of a checkout".formatted(arguments));
    }

    @Command(
            name = "test",
            description = "Run all checks and tests of the project; with --soak the long versions too (checkout only).")
    static final class Test extends LauncherCommand {}

    @Command(name = "bench", description = "Measure: bench ingest, bench redstuff, bench freshness (checkout only).")
    static final class Bench extends LauncherCommand {}
}
