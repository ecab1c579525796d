package dev.vibrissa.indexer;

import com.github.luben.zstd.ZstdInputStream;
import com.google.protobuf.ByteString;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.rpc.v2.BatchGetObjectsRequest;
import dev.vibrissa.rpc.v2.BatchGetObjectsResponse;
import dev.vibrissa.rpc.v2.BatchGetTransactionsRequest;
import dev.vibrissa.rpc.v2.BatchGetTransactionsResponse;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.Epoch;
import dev.vibrissa.rpc.v2.GetCheckpointRequest;
import dev.vibrissa.rpc.v2.GetCheckpointResponse;
import dev.vibrissa.rpc.v2.GetEpochRequest;
import dev.vibrissa.rpc.v2.GetEpochResponse;
import dev.vibrissa.rpc.v2.GetServiceInfoRequest;
import dev.vibrissa.rpc.v2.GetServiceInfoResponse;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc.LedgerServiceImplBase;
import dev.vibrissa.rpc.v2.ListDynamicFieldsRequest;
import dev.vibrissa.rpc.v2.ListDynamicFieldsResponse;
import dev.vibrissa.rpc.v2.ListTransactionsRequest;
import dev.vibrissa.rpc.v2.ListTransactionsResponse;
import dev.vibrissa.rpc.v2.StateServiceGrpc.StateServiceImplBase;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsRequest;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsResponse;
import dev.vibrissa.rpc.v2.SubscriptionServiceGrpc.SubscriptionServiceImplBase;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A full node on a real socket, with the checkpoints of a scenario up to a tip that grows when told; it can misbehave. */
final class FakeFullNode implements AutoCloseable {
    static final String CHAIN = "4btiuiMPvEENsttpZC7CZ53DruC3MAgfznDbASZ7DR6S";

    private static final Map<String, Map<Long, Checkpoint>> CHAINS = new ConcurrentHashMap<>();
    private static final Map<String, FakeState> STATES = new ConcurrentHashMap<>();

    private final Map<Long, Checkpoint> chain;
    private final FakeState state;
    private final List<ServerCallStreamObserver<SubscribeCheckpointsResponse>> subscribers =
            new CopyOnWriteArrayList<>();
    final AtomicInteger subscriptions = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    /** Checkpoints that it gave when asked, not by its stream. */
    final Set<Long> given = ConcurrentHashMap.newKeySet();

    volatile String chainId = CHAIN;
    volatile long lowest;
    volatile long tip;
    /** The numbers of the frames that it sends when a checkpoint is there. */
    volatile LongFunction<List<Long>> frames = List::of;

    /** What its stream says that the number of a frame is. */
    volatile LongUnaryOperator cursor = LongUnaryOperator.identity();

    volatile UnaryOperator<Checkpoint> change = UnaryOperator.identity();
    volatile Supplier<Optional<Status>> refusal = Optional::empty;
    volatile boolean hasStreams = true;
    /** Streams end as soon as they are asked for. */
    volatile boolean endsStreams;

    volatile boolean hasLists;
    /** Of each object only the newest version is kept. */
    volatile boolean prunesObjects;

    volatile boolean listsFields = true;
    volatile UnaryOperator<BatchGetObjectsResponse> changeObjects = UnaryOperator.identity();

    volatile UnaryOperator<BatchGetTransactionsResponse> changeTransactions = UnaryOperator.identity();
    /** The chain goes on by so many checkpoints before it is asked for objects the first time. */
    volatile long stepBeforeObjects;
    /** What happens just before it tells its range. */
    volatile Runnable beforeRange = () -> {};

    private Server server;
    private final int port;

    FakeFullNode(String scenario, long tip) {
        this.chain = CHAINS.computeIfAbsent(scenario, FakeFullNode::load);
        this.state = STATES.computeIfAbsent(scenario, _ -> new FakeState(chain.values()));
        this.lowest = chain.keySet().stream().mapToLong(Long::longValue).min().orElseThrow();
        this.tip = tip;
        this.server = listen(0);
        this.port = server.getPort();
    }

