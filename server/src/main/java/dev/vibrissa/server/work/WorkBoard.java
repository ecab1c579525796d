package dev.vibrissa.server.work;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Where roles say what they do. One board for the process, because roles begin before Quarkus does and end after it.
 *
 * <p>Since when comes from the clock that people read; how long nothing came, from one that never jumps.
 */
public final class WorkBoard {
    private static final Logger LOG = Logger.getLogger(WorkBoard.class);
    private static final WorkBoard HERE = new WorkBoard(Clock.systemUTC(), System::nanoTime, WorkBoard::log);

    private final Clock clock;
    private final LongSupplier nanos;
    private final BiConsumer<String, Standing> changes;
    private final Map<String, Word> words = new ConcurrentHashMap<>();

    /** @param patience after which work that brings nothing counts as silent */
    private record Word(WorkState state, String reason, Instant since, long saidNanos, Duration patience) {}

    /**
     * What a role does.
     *
     * @param reason a sentence with its numbers
     * @param since of the state
     */
    public record Standing(WorkState state, String reason, Instant since) {}

    /** @param changes told whenever the state of a role is another than before */
    public WorkBoard(Clock clock, LongSupplier nanos, BiConsumer<String, Standing> changes) {
        this.clock = clock;
        this.nanos = nanos;
        this.changes = changes;
    }

    private static void log(String role, Standing standing) {
        LOG.infof("work role=%s state=%s reason=\"%s\"", role, standing.state(), standing.reason());
    }

    /** That of this process. */
    public static WorkBoard here() {
        return HERE;
    }

    /** A role says what it does; for how long, is counted from when the state changed. */
    public void says(String role, WorkState state, String reason) {
        put(role, state, reason, Duration.ofSeconds(Long.MAX_VALUE));
    }

    /** The same, and says so again within {@code patience} unless it hangs. */
    public void says(String role, WorkState state, String reason, Duration patience) {
        put(role, state, reason, patience);
    }

    /** A role works, and says so again within {@code patience} unless what it follows falls silent. */
    public void works(String role, String reason, Duration patience) {
        put(role, WorkState.WORKS, reason, patience);
    }

    /**
     * A role begins a try: it works from here on, unless the try before failed. Then its word stands, with its reason and
     * since when, until something is done: whoever fails at each try is not well in between.
     */
    public void tries(String role, String reason, Duration patience) {
        var standing = words.get(role);
        if (standing == null || standing.state() != WorkState.TRIES_AGAIN) { // a role speaks from one thread
            works(role, reason, patience);
        }
    }

    private void put(String role, WorkState state, String reason, Duration patience) {
        words.compute(role, (_, before) -> {
            boolean same = before != null && before.state() == state;
            Instant since = same ? before.since() : clock.instant();
            if (!same) {
                changes.accept(role, new Standing(state, reason, since));
            }
            return new Word(state, reason, since, nanos.getAsLong(), patience);
        });
    }

    /** All roles of this process, by name. */
    public Map<String, Standing> standings() {
        var standings = new TreeMap<String, Standing>();
        words.forEach((role, word) -> standings.put(role, standing(word)));
        return standings;
    }

    private Standing standing(Word word) {
        var quiet = Duration.ofNanos(nanos.getAsLong() - word.saidNanos());
        if (quiet.compareTo(word.patience()) <= 0) {
            return new Standing(word.state(), word.reason(), word.since());
        }
        return new Standing(
                WorkState.SILENT,
                "nothing came for %d s; before that: %s".formatted(quiet.toSeconds(), word.reason()),
                clock.instant().minus(quiet));
    }
}
