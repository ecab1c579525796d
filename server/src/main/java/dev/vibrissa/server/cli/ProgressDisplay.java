package dev.vibrissa.server.cli;

import dev.vibrissa.indexer.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far indexing has come: a bar that is drawn again on a terminal, a line every few seconds elsewhere. It has no
 * thread of its own; nothing is drawn while nothing is committed.
 */
final class ProgressDisplay implements Progress, AutoCloseable {
    private static final Duration BETWEEN_BARS = Duration.ofMillis(200);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    /** The rate is that of the last while, so that an estimate follows when a source slows down. */
    private static final Duration RATE_WINDOW = Duration.ofSeconds(30);

    private static final int BAR_CELLS = 24;

    private final String verb;
    private final PrintWriter out;
    private final boolean isTerminal;
    private final InstantSource clock;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private long shownAtMillis = Long.MIN_VALUE;
    private @Nullable Position hidden;
    private boolean barIsOpen;

    private record Sample(long millis, long checkpoints) {}

    ProgressDisplay(String verb, PrintWriter out, boolean isTerminal, InstantSource clock) {
        this.verb = verb;
        this.out = out;
        this.isTerminal = isTerminal;
        this.clock = clock;
        samples.add(new Sample(clock.millis(), 0));
    }

    /** @param verb what is being done, for places that are no terminal */
    static ProgressDisplay on(String verb, PrintWriter out) {
        return new ProgressDisplay(verb, out, isTerminal(), InstantSource.system());
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 22 to 24 always have one, JDK 25 has none where output is redirected
    static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    @Override
    public void committed(Position position) {
        long now = clock.millis();
        samples.add(new Sample(now, position.checkpoints()));
        while (samples.size() > 2 && now - samples.getFirst().millis() > RATE_WINDOW.toMillis()) {
            samples.removeFirst();
        }
        hidden = position;
        long pause = (isTerminal ? BETWEEN_BARS : BETWEEN_LINES).toMillis();
        if (shownAtMillis == Long.MIN_VALUE || now - shownAtMillis >= pause) {
            show(position, now);
        }
    }

    /** Shows where it ended. */
    @Override
    public void close() {
        if (hidden != null) {
            show(hidden, clock.millis());
        }
        if (barIsOpen) {
            out.println();
            barIsOpen = false;
        }
        out.flush();
    }

    private void show(Position position, long now) {
        hidden = null;
        shownAtMillis = now;
        if (isTerminal) {
            // Erase to the end of the line: the new text may be shorter.
            out.print("\r" + bar(position) + text(position, now) + "\u001b[K");
            barIsOpen = true;
        } else {
            out.println(verb + " " + text(position, now));
        }
        out.flush();
    }

    private static String bar(Position position) {
        return fraction(position)
                .map(done -> {
                    int cells = (int) Math.round(done * BAR_CELLS);
                    return "[%s%s] %3d %% "
                            .formatted("#".repeat(cells), "-".repeat(BAR_CELLS - cells), (int) (done * 100));
                })
                .orElse("");
    }

    private static Optional<Double> fraction(Position position) {
        return position.until()
                .map(until -> Math.clamp(
                        (double) (position.last() - position.first() + 1) / Math.max(1, until - position.first() + 1),
                        0.0,
                        1.0));
    }

    private String text(Position position, long now) {
        var rate = rate();
        var text = new StringBuilder("checkpoint=%d".formatted(position.last()));
        position.until().ifPresent(until -> text.append(" of=%d".formatted(until)));
        rate.ifPresent(perSecond -> text.append(String.format(Locale.ROOT, " rate=%.1f/s", perSecond)));
        text.append(" rows=%d".formatted(position.facts()));
        text.append(" lag=%s"
                .formatted(brief(Duration.ofMillis(now - position.lastTime().toEpochMilli()))));
        if (rate.isPresent() && position.until().isPresent()) {
            double seconds = (position.until().get() - position.last()) / rate.get();
            text.append(" left=%s".formatted(brief(Duration.ofSeconds((long) Math.ceil(seconds)))));
        }
        return text.toString();
    }

    /** Checkpoints per second, once there was time to measure any. */
    private Optional<Double> rate() {
        var first = samples.getFirst();
        var last = samples.getLast();
        long millis = last.millis() - first.millis();
        long done = last.checkpoints() - first.checkpoints();
        return millis <= 0 || done <= 0 ? Optional.empty() : Optional.of(done * 1000.0 / millis);
    }

    /** The two largest units, such as {@code 3d4h}; the chain's clock may be ahead of ours. */
    static String brief(Duration duration) {
        if (duration.isNegative()) {
            return "0s";
        }
        if (duration.toDays() > 0) {
            return "%dd%dh".formatted(duration.toDays(), duration.toHoursPart());
        }
        if (duration.toHours() > 0) {
            return "%dh%dm".formatted(duration.toHours(), duration.toMinutesPart());
        }
        if (duration.toMinutes() > 0) {
            return "%dm%ds".formatted(duration.toMinutes(), duration.toSecondsPart());
        }
        return "%ds".formatted(duration.toSeconds());
    }
}
