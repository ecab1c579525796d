package dev.vibrissa.server;

import dev.vibrissa.server.cli.CommandLineProgram;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Locale;

/** Starts the command line, before and mostly without Quarkus. */
@QuarkusMain
public final class Main {
    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    private Main() {}

    public static void main(String... args) {
        // A virtual thread that loads a class pins its carrier. With as few carriers as cores, all of them can end up
        // waiting for a lock of the class loader whose owner waits for a virtual thread that finds no carrier.
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(CARRIERS, "64");
        }
        // What we print and what we name files must not depend on whose machine this is.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        System.exit(CommandLineProgram.fromEnvironment().run(args));
    }
}