    private static Map<Long, Checkpoint> load(String scenario) {
        var chain = new HashMap<Long, Checkpoint>();
        try (var files = Files.newDirectoryStream(Scenarios.directory(scenario), "*.binpb.zst")) {
            for (Path file : files) {
                try (var in = new ZstdInputStream(Files.newInputStream(file))) {
                    var checkpoint = Checkpoint.parseFrom(in);
                    chain.put(checkpoint.getSequenceNumber(), checkpoint);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(chain);
    }

    static Checkpoint checkpoint(String scenario, long sequenceNumber) {
        return Objects.requireNonNull(
                CHAINS.computeIfAbsent(scenario, FakeFullNode::load).get(sequenceNumber));
    }

    private Server listen(int port) {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .addService(new Ledger())
                    .addService(new Subscriptions())
                    .addService(new State())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeState state() {
        return state;
    }

    URI address() {
        return URI.create("grpc://127.0.0.1:" + port);
    }

    /** Breaks every connection and listens again at the same address. */
    void restart() {
        close();
        server = listen(port);
    }

    /** Ends every stream, as a node does that is about to stop. */
    void endStreams() {
        for (var each : subscribers) {
            subscribers.remove(each);
            each.onError(Status.UNAVAILABLE.withDescription("going away").asRuntimeException());
        }
    }

    /** More checkpoints are there, and sent to whoever listens. */
    void growTo(long newTip) {
        for (long next = tip + 1; next <= newTip; next++) {
            tip = next;
            for (long frame : frames.apply(next)) {
                send(frame);
            }
        }
    }

    void send(long frame) {
        for (var each : subscribers) {
            if (each.isCancelled()) {
                subscribers.remove(each);
                continue;
            }
            synchronized (each) {
                each.onNext(SubscribeCheckpointsResponse.newBuilder()
                        .setCursor(cursor.applyAsLong(frame))
                        .setCheckpoint(change.apply(Objects.requireNonNull(chain.get(frame))))
                        .build());
            }
        }
    }

    boolean hasSubscriber() {
        return subscribers.stream().anyMatch(each -> !each.isCancelled());
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        subscribers.clear();
    }

    private boolean refuses(StreamObserver<?> answer) {
        calls.incrementAndGet();
        var status = refusal.get();
        status.ifPresent(each -> answer.onError(each.asRuntimeException()));
        return status.isPresent();
    }

    private final class Ledger extends LedgerServiceImplBase {
        @Override
        public void getServiceInfo(GetServiceInfoRequest request, StreamObserver<GetServiceInfoResponse> answer) {
            beforeRange.run();
            if (!refuses(answer)) {
                answer.onNext(GetServiceInfoResponse.newBuilder()
                        .setChainId(chainId)
                        .setCheckpointHeight(tip)
                        .setLowestAvailableCheckpoint(lowest)
                        .setLowestAvailableCheckpointObjects(lowest)
                        .build());
                answer.onCompleted();
            }
        }

        @Override
        public void getCheckpoint(GetCheckpointRequest request, StreamObserver<GetCheckpointResponse> answer) {
            if (refuses(answer)) {
                return;
            }
            long number = request.hasDigest() ? numberOf(request.getDigest()) : request.getSequenceNumber();
            boolean summaryOnly = !request.getReadMask().getPathsList().contains("objects.objects.bcs.value");
            var found = chain.get(number);
            if (found == null || number > tip || (number < lowest && !summaryOnly)) {
                answer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            given.add(number);
            answer.onNext(GetCheckpointResponse.newBuilder()
                    .setCheckpoint(change.apply(found))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void batchGetObjects(BatchGetObjectsRequest request, StreamObserver<BatchGetObjectsResponse> answer) {
            if (!refuses(answer)) {
                growTo(tip + stepBeforeObjects);
                stepBeforeObjects = 0;
                var found = BatchGetObjectsResponse.newBuilder();
                request.getRequestsList().forEach(each -> found.addObjects(state.object(each, tip, prunesObjects)));
                answer.onNext(changeObjects.apply(found.build()));
                answer.onCompleted();
            }
        }

        @Override
        public void batchGetTransactions(
                BatchGetTransactionsRequest request, StreamObserver<BatchGetTransactionsResponse> answer) {
            if (!refuses(answer)) {
                var found = BatchGetTransactionsResponse.newBuilder();
                request.getDigestsList().forEach(each -> found.addTransactions(state.transaction(each, tip)));
                answer.onNext(changeTransactions.apply(found.build()));
                answer.onCompleted();
            }
        }

        @Override
        public void listTransactions(ListTransactionsRequest request, StreamObserver<ListTransactionsResponse> answer) {
            if (hasLists) {
                answer.onNext(ListTransactionsResponse.getDefaultInstance());
                answer.onCompleted();
            } else {
                super.listTransactions(request, answer);
            }
        }

        @Override
        public void getEpoch(GetEpochRequest request, StreamObserver<GetEpochResponse> answer) {
            if (refuses(answer)) {
                return;
            }
            var epoch = Epoch.newBuilder().setEpoch(request.getEpoch());
            chain.values().stream()
                    .filter(each -> each.getSignature().getEpoch() == request.getEpoch())
                    .mapToLong(Checkpoint::getSequenceNumber)
                    .max()
                    .ifPresent(epoch::setLastCheckpoint);
            answer.onNext(GetEpochResponse.newBuilder().setEpoch(epoch).build());
            answer.onCompleted();
        }
    }

    private long numberOf(String digest) {
        return chain.values().stream()
                .filter(each -> DigestKind.CHECKPOINT_SUMMARY
                        .digest(Bytes.of(each.getSummary().getBcs().getValue().toByteArray()))
                        .toString()
                        .equals(digest))
                .mapToLong(Checkpoint::getSequenceNumber)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private final class State extends StateServiceImplBase {
        @Override
        public void listDynamicFields(
                ListDynamicFieldsRequest request, StreamObserver<ListDynamicFieldsResponse> answer) {
            if (!listsFields) {
                answer.onError(Status.UNIMPLEMENTED.asRuntimeException());
            } else if (!refuses(answer)) {
                // One a page: whoever reads only the first misses the others.
                var ids = state.in(SuiAddress.parse(request.getParent()), tip);
                int at = request.getPageToken().isEmpty()
                        ? 0
                        : Integer.parseInt(request.getPageToken().toStringUtf8());
                var page = ListDynamicFieldsResponse.newBuilder();
                if (at < ids.size()) {
                    page.addDynamicFieldsBuilder().setChildId(ids.get(at).toString());
                    page.setNextPageToken(ByteString.copyFromUtf8("" + (at + 1)));
                }
                answer.onNext(page.build());
                answer.onCompleted();
            }
        }
    }

    private final class Subscriptions extends SubscriptionServiceImplBase {
        @Override
        public void subscribeCheckpoints(
                SubscribeCheckpointsRequest request, StreamObserver<SubscribeCheckpointsResponse> answer) {
            if (!hasStreams) {
                answer.onError(Status.UNIMPLEMENTED.asRuntimeException());
            } else if (endsStreams) {
                subscriptions.incrementAndGet();
                answer.onError(Status.UNAVAILABLE
                        .withDescription("too many subscribers")
                        .asRuntimeException());
            } else if (!refuses(answer)) {
                var subscriber = (ServerCallStreamObserver<SubscribeCheckpointsResponse>) answer;
                subscriber.setOnCancelHandler(() -> subscribers.remove(subscriber));
                subscribers.add(subscriber);
                subscriptions.incrementAndGet();
            }
        }
    }
}
