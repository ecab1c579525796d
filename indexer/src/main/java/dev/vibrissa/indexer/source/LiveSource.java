package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Several full nodes, archives and checkpoint stores as one source.
 *
 * <p>The tip comes by the stream of one full node; everything the stream does not have is asked for, from the healthiest
 * place that has it, one after the other until one answers. So a gap is filled by whoever asks for its checkpoints: where
 * to go on is known by our own watermark, never by a stream. A place that gave something unbelievable is not asked for
 * that checkpoint again, and for others last; only when every place gave such, the reason stands and indexing stops.
 * While none can be reached, they are tried again for ever: a bounded source too ends only where everybody says so.
 */
public final class LiveSource implements CheckpointSource {
    private static final Backoff DAMAGED = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(60));
    private static final int MAX_DAMAGED = 5;
    private static final long STREAMED_BYTES = 16 << 20;
    /** A stream may be alive and yet not bring what others have. */
    private static final Duration STREAM_PATIENCE = Duration.ofSeconds(1);

    /** At the tip the healthiest is asked often and everybody now and then, in case it lags. */
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);

    /** Some 13 seconds without an answer, before it is worth to begin a day earlier. */
    private static final int ROUNDS_OF_NODES = 7;

    private final Members members;
    private final Start start;
    private final Optional<Long> last;
    private final StoreSource.AtTip atTip;
    private final Ticker ticker;
    private final TipBuffer buffer = new TipBuffer(STREAMED_BYTES);
    private final Optional<TipStream> stream;
    private final ReportedState state;
    private volatile long askedAllAt;
    private volatile long askedPastStreamAt;
    /** Asked for by number, by those who know which comes next. */
    private final AtomicLong newestHandedOut = new AtomicLong(-1);

    /** Where to begin when nothing is indexed yet. */
    public sealed interface Start {
        record At(long checkpoint) implements Start {}

        /** The last checkpoint that the endpoints have when they are asked. */
        record AtTip() implements Start {}
    }

    /** What is known of an endpoint, for people. */
    public record Status(
            String location,
            long tip,
            double latencyMillis,
            Optional<String> fault,
            Optional<FilteredReads> filtered) {}

    /**
     * @param endpoints at least one, the preferred ones first; closed with the source
     * @param last checkpoint to end with, inclusive
     */
    public LiveSource(List<Endpoint> endpoints, Start start, Optional<Long> last, StoreSource.AtTip atTip) {
        this(endpoints, start, last, atTip, Ticker.SYSTEM);
    }

    public LiveSource(
            List<Endpoint> endpoints, Start start, Optional<Long> last, StoreSource.AtTip atTip, Ticker ticker) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("a source without endpoints");
        }
        this.members = new Members(
                endpoints.stream().map(each -> new Member(each, ticker)).toList());
        this.start = start;
        this.last = last;
        this.atTip = atTip;
        this.ticker = ticker;
        this.askedAllAt = ticker.nanos() - BETWEEN_ROUNDS.toNanos();
        this.askedPastStreamAt = ticker.nanos();
        var nodes = endpoints.stream()
                .filter(FullNode.class::isInstance)
                .map(FullNode.class::cast)
                .toList();
        this.state = new ReportedState(members::nodesByHealth, ticker);
        this.stream = nodes.isEmpty() || atTip == StoreSource.AtTip.END
                ? Optional.empty()
                : Optional.of(new TipStream(nodes, members::healthiest, new StreamHealth(), buffer, ticker));
        stream.ifPresent(TipStream::start);
        if (atTip == StoreSource.AtTip.WAIT) {
            Thread.ofPlatform().name("probe").daemon().start(this::probe);
        }
    }

    @Override
    public String kind() {
        return members.all().getFirst().endpoint().kind();
    }

    @Override
    public String location() {
        return members.all().stream().map(Member::location).collect(Collectors.joining(", "));
    }

    public List<Status> status() {
        return members.all().stream().map(Member::status).toList();
    }

    @Override
    public long first() throws InterruptedException {
        return switch (start) {
            case Start.At(long checkpoint) -> checkpoint;
            case Start.AtTip _ -> tip();
        };
    }

    /** From the tip on means: from where we are, once we are anywhere. */
    @Override
    public long firstFrom(long lastIndexed) {
        return switch (start) {
            case Start.At(long checkpoint) -> checkpoint;
            case Start.AtTip _ -> lastIndexed;
        };
    }

    /**
     * A store tells the end of a Sui epoch, a day ago perhaps: it is asked where full nodes are of no use.
     *
     * @throws SourceException if nobody can be used at all
     */
    private long tip() throws InterruptedException {
        var nodes = members.all().stream().filter(LiveSource::isNode).toList();
        var stores = members.all().stream().filter(each -> !isNode(each)).toList();
        for (int attempt = 1; ; attempt++) {
            var refusals = new ArrayList<String>();
            var tip = tipOf(nodes, refusals);
            if (tip.isEmpty() && (refusals.size() == nodes.size() || attempt > ROUNDS_OF_NODES)) {
                tip = tipOf(stores, refusals);
            }
            if (tip.isPresent()) {
                return tip.get();
            }
            if (refusals.size() == members.all().size()) {
                throw new SourceException(
                        "nobody tells which checkpoint is the last: %s".formatted(String.join("; ", refusals)));
            }
            ticker.sleep(DAMAGED.after(attempt));
        }
    }

    private static boolean isNode(Member member) {
        return member.endpoint() instanceof FullNode;
    }

    private Optional<Long> tipOf(List<Member> some, List<String> refusals) throws InterruptedException {
        for (Member member : members.byHealth(some)) {
            switch (member.tip()) {
                case Tip.At(long checkpoint) -> {
                    return Optional.of(checkpoint);
                }
                case Tip.Untold _, Tip.Unavailable _ -> {}
                case Tip.Refused(String reason) -> refusals.add(reason);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Long> last() {
        return last;
    }

    @Override
    public boolean isFollowed() {
        return atTip == StoreSource.AtTip.WAIT;
    }

    @Override
    public Optional<Digest> chain() {
        return members.all().stream()
                .flatMap(each -> each.endpoint().chain().stream())
                .findFirst();
    }

    @Override
    public void awaitNext(long sequenceNumber) throws InterruptedException {
        if (buffer.holds(sequenceNumber)) {
            return; // it came after it had been asked for
        }
        if (buffer.isAwaited(sequenceNumber)) {
            buffer.await(sequenceNumber, STREAM_PATIENCE);
        } else {
            ticker.sleep(POLL_PAUSE);
        }
    }

    @Override
    public Optional<RawCheckpoint> fetch(long sequenceNumber, Room room) throws InterruptedException {
        var streamed = buffer.take(sequenceNumber);
        if (streamed.isPresent() && !members.isRefused(streamed.get())) {
            handedOut(sequenceNumber);
            room.take(streamed.get().bytes().length);
            return streamed;
        }
        if (streamWillBring(sequenceNumber)) {
            return Optional.empty();
        }
        var search = new Search(members, sequenceNumber, ticker);
        while (true) {
            boolean everybody = !isFollowed() || isDue(askedAllAt, BETWEEN_ROUNDS);
            var found = search.round(room, everybody);
            if (found.isPresent()) {
                handedOut(sequenceNumber);
                return found;
            }
            if (search.isNotYet() && (isFollowed() || search.isOver())) {
                askedAllAt = everybody ? ticker.nanos() : askedAllAt;
                return Optional.empty();
            }
            if (search.isOver()) {
                throw search.fault();
            }
            ticker.sleep(search.pause());
        }
    }

    private void handedOut(long sequenceNumber) {
        newestHandedOut.accumulateAndGet(sequenceNumber, Math::max);
    }

    /** What the stream is about to bring need not be asked for, except now and then. */
    private boolean streamWillBring(long sequenceNumber) {
        if (!buffer.isAwaited(sequenceNumber)) {
            return false;
        }
        if (isDue(askedPastStreamAt, STREAM_PATIENCE)) {
            askedPastStreamAt = ticker.nanos();
            return false;
        }
        return true;
    }

    private boolean isDue(long since, Duration period) {
        return ticker.nanos() - since >= period.toNanos();
    }

    /** Another place may have a better one: while there is any that was not heard, the reason does not stand. */
    @Override
    public Optional<Duration> refuse(RawCheckpoint raw, RuntimeException reason, int attempt) {
        members.refuse(raw, reason);
        if (members.all().size() > 1) {
            buffer.forget(raw.origin());
            stream.ifPresent(each -> each.leave(raw.origin()));
        }
        if (!members.haveAllLied(raw.sequenceNumber())) {
            return Optional.of(Duration.ZERO);
        }
        boolean mayPass = members.forgiveDamage(raw.sequenceNumber()) && (isFollowed() || attempt < MAX_DAMAGED);
        return mayPass ? Optional.of(DAMAGED.after(attempt)) : Optional.empty();
    }

    @Override
    public Optional<CertifiedSummary> endOfEpoch(long suiEpoch, Predicate<CertifiedSummary> isBelieved)
            throws InterruptedException {
        var numbers = new ArrayList<Long>();
        for (Member teller : members.byHealth()) {
            var number = teller.endpoint().lastCheckpointOf(suiEpoch);
            if (number.isEmpty() || numbers.contains(number.get())) {
                continue;
            }
            numbers.add(number.get());
            for (Member member : members.byHealth()) {
                var summary = member.endpoint().summary(number.get());
                if (summary.filter(isBelieved).isPresent()) {
                    return summary;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<CertifiedSummary> summary(Digest digest) throws InterruptedException {
        for (Member member : members.byHealth()) {
            var summary = member.endpoint().summary(digest);
            if (summary.filter(each -> each.digest().equals(digest)).isPresent()) {
                return summary;
            }
        }
        return Optional.empty();
    }

    @Override
    public Map<SuiAddress, Bytes> objectsBefore(
            long sequenceNumber, Collection<SuiAddress> ids, BiPredicate<SuiAddress, Bytes> isBelieved)
            throws InterruptedException {
        return state.objectsBefore(sequenceNumber, ids, isBelieved);
    }

    @Override
    public Set<SuiAddress> objectsIn(SuiAddress table) throws InterruptedException {
        return state.objectsIn(table);
    }

    private void probe() {
        try {
            for (Member member : members.all()) {
                member.probe();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class StreamHealth implements TipStream.StreamObserver {
        @Override
        public void brought(FullNode node, long sequenceNumber) {
            askedPastStreamAt = ticker.nanos(); // no need to, for a while
            if (sequenceNumber <= newestHandedOut.get() + Health.LITTLE_LAG) {
                members.of(node).ifPresent(each -> each.health().hasTip(sequenceNumber));
            } // else nothing vouches for it: who lies must not make others look lagging
        }

        @Override
        public void failed(FullNode node, String reason) {
            members.of(node).ifPresent(each -> each.failed(reason));
        }
    }

    @Override
    public void close() {
        try {
            if (stream.isPresent()) {
                stream.get().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            members.all().forEach(each -> each.endpoint().close());
        }
    }
}
