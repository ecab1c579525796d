package dev.vibrissa.server.cli;

import dev.vibrissa.server.log.OneLine;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Log output of commands that never start Quarkus, which would otherwise set it up and holds every line until then. */
final class ConsoleLog {
    private ConsoleLog() {}

    /** From now on warnings and errors go to standard error, with --debug more; standard output belongs to answers. */
    static void warnings(@Nullable CommandSpec spec) {
        boolean debug =
                spec != null && spec.root().userObject() instanceof CommandLineProgram.Vibrissa root && root.isDebug();
        var console = new ConsoleHandler(
                ConsoleHandler.Target.SYSTEM_ERR, new PatternFormatter("%z{UTC}%d{HH:mm:ss.SSS} %-5p [%c{1}] %m%n"));
        console.setFilter(new OneLine());
        console.setLevel(debug ? Level.INFO : Level.WARN);
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new java.util.logging.Handler[] {console});
    }
}
