package dev.vibrissa.server.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows how much of a blob is done: a bar that is drawn again on a terminal, a line every few seconds elsewhere. What is done
 * within two seconds shows nothing.
 */
final class ByteProgress implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final int BAR_CELLS = 24;

    private final PrintWriter out;
    private final boolean isTerminal;
    private final InstantSource clock;
    private final String what;
    private final long bytes;
    private final long startMillis;
    private long nextMillis;
    private boolean barIsOpen;

    ByteProgress(PrintWriter out, boolean isTerminal, InstantSource clock, String what, long bytes) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.clock = clock;
        this.what = what;
        this.bytes = bytes;
        startMillis = clock.millis();
        nextMillis = startMillis + SILENCE.toMillis();
    }

    /** On standard error. */
    static ByteProgress on(PrintWriter out, String what, long bytes) {
        return new ByteProgress(out, ProgressDisplay.isTerminal(), InstantSource.system(), what, bytes);
    }

    void done(long done) {
        long now = clock.millis();
        if (now < nextMillis || (done == bytes && nextMillis == startMillis + SILENCE.toMillis())) {
            return;
        }
        nextMillis = now + (isTerminal ? 0 : BETWEEN_LINES.toMillis());
        double rate = done * 1000.0 / (now - startMillis);
        String text = String.format(Locale.ROOT, "bytes=%d of=%d rate=%.1fMB/s", done, bytes, rate / 1e6);
        if (done > 0 && done < bytes) {
            text += " left=" + ProgressDisplay.brief(Duration.ofSeconds((long) Math.ceil((bytes - done) / rate)));
        }
        if (isTerminal) {
            int cells = (int) (done * BAR_CELLS / Math.max(bytes, 1));
            // Erase to the end of the line: the new text may be shorter.
            out.print("\r[%s%s] %s %s\u001b[K".formatted("#".repeat(cells), "-".repeat(BAR_CELLS - cells), what, text));
            barIsOpen = true;
        } else {
            out.println(what + " " + text);
        }
        out.flush();
    }

    @Override
    public void close() {
        if (barIsOpen) {
            out.println();
            out.flush();
        }
    }
}
