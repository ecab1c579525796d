package dev.vibrissa.server;

import dev.vibrissa.server.cli.CommandLineProgram;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the command line, before and mostly without Quarkus. */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... args) {
        System.exit(CommandLineProgram.fromEnvironment().run(args));
    }
}
