package dev.vibrissa.benchmarks;

import com.google.protobuf.FieldMask;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsRequest;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsResponse;
import dev.vibrissa.rpc.v2.SubscriptionServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a chain sent its checkpoints: a subscription of our own beside the indexer's, to nothing but numbers and digests, so
 * that it costs next to nothing.
 */
final class Arrivals implements AutoCloseable, StreamObserver<SubscribeCheckpointsResponse> {
    private final ManagedChannel channel;
    private final Map<Long, Arrival> arrivals = new ConcurrentHashMap<>();
    private volatile long newest = -1;
    private volatile @Nullable String fault;

    private record Arrival(long nanos, String digest) {}

    private Arrivals(ManagedChannel channel) {
        this.channel = channel;
    }

    static Arrivals of(URI chain) {
        var channel = NettyChannelBuilder.forAddress(chain.getHost(), chain.getPort())
                .usePlaintext()
                .directExecutor() // the clock is read where the frame is
                .build();
        var arrivals = new Arrivals(channel);
        SubscriptionServiceGrpc.newStub(channel)
                .subscribeCheckpoints(
                        SubscribeCheckpointsRequest.newBuilder()
                                .setReadMask(FieldMask.newBuilder()
                                        .addPaths("sequence_number")
                                        .addPaths("digest"))
                                .build(),
                        arrivals);
        return arrivals;
    }

    @Override
    public void onNext(SubscribeCheckpointsResponse frame) {
        long nanos = System.nanoTime();
        long checkpoint = frame.getCursor();
        if (newest >= 0 && checkpoint != newest + 1) {
            fault = "checkpoint %d follows %d".formatted(checkpoint, newest);
        }
        arrivals.put(checkpoint, new Arrival(nanos, frame.getCheckpoint().getDigest()));
        newest = checkpoint;
    }

    @Override
    public void onError(Throwable reason) {
        fault = String.valueOf(reason.getMessage());
    }

    @Override
    public void onCompleted() {
        fault = "the stream ended";
    }

    /** The checkpoint that came last; -1 before the first. */
    long newest() {
        return newest;
    }

    /** Why the stream cannot be gone by. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Its digest, if it was seen. */
    Optional<String> digest(long checkpoint) {
        return Optional.ofNullable(arrivals.get(checkpoint)).map(Arrival::digest);
    }

    /** When each came, by {@link System#nanoTime}. */
    Map<Long, Long> nanos() {
        var nanos = new HashMap<Long, Long>();
        arrivals.forEach((checkpoint, arrival) -> nanos.put(checkpoint, arrival.nanos()));
        return nanos;
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(10, TimeUnit.SECONDS);
    }
}
