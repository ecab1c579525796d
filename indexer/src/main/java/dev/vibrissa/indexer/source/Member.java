package dev.vibrissa.indexer.source;

import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** One of the endpoints of a {@link LiveSource}, and how good it has been: whatever it answers is held for or against it. */
final class Member {
    private static final Logger LOG = Logger.getLogger(Member.class);

    private final Endpoint endpoint;
    private final Health health;
    private final Ticker ticker;
    private volatile Optional<FilteredReads> filtered = Optional.empty();

    Member(Endpoint endpoint, Ticker ticker) {
        this.endpoint = endpoint;
        this.health = new Health(ticker);
        this.ticker = ticker;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Health health() {
        return health;
    }

    String location() {
        return endpoint.location();
    }

    LiveSource.Status status() {
        return new LiveSource.Status(location(), health.tip(), health.latencyMillis(), health.fault(), filtered);
    }

    Answer ask(long sequenceNumber, Room room) throws InterruptedException {
        long asked = ticker.nanos();
        var answer = endpoint.ask(sequenceNumber, room);
        switch (answer) {
            case Answer.Found _ -> {
                answered(asked);
                health.hasTip(sequenceNumber);
            }
            case Answer.NotYet(Optional<Long> told) -> {
                answered(asked);
                told.ifPresent(tip -> health.hasTip(Math.min(tip, sequenceNumber)));
                if (isPrunedStore(sequenceNumber)) {
                    return new Answer.Pruned("%s keeps it no longer".formatted(location()));
                }
            }
            case Answer.Pruned _ -> {} // mostly known without asking
            case Answer.Unavailable(String fault) -> failed(fault);
            case Answer.Refused(String reason) -> refused(reason);
        }
        return answer;
    }

    /** A store has but one word for "not yet" and "no longer". */
    private boolean isPrunedStore(long sequenceNumber) throws InterruptedException {
        return endpoint instanceof CheckpointStore store
                && store.tip() instanceof Tip.At(long tip)
                && tip >= sequenceNumber;
    }

    Tip tip() throws InterruptedException {
        long asked = ticker.nanos();
        var tip = endpoint.tip();
        switch (tip) {
            case Tip.At _ -> answered(asked); // where it says that it is, is not held for it: anybody can say so
            case Tip.Untold _ -> LOG.warnf("source=%s fault=\"does not tell its last checkpoint\"", location());
            case Tip.Unavailable(String fault) -> failed(fault);
            case Tip.Refused(String reason) when endpoint instanceof FullNode -> refused(reason);
            case Tip.Refused(String reason) -> // a store may well have checkpoints, and no list of epochs
                LOG.warnf("source=%s fault=\"%s\"", location(), reason);
        }
        return tip;
    }

    private void answered(long asked) {
        health.answered(Duration.ofNanos(ticker.nanos() - asked));
    }

    void failed(String fault) {
        health.failed(fault).ifPresent(rest -> warn(fault, rest));
    }

    private void refused(String reason) {
        health.refused(reason).ifPresent(rest -> warn(reason, rest));
    }

    private void warn(String fault, Duration rest) {
        LOG.warnf("source=%s fault=\"%s\" tryAgainMillis=%d", location(), fault, rest.toMillis());
    }

    void probe() throws InterruptedException {
        if (endpoint instanceof FullNode node) {
            filtered = node.filteredReads();
            filtered.ifPresent(reads -> LOG.infof("source=%s %s", location(), reads));
        }
    }
}
