package dev.vibrissa.server.cli;

import dev.vibrissa.server.log.OneLine;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Log output of commands that never start Quarkus, which would otherwise set it up and holds every line until then. */
final class ConsoleLog {
    private ConsoleLog() {}

    private static final Pattern LEVEL = Pattern.compile("quarkus\\.log\\.category\\.\"?([^\"]+)\"?\\.level");

    /**
     * From now on each line is a JSON object. Quarkus would hold back what is logged before it has started, and then write it in
     * its own form: its console is switched off.
     */
    static void json() {
        System.setProperty("quarkus.log.console.enabled", "false");
        levels().forEach((category, level) -> Logger.getLogger(category).setLevel(level));
        var console = new ConsoleHandler(ConsoleHandler.Target.SYSTEM_OUT, new JsonLines());
        console.setLevel(Level.INFO);
        Logger.getLogger("").addHandler(console);
    }

    /** Of categories, as they are set for Quarkus, which does not apply them before it has started. */
    private static Map<String, java.util.logging.Level> levels() {
        var properties = new Properties();
        try (var in = ConsoleLog.class.getResourceAsStream("/application.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var levels = new HashMap<String, java.util.logging.Level>();
        for (String name : properties.stringPropertyNames()) {
            Matcher category = LEVEL.matcher(name);
            if (category.matches()) {
                levels.put(category.group(1), LogContext.getLogContext().getLevelForName(properties.getProperty(name)));
            }
        }
        return levels;
    }

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
