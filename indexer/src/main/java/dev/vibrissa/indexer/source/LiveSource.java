package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
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
 * While none can be reached, they are tried again for ever.
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

    private static final Duration SHORTEST_REST = Duration.ofMillis(10);

    private final List<Member> members;
    private final Start start;
    private final Optional<Long> last;
    private final StoreSource.AtTip atTip;
    private final Ticker ticker;
    private final TipBuffer buffer = new TipBuffer(STREAMED_BYTES);
    private final Optional<TipStream> stream;
    private final ReportedState state;
    /** Places that gave a checkpoint which must not be believed, with the reason. */
    private final ConcurrentSkipListMap<Long, Map<String, RuntimeException>> refused = new ConcurrentSkipListMap<>();

    private volatile long askedAllAt;
    private volatile long askedPastStreamAt;

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
        this.members = endpoints.stream().map(each -> new Member(each, ticker)).toList();
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
        this.state = new ReportedState(this::nodesByHealth, ticker);
        this.stream = nodes.isEmpty() || atTip == StoreSource.AtTip.END
                ? Optional.empty()
                : Optional.of(new TipStream(nodes, this::healthiest, new StreamHealth(), buffer, ticker));
        stream.ifPresent(TipStream::start);
        if (atTip == StoreSource.AtTip.WAIT) {
            Thread.ofPlatform().name("probe").daemon().start(this::probe);
        }
    }

    @Override
    public String kind() {
        return members.getFirst().endpoint().kind();
    }

    @Override
    public String location() {
        return members.stream().map(Member::location).collect(Collectors.joining(", "));
    }

    public List<Status> status() {
        return members.stream().map(Member::status).toList();
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
        var nodes = members.stream().filter(LiveSource::isNode).toList();
        var stores = members.stream().filter(each -> !isNode(each)).toList();
        for (int attempt = 1; ; attempt++) {
            var refusals = new ArrayList<String>();
            var tip = tipOf(nodes, refusals);
            if (tip.isEmpty() && (refusals.size() == nodes.size() || attempt > ROUNDS_OF_NODES)) {
                tip = tipOf(stores, refusals);
            }
            if (tip.isPresent()) {
                return tip.get();
            }
            if (refusals.size() == members.size()) {
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
        for (Member member : byHealth(some)) {
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
        return members.stream()
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
        if (streamed.isPresent() && !isRefused(sequenceNumber, streamed.get().origin())) {
            room.take(streamed.get().bytes().length);
            return streamed;
        }
        if (streamWillBring(sequenceNumber)) {
            return Optional.empty();
        }
        while (true) {
            var absent = new HashMap<String, String>();
            boolean notYet = false;
            boolean all = isDue(askedAllAt, BETWEEN_ROUNDS);
            for (Member member : byHealth(members)) {
                if (isRefused(sequenceNumber, member.location())
                        || member.health().isResting()) {
                    continue;
                }
                if (notYet && !all && sequenceNumber > newestTip()) {
                    break; // at the tip one word is enough, most of the time
                }
                switch (member.ask(sequenceNumber, room)) {
                    case Answer.Found(RawCheckpoint found) -> {
                        return Optional.of(found);
                    }
                    case Answer.NotYet _ -> notYet = true;
                    case Answer.Pruned(String reason) -> absent.put(member.location(), reason);
                    case Answer.Unavailable _ -> {}
                    case Answer.Refused(String reason) -> absent.put(member.location(), reason);
                }
                room.giveBack();
            }
            if (notYet) {
                askedAllAt = all ? ticker.nanos() : askedAllAt;
                return Optional.empty();
            }
            stopIfInVain(sequenceNumber, absent);
            ticker.sleep(untilSomebodyHasRested());
        }
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

    private boolean isRefused(long sequenceNumber, String location) {
        return refused.getOrDefault(sequenceNumber, Map.of()).containsKey(location);
    }

    /** Stops when nobody is left who might have it: each lied, lacks it, or is of no use at all. */
    private void stopIfInVain(long sequenceNumber, Map<String, String> absent) {
        var reasons = new ArrayList<String>();
        for (Member member : members) {
            var lie = refused.getOrDefault(sequenceNumber, Map.of()).get(member.location());
            if (lie != null) {
                reasons.add(String.valueOf(lie.getMessage()));
            } else if (absent.containsKey(member.location())) {
                reasons.add(absent.get(member.location()));
            } else {
                return;
            }
        }
        throw new SourceException("nobody has checkpoint %d: %s".formatted(sequenceNumber, String.join("; ", reasons)));
    }

    private Duration untilSomebodyHasRested() {
        return members.stream()
                .map(each -> each.health().untilRested())
                .min(Comparator.naturalOrder())
                .filter(rest -> rest.compareTo(SHORTEST_REST) > 0)
                .orElse(SHORTEST_REST);
    }

    private List<Member> byHealth(List<Member> some) {
        long newest = newestTip();
        var costs = new HashMap<Member, Double>();
        some.forEach(each -> costs.put(each, each.health().cost(newest)));
        return some.stream().sorted(Comparator.comparing(costs::get)).toList();
    }

    private long newestTip() {
        return members.stream().mapToLong(each -> each.health().tip()).max().orElseThrow();
    }

    /** Of those that rest, only if all do: one on another chain may well be fast. */
    private FullNode healthiest(List<FullNode> nodes) {
        return byHealth(members.stream()
                        .filter(each -> nodes.contains(each.endpoint()))
                        .toList())
                .stream()
                .sorted(Comparator.comparing(each -> each.health().isResting()))
                .map(each -> (FullNode) each.endpoint())
                .findFirst()
                .orElseThrow();
    }

    /** Another place may have a better one: while there is any that was not heard, the reason does not stand. */
    @Override
    public Optional<Duration> refuse(RawCheckpoint raw, RuntimeException reason, int attempt) {
        var reasons = new HashMap<>(refused.getOrDefault(raw.sequenceNumber(), Map.of()));
        reasons.put(raw.origin(), reason);
        boolean isDamaged = reason instanceof CheckpointFormatException;
        for (Member member : members) {
            if (member.location().equals(raw.origin())) {
                if (isDamaged) {
                    member.health().failed(String.valueOf(reason.getMessage()));
                } else {
                    member.health().lied(String.valueOf(reason.getMessage()));
                }
            }
        }
        if (members.size() > 1) {
            buffer.forget(raw.origin());
            stream.ifPresent(each -> each.leave(raw.origin()));
        }
        Optional<Duration> pause = Optional.of(Duration.ZERO);
        if (members.stream().allMatch(each -> reasons.containsKey(each.location()))) {
            // Bytes suffer on their way, and may come whole the next time; what is a lie once stays one.
            boolean mayPass = reasons.values().removeIf(CheckpointFormatException.class::isInstance)
                    && (isFollowed() || attempt < MAX_DAMAGED);
            pause = mayPass ? Optional.of(DAMAGED.after(attempt)) : Optional.empty();
        }
        refused.put(raw.sequenceNumber(), Map.copyOf(reasons));
        refused.headMap(raw.sequenceNumber() - 10_000).clear();
        return pause;
    }

    @Override
    public Optional<CertifiedSummary> endOfEpoch(long suiEpoch, Predicate<CertifiedSummary> isBelieved)
            throws InterruptedException {
        var numbers = new ArrayList<Long>();
        for (Member teller : byHealth(members)) {
            var number = teller.endpoint().lastCheckpointOf(suiEpoch);
            if (number.isEmpty() || numbers.contains(number.get())) {
                continue;
            }
            numbers.add(number.get());
            for (Member member : byHealth(members)) {
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
        for (Member member : byHealth(members)) {
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

    private List<FullNode> nodesByHealth() {
        return byHealth(members).stream()
                .map(each -> each.endpoint())
                .filter(FullNode.class::isInstance)
                .map(FullNode.class::cast)
                .toList();
    }

    private void probe() {
        try {
            for (Member member : members) {
                member.probe();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class StreamHealth implements TipStream.StreamObserver {
        private Optional<Member> of(FullNode node) {
            return members.stream().filter(each -> each.endpoint() == node).findFirst();
        }

        @Override
        public void brought(FullNode node, long sequenceNumber) {
            askedPastStreamAt = ticker.nanos(); // no need to, for a while
            of(node).ifPresent(each -> each.health().hasTip(sequenceNumber));
        }

        @Override
        public void failed(FullNode node, String reason) {
            of(node).ifPresent(each -> each.failed(reason));
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
            members.forEach(each -> each.endpoint().close());
        }
    }
}
