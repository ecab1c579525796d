package dev.vibrissa.indexer.source;

import com.google.protobuf.FieldMask;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.GetCheckpointRequest;
import dev.vibrissa.rpc.v2.GetEpochRequest;
import dev.vibrissa.rpc.v2.GetServiceInfoResponse;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc.LedgerServiceBlockingV2Stub;
import dev.vibrissa.rpc.v2.ListEventsRequest;
import dev.vibrissa.rpc.v2.ListTransactionsRequest;
import dev.vibrissa.rpc.v2.QueryOptions;
import dev.vibrissa.rpc.v2.StateServiceGrpc;
import dev.vibrissa.rpc.v2.StateServiceGrpc.StateServiceBlockingV2Stub;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsRequest;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsResponse;
import dev.vibrissa.rpc.v2.SubscriptionServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A full node or an archive, asked over gRPC ({@code sui.rpc.v2}). Which chain it serves is asked each time a
 * connection was made anew.
 *
 * <p>Checkpoints are asked for with the parts that a checkpoint store keeps: everything in BCS, nothing else.
 */
public final class FullNode implements Endpoint {
    private static final FieldMask WHOLE = FieldMask.newBuilder()
            .addPaths("sequence_number")
            .addPaths("summary.bcs.value")
            .addPaths("signature")
            .addPaths("contents.bcs.value")
            .addPaths("transactions.transaction.bcs.value")
            .addPaths("transactions.effects.bcs.value")
            .addPaths("transactions.effects.unchanged_loaded_runtime_objects")
            .addPaths("transactions.events.bcs.value")
            .addPaths("objects.objects.bcs.value")
            .build();
    private static final FieldMask CERTIFIED = FieldMask.newBuilder()
            .addPaths("sequence_number")
            .addPaths("summary.bcs.value")
            .addPaths("signature")
            .build();
    private static final int MOST_UNDER_WAY = 16;
    /** Room is taken before a message comes, whose size nobody tells: if it was too little, more is tried. */
    private static final int LEAST_ROOM_BYTES = 64 << 10;

    private static final int ROOM_FACTOR = 8;
    /** Of a stream, for which no room is taken. Larger checkpoints end it and are asked for. */
    private static final int MAX_FRAME_BYTES = 32 << 20;

    /** How long the beginning of the checkpoints that a node has is taken for known. */
    private static final Duration RANGE_KEPT = Duration.ofSeconds(10);
    /** And the end of them, which moves: else it would seem to lag. */
    private static final Duration TIP_KEPT = Duration.ofSeconds(2);

    private final String location;
    private final Manners manners;
    private final RateBucket rate;
    private final FullNodeChannel calls;
    /** By itself: frames that wait for room must not use up the window of the answers. */
    private final FullNodeChannel stream;

    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
    private volatile double meanBytes = LEAST_ROOM_BYTES / 2.0;
    private volatile @Nullable Range range;

    /**
     * How a node is treated.
     *
     * @param deadline of one answer
     * @param idle after which a stream without a frame is given up
     * @param requests most requests in any {@code period}; a subscription counts as one
     */
    public record Manners(Duration deadline, Duration idle, Optional<Integer> requests, Duration period) {
        private static final Duration DEADLINE = Duration.ofSeconds(30);
        private static final Duration IDLE = Duration.ofSeconds(30);
        private static final Duration PERIOD = Duration.ofSeconds(30);
        private static final int PUBLIC_REQUESTS = 100;

        /** A node of one's own, which may be asked as fast as it answers. */
        public static Manners unlimited() {
            return new Manners(DEADLINE, IDLE, Optional.empty(), PERIOD);
        }

        /** The public nodes of Sui serve 100 requests in 30 seconds to each address. */
        public static Manners ofPublicNode() {
            return new Manners(DEADLINE, IDLE, Optional.of(PUBLIC_REQUESTS), PERIOD);
        }

        public Manners withIdle(Duration other) {
            return new Manners(deadline, other, requests, period);
        }

        public Manners withDeadline(Duration other) {
            return new Manners(other, idle, requests, period);
        }
    }

    private record Range(long lowest, long tip, long askedAt) {
        boolean isFresh(Duration kept) {
            return System.nanoTime() - askedAt < kept.toNanos();
        }
    }

