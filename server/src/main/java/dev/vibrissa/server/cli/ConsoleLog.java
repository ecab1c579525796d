package dev.vibrissa.server.cli;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** Log output of commands that never start Quarkus, which would otherwise set it up and holds every line until then. */
final class ConsoleLog {
    private ConsoleLog() {}

    /** From now on warnings and errors go to standard error; standard output belongs to answers. */
    static void warnings() {
        var console = new ConsoleHandler(
                ConsoleHandler.Target.SYSTEM_ERR, new PatternFormatter("%z{UTC}%d{HH:mm:ss.SSS} %-5p [%c{1}] %m%n"));
        console.setLevel(Level.WARN);
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new java.util.logging.Handler[] {console});
    }
}
