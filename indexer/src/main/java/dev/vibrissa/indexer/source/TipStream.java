package dev.vibrissa.indexer.source;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the tip by the stream of one full node at a time, on a thread of its own, and moves on to another when that one
 * stalls, breaks off or sends anything but the next checkpoint. What it missed is for others to fetch: a stream does not
 * resume. It ends where every node said that it has no streams.
 */
final class TipStream implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TipStream.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15));

    private final List<FullNode> nodes;
    private final Function<List<FullNode>, FullNode> healthiest;
    private final StreamObserver observer;
    private final TipBuffer buffer;
    private final Ticker ticker;
    private final Thread thread;
    /** The one that is open; guarded by this. */
    private FullNode.@Nullable Subscription open;

    private @Nullable FullNode current;

    /** Told what became of streams. */
    interface StreamObserver {
        void brought(FullNode node, long sequenceNumber);

        void failed(FullNode node, String reason);
    }

    /** @param healthiest chooses among nodes, of which there is at least one */
    TipStream(
            List<FullNode> nodes,
            Function<List<FullNode>, FullNode> healthiest,
            StreamObserver observer,
            TipBuffer buffer,
            Ticker ticker) {
        this.nodes = new ArrayList<>(nodes);
        this.healthiest = healthiest;
        this.observer = observer;
        this.buffer = buffer;
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("tip-stream").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (int attempt = 1; !nodes.isEmpty(); attempt++) {
                if (followOne()) {
                    attempt = 1;
                }
                buffer.ended();
                ticker.sleep(BACKOFF.after(attempt));
            }
            LOG.info("no full node has streams: the tip is asked for instead");
        } catch (InterruptedException _) {
            // closed
        } finally {
            buffer.ended();
        }
    }

    /** Whatever happens to one stream, there will be another; whether it brought anything. */
    private boolean followOne() throws InterruptedException {
        try {
            return follow(healthiest.apply(nodes));
        } catch (RuntimeException | Error fault) {
            LOG.error("no stream was chosen, by a fault of ours", fault);
            return false;
        }
    }

    /** Reads until the stream is over; whether it brought anything. */
    private boolean follow(FullNode node) throws InterruptedException {
        Optional<Long> last = Optional.empty();
        String fault;
        try (var subscription = node.subscribe()) {
            opened(node, subscription);
            fault = "";
            while (fault.isEmpty()) {
                buffer.awaitRoom();
                RawCheckpoint next = subscription.read();
                if (last.isEmpty() || next.sequenceNumber() == last.get() + 1) {
                    last = Optional.of(next.sequenceNumber());
                    buffer.add(next);
                    observer.brought(node, next.sequenceNumber());
                } else if (next.sequenceNumber() > last.get()) {
                    fault = "checkpoint %d follows %d".formatted(next.sequenceNumber(), last.get());
                } // else it is repeated, which does no harm
            }
        } catch (StatusException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted in a stream");
            }
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                LOG.infof("source=%s streams=false", node.location());
                nodes.remove(node);
                return false;
            }
            fault = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        } catch (SourceException e) {
            fault = String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("a stream ended by a fault of ours", e);
            fault = e.toString();
        } finally {
            closed();
        }
        observer.failed(node, fault);
        return last.isPresent();
    }

    private synchronized void opened(FullNode node, FullNode.Subscription subscription) {
        current = node;
        open = subscription;
    }

    private synchronized void closed() {
        current = null;
        open = null;
    }

    /** Leaves the node at {@code location}, if that is the one whose stream is read. */
    synchronized void leave(String location) {
        if (current != null && open != null && current.location().equals(location)) {
            open.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
