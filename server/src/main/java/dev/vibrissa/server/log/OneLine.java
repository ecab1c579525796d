package dev.vibrissa.server.log;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Keeps a log event on its line. Names of operators, answers of nodes and paths of requests are anybody's: a line break in
 * one of them would forge an event, an escape sequence rewrite what a terminal shows, and a mark that turns the direction
 * of writing hide it. Such characters are shown by their number, in messages and in what exceptions say.
 */
@LoggingFilter(name = "one-line")
public final class OneLine implements Filter {
    @Override
    public boolean isLoggable(LogRecord told) {
        if (told instanceof ExtLogRecord event) {
            String message = event.getFormattedMessage();
            if (message != null && isHostile(message)) {
                event.setMessage(inert(message), ExtLogRecord.FormatStyle.NO_FORMAT);
            }
            if (event.getThrown() != null && saysHostile(event.getThrown())) {
                event.setThrown(new Shown(event.getThrown()));
            }
        }
        return true; // nothing is left out
    }

    /** A text with what is not to be printed shown by its number, as in Java. */
    public static String inert(String text) {
        if (!isHostile(text)) {
            return text;
        }
        var shown = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (isHostile(c)) {
                        shown.append("\\u%04x".formatted(c));
                    } else {
                        shown.append((char) c);
                    }
                }
            }
        });
        return shown.toString();
    }

    private static boolean isHostile(String text) {
        return text.chars().anyMatch(OneLine::isHostile);
    }

    /** Controls of both sets, line and paragraph separators, and marks of direction. */
    private static boolean isHostile(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static boolean saysHostile(Throwable fault) {
        int depth = 0;
        for (Throwable each = fault; each != null && depth < Shown.MOST_CAUSES; each = each.getCause()) {
            if (isHostile(String.valueOf(each))) {
                return true;
            }
            depth++;
        }
        return false;
    }

    /** An exception that says the same inertly. */
    private static final class Shown extends Throwable {
        /** Causes can go in circles. */
        static final int MOST_CAUSES = 20;

        private final String text;

        Shown(Throwable original) {
            this(original, 0);
        }

        private Shown(Throwable original, int depth) {
            super(
                    inert(String.valueOf(original.getMessage())),
                    original.getCause() == null || depth == MOST_CAUSES
                            ? null
                            : new Shown(original.getCause(), depth + 1));
            this.text = inert(String.valueOf(original));
            setStackTrace(original.getStackTrace());
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // that of the original counts
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
