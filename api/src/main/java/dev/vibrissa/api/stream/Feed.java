package dev.vibrissa.api.stream;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Snapshots;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads what is new once, and hands it to all who listen. The database is asked only while somebody does. */
@Singleton
class Feed {
    private static final Logger LOG = Logger.getLogger(Feed.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Events that wait for one listener: a minute of a lively chain. */
    private static final int MOST_WAITING = 1_000;

    private final Snapshots snapshots;
    private final int mostListeners;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Counter cut;
    private final Counter passedOver;

    // All below is guarded by this.
    private final Map<String, Tail> tails = new HashMap<>();
    private int listeners;
    private @Nullable Thread reader;

    /** A source that somebody listens to, and up to where it was read. */
    private static final class Tail {
        final Source source;
        final Set<Listening> listeners = new HashSet<>();
        long position;

        Tail(Source source, long position) {
            this.source = source;
            this.position = position;
        }
    }

    /** Somebody who listens, until closed. */
    final class Listening implements AutoCloseable {
        private final Filter filter;
        private final BlockingQueue<StreamEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
        private final Map<String, Long> from = new HashMap<>();
        private volatile boolean overrun;

        private Listening(Filter filter) {
            this.filter = filter;
        }

        /** What is after this position of a source comes by itself; up to there, the listener reads. */
        long from(Source source) {
            return from.getOrDefault(source.name(), 0L);
        }

        /** More came than could wait: what follows is missing. */
        boolean isOverrun() {
            return overrun;
        }

        /** The next event; null if none came for so long. */
        @Nullable
        StreamEvent next(Duration patience) throws InterruptedException {
            return waiting.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void hand(StreamEvent event) {
            if (!overrun && filter.passes(event) && !waiting.offer(event)) {
                overrun = true;
                cut.increment();
            }
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    Feed(Snapshots snapshots, ApiConfig config, MeterRegistry registry) {
        this.snapshots = snapshots;
        this.mostListeners = config.streamListeners();
        this.cut = Counter.builder("vibrissa.stream.cut")
                .description("Listeners of /v1/stream that were cut because they read too slowly")
                .register(registry);
        this.passedOver = Counter.builder("vibrissa.stream.passed.over")
                .description(
                        "Changes that were told to no listener: damaged, or of a kind that only a newer program knows")
                .register(registry);
        Gauge.builder("vibrissa.stream.listeners", this, Feed::listeners)
                .description("Who listens to /v1/stream")
                .register(registry);
    }

    /** There from the start, so that its metrics are. */
    void start(@Observes StartupEvent event) {}

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private synchronized int listeners() {
        return listeners;
    }

    /**
     * Listens to sources from now on.
     *
     * @throws ProblemException if there are as many listeners as there may be
     */
    Listening listen(List<Source> sources, Filter filter) {
        var listening = new Listening(filter);
        // Before the lock: nobody else has to wait for a look.
        Map<String, Long> ends = snapshots.read(db -> {
            var found = new HashMap<String, Long>();
            sources.forEach(each -> found.put(each.name(), each.end(db)));
            return found;
        });
        synchronized (this) {
            if (listeners >= mostListeners) {
                throw ProblemException.tooMany(
                        "%d listen already, which is all there is room for: try again later".formatted(listeners));
            }
            listeners++;
            for (Source each : sources) {
                Tail tail = tails.computeIfAbsent(each.name(), name -> new Tail(each, ends.getOrDefault(name, 0L)));
                tail.listeners.add(listening);
                listening.from.put(each.name(), tail.position);
            }
            if (reader == null) {
                reader = Thread.ofVirtual().name("stream reader").start(this::read);
            }
        }
        return listening;
    }

    private synchronized void leave(Listening listening) {
        boolean was = false;
        for (var tails = this.tails.values().iterator(); tails.hasNext(); ) {
            Tail tail = tails.next();
            was |= tail.listeners.remove(listening);
            if (tail.listeners.isEmpty()) {
                tails.remove();
            }
        }
        if (was) {
            listeners--;
        }
    }

    private synchronized List<Tail> listenedTo() {
        if (tails.isEmpty()) {
            reader = null;
        }
        return List.copyOf(tails.values());
    }

    private void read() {
        try {
            for (List<Tail> heard = listenedTo(); !heard.isEmpty() && !isStopped(); heard = listenedTo()) {
                boolean more = false;
                for (Tail each : heard) {
                    more |= readOn(each);
                }
                if (!more && stopped.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was anything. */
    private boolean readOn(Tail tail) {
        Source.Batch batch;
        try {
            long position = tail.position; // only this thread moves it
            batch = snapshots.read(db -> tail.source.after(db, position));
        } catch (RuntimeException e) { // the database is away; who listens hears that nothing is new
            LOG.warnf("stream not read source=%s reason=\"%s\"", tail.source.name(), e.getMessage());
            return false;
        }
        if (batch.passedOver() > 0) {
            passedOver.increment(batch.passedOver());
            LOG.warnf(
                    "changes passed over source=%s count=%d to=%d",
                    tail.source.name(), (Object) batch.passedOver(), batch.next());
        }
        synchronized (this) {
            for (StreamEvent event : batch.events()) {
                tail.listeners.forEach(each -> each.hand(event));
            }
            boolean moved = batch.next() != tail.position;
            tail.position = batch.next();
            return moved;
        }
    }
}