    /** One whose limit nobody shares. */
    public FullNode(URI address, ChainIdentity identity, Manners manners, Ticker ticker) {
        this(address, identity, manners, new RateLimits(ticker));
    }

    /**
     * @param address {@code grpc://host:port}, or {@code grpcs://host:port} for TLS
     * @param limits of all that this process asks
     */
    public FullNode(URI address, ChainIdentity identity, Manners manners, RateLimits limits) {
        this.location = address.toString();
        this.manners = manners;
        this.rate = limits.of(address, manners);
        this.calls = new FullNodeChannel(address, identity, manners.deadline(), rate);
        this.stream = new FullNodeChannel(address, identity, manners.deadline(), rate);
    }

    @Override
    public String kind() {
        return "grpc";
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public Answer ask(long sequenceNumber, Room room) throws InterruptedException {
        Range known = range;
        if (known != null && known.isFresh(RANGE_KEPT) && sequenceNumber < known.lowest()) {
            return pruned(known);
        }
        var request = GetCheckpointRequest.newBuilder()
                .setSequenceNumber(sequenceNumber)
                .setReadMask(WHOLE)
                .build();
        int limit = (int) Math.clamp((long) (2 * meanBytes), LEAST_ROOM_BYTES, FullNodeChannel.MAX_MESSAGE_BYTES);
        int taken = 0;
        while (true) {
            long asked = System.nanoTime();
            // Before a permit: who waits for room must not keep the next in order from asking.
            room.take(limit - taken);
            taken = limit;
            underWay.acquire();
            try {
                Optional<String> fault = calls.fault();
                if (fault.isPresent()) {
                    return new Answer.Refused(fault.get());
                }
                rate.take();
                byte[] bytes = ledger().withMaxInboundMessageSize(limit)
                        .getCheckpoint(request)
                        .getCheckpoint()
                        .toByteArray();
                meanBytes += (bytes.length - meanBytes) / 16;
                return new Answer.Found(found(sequenceNumber, bytes));
            } catch (StatusException e) {
                if (limit == FullNodeChannel.MAX_MESSAGE_BYTES || !isBeyondLimit(e.getStatus())) {
                    return answer(e, sequenceNumber, asked);
                }
                limit = (int) Math.min((long) ROOM_FACTOR * limit, FullNodeChannel.MAX_MESSAGE_BYTES);
            } finally {
                underWay.release();
            }
        }
    }

    private RawCheckpoint found(long sequenceNumber, byte[] bytes) {
        return new RawCheckpoint(
                sequenceNumber, "%s checkpoint %d".formatted(location, sequenceNumber), location, bytes);
    }

    /** One call of its ledger. */
    interface LedgerCall<T> {
        T on(LedgerServiceBlockingV2Stub ledger) throws StatusException, InterruptedException;
    }

    /** One call about its state. */
    interface StateCall<T> {
        T on(StateServiceBlockingV2Stub state) throws StatusException, InterruptedException;
    }

    /**
     * Asks the ledger.
     *
     * @throws SourceException if the node serves another chain
     */
    <T> T askLedger(LedgerCall<T> call) throws StatusException, InterruptedException {
        admit();
        rate.take();
        return call.on(ledger());
    }

    /** The same of its state. */
    <T> T askState(StateCall<T> call) throws StatusException, InterruptedException {
        admit();
        rate.take();
        return call.on(StateServiceGrpc.newBlockingV2Stub(calls.channel())
                .withDeadlineAfter(manners.deadline().toNanos(), TimeUnit.NANOSECONDS));
    }

    private void admit() throws StatusException, InterruptedException {
        Optional<String> fault = calls.fault();
        if (fault.isPresent()) {
            throw new SourceException(fault.get());
        }
    }

    /** Why what it says cannot be of the state before a checkpoint; empty if it can. */
    Optional<String> whyNotAt(long sequenceNumber) throws StatusException, InterruptedException {
        admit();
        var known = range(calls.serviceInfo());
        return known.lowest() <= sequenceNumber && known.tip() >= sequenceNumber - 1
                ? Optional.empty()
                : Optional.of("%s has checkpoints %d to %d".formatted(location, known.lowest(), known.tip()));
    }

    private LedgerServiceBlockingV2Stub ledger() {
        return LedgerServiceGrpc.newBlockingV2Stub(calls.channel())
                .withDeadlineAfter(manners.deadline().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What our own side says of a message larger than allowed, and no server does. */
    private static boolean isBeyondLimit(Status status) {
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                && String.valueOf(status.getDescription()).startsWith("gRPC message exceeds maximum size");
    }

    private Answer answer(StatusException e, long sequenceNumber, long asked) throws InterruptedException {
        interruptIfAsked();
        return switch (e.getStatus().getCode()) {
            case NOT_FOUND, OUT_OF_RANGE -> notFound(sequenceNumber, asked);
            default ->
                isRefusal(e)
                        ? new Answer.Refused("%s answered %s".formatted(location, describe(e)))
                        : new Answer.Unavailable(describe(e));
        };
    }

    /** Of all that it is asked, not of one question. */
    static boolean isRefusal(StatusException e) {
        return switch (e.getStatus().getCode()) {
            case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT -> true;
            default -> false;
        };
    }

    /**
     * Not there yet, or no longer: the node's own range tells.
     *
     * @param asked when the checkpoint was asked for
     */
    private Answer notFound(long sequenceNumber, long asked) throws InterruptedException {
        Range known = range;
        if (known == null || !known.isFresh(TIP_KEPT)) {
            try {
                known = range(calls.serviceInfo());
            } catch (StatusException e) {
                interruptIfAsked();
                return new Answer.Unavailable(describe(e));
            }
        }
        // What lies within a range that was told later was made between the two questions.
        boolean isNew =
                sequenceNumber > known.tip() || (sequenceNumber >= known.lowest() && known.askedAt() - asked >= 0);
        return isNew ? new Answer.NotYet(Optional.of(known.tip())) : pruned(known);
    }

    private Answer pruned(Range known) {
        return new Answer.Pruned("%s has checkpoints %d to %d".formatted(location, known.lowest(), known.tip()));
    }

    private Range range(GetServiceInfoResponse info) {
        // Without the objects of a checkpoint nothing can be told of it: the higher of the two bounds counts.
        var read = new Range(
                Math.max(info.getLowestAvailableCheckpoint(), info.getLowestAvailableCheckpointObjects()),
                info.getCheckpointHeight(),
                System.nanoTime());
        range = read;
        return read;
    }

    static String describe(StatusException e) {
        String description = e.getStatus().getDescription();
        Throwable cause = e.getStatus().getCause();
        return e.getStatus().getCode()
                + (description == null ? "" : ": " + description)
                + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    static void interruptIfAsked() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted in a call");
        }
    }

    @Override
    public Tip tip() throws InterruptedException {
        try {
            Optional<String> fault = calls.fault();
            return fault.isPresent()
                    ? new Tip.Refused(fault.get())
                    : new Tip.At(range(calls.serviceInfo()).tip());
        } catch (StatusException e) {
            interruptIfAsked();
            return isRefusal(e)
                    ? new Tip.Refused("%s answered %s".formatted(location, describe(e)))
                    : new Tip.Unavailable(describe(e));
        }
    }

    @Override
    public Optional<Long> lastCheckpointOf(long suiEpoch) throws InterruptedException {
        var request = GetEpochRequest.newBuilder()
                .setEpoch(suiEpoch)
                .setReadMask(FieldMask.newBuilder().addPaths("epoch").addPaths("last_checkpoint"))
                .build();
        return asked(() -> {
            rate.take();
            var epoch = ledger().getEpoch(request).getEpoch();
            return epoch.hasLastCheckpoint() ? epoch.getLastCheckpoint() : null;
        });
    }

    @Override
    public Optional<CertifiedSummary> summary(long sequenceNumber) throws InterruptedException {
        return summary(GetCheckpointRequest.newBuilder().setSequenceNumber(sequenceNumber));
    }

    @Override
    public Optional<CertifiedSummary> summary(Digest digest) throws InterruptedException {
        return summary(GetCheckpointRequest.newBuilder().setDigest(digest.toString()));
    }

    private Optional<CertifiedSummary> summary(GetCheckpointRequest.Builder request) throws InterruptedException {
        return asked(() -> {
                    rate.take();
                    return ledger().getCheckpoint(request.setReadMask(CERTIFIED).build())
                            .getCheckpoint();
                })
                .flatMap(FullNode::certified);
    }

    private static Optional<CertifiedSummary> certified(Checkpoint sent) {
        try {
            return Optional.of(CertifiedSummary.of(
                    Bytes.of(sent.getSummary().getBcs().getValue().toByteArray()),
                    new AuthoritySignature(
                            sent.getSignature().getEpoch(),
                            Bytes.of(sent.getSignature().getSignature().toByteArray()),
                            Bytes.of(sent.getSignature().getBitmap().toByteArray()))));
        } catch (BcsException _) { // the next place may have a better one
            return Optional.empty();
        }
    }

    private interface Question<T> {
        @Nullable
        T ask() throws StatusException, InterruptedException;
    }

    /** Where no answer is as good as any other reason for having none. */
    private <T> Optional<T> asked(Question<T> question) throws InterruptedException {
        try {
            return calls.fault().isPresent() ? Optional.empty() : Optional.ofNullable(question.ask());
        } catch (StatusException _) {
            interruptIfAsked();
            return Optional.empty();
        }
    }

    /** Asks for one transaction and one event; empty if the node could not be asked. */
    Optional<FilteredReads> filteredReads() throws InterruptedException {
        var one = QueryOptions.newBuilder().setLimit(1).build();
        return asked(() -> new FilteredReads(
                isImplemented(ledger().listTransactions(ListTransactionsRequest.newBuilder()
                        .setOptions(one)
                        .build())),
                isImplemented(ledger().listEvents(
                                ListEventsRequest.newBuilder().setOptions(one).build()))));
    }

    private boolean isImplemented(BlockingClientCall<?, ?> call) throws StatusException, InterruptedException {
        rate.take();
        try {
            call.read();
            return true;
        } catch (StatusException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return false;
            }
            throw e;
        } finally {
            call.cancel("one item is enough", null);
        }
    }

    /** Checkpoints from the node's tip on, one frame at a time as they are read. */
    final class Subscription implements AutoCloseable {
        private final BlockingClientCall<?, SubscribeCheckpointsResponse> call;

        private Subscription(BlockingClientCall<?, SubscribeCheckpointsResponse> call) {
            this.call = call;
        }

        /**
         * The next checkpoint.
         *
         * @throws StatusException if the stream is over: {@code DEADLINE_EXCEEDED} where the node stalls
         */
        RawCheckpoint read() throws StatusException, InterruptedException {
            try {
                var frame = call.read(manners.idle().toNanos(), TimeUnit.NANOSECONDS);
                if (frame == null) {
                    throw Status.UNAVAILABLE.withDescription("the stream ended").asException();
                }
                if (!frame.hasCheckpoint()) {
                    throw Status.INTERNAL
                            .withDescription("frame %d has no checkpoint".formatted(frame.getCursor()))
                            .asException();
                }
                return found(frame.getCursor(), frame.getCheckpoint().toByteArray());
            } catch (java.util.concurrent.TimeoutException _) {
                throw Status.DEADLINE_EXCEEDED
                        .withDescription(
                                "no frame for %d ms".formatted(manners.idle().toMillis()))
                        .asException();
            }
        }

        @Override
        public void close() {
            call.cancel("read enough", null);
        }
    }

    /**
     * Subscribes to checkpoints.
     *
     * @throws StatusException if the node cannot be reached
     * @throws SourceException if it serves another chain
     */
    Subscription subscribe() throws StatusException, InterruptedException {
        Optional<String> fault = stream.fault();
        if (fault.isPresent()) {
            throw new SourceException(fault.get());
        }
        rate.take();
        return new Subscription(SubscriptionServiceGrpc.newBlockingV2Stub(stream.channel())
                .withMaxInboundMessageSize(MAX_FRAME_BYTES)
                .subscribeCheckpoints(SubscribeCheckpointsRequest.newBuilder()
                        .setReadMask(WHOLE)
                        .build()));
    }

    @Override
    public Optional<Digest> chain() {
        return calls.chain();
    }

    @Override
    public void close() {
        calls.close();
        stream.close();
    }
}
