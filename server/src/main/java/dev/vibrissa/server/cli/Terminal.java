package dev.vibrissa.server.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command writes: answers to {@code out}, everything else to {@code err}. */
record Terminal(PrintWriter out, PrintWriter err) {
    /** The writers of the command line that runs the command. */
    static Terminal of(@Nullable CommandSpec spec) {
        return spec == null
                ? new Terminal(
                        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                : new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
