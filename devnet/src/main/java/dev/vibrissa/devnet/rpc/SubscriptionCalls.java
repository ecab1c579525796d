package dev.vibrissa.devnet.rpc;

import com.google.protobuf.Message;
import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.rpc.v2.Checkpoint;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsRequest;
import dev.vibrissa.rpc.v2.SubscribeCheckpointsResponse;
import dev.vibrissa.rpc.v2.SubscribeEventsRequest;
import dev.vibrissa.rpc.v2.SubscribeEventsResponse;
import dev.vibrissa.rpc.v2.SubscribeTransactionsRequest;
import dev.vibrissa.rpc.v2.SubscribeTransactionsResponse;
import dev.vibrissa.rpc.v2.SubscriptionServiceGrpc.SubscriptionServiceImplBase;
import dev.vibrissa.rpc.v2.Watermark;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** What happens on the chain from now on. Filtered streams tell of their progress where nothing matches. */
final class SubscriptionCalls extends SubscriptionServiceImplBase {
    private final ChainReader chain;
    private final Checkpoints checkpoints;
    private final Endpoint endpoint;
    private final Executor threads;
    private final AtomicLong subscribers = new AtomicLong();

    SubscriptionCalls(ChainReader chain, Checkpoints checkpoints, Endpoint endpoint, Executor threads) {
        this.chain = chain;
        this.checkpoints = checkpoints;
        this.endpoint = endpoint;
        this.threads = threads;
    }

    @Override
    public void subscribeCheckpoints(
            SubscribeCheckpointsRequest request, StreamObserver<SubscribeCheckpointsResponse> responses) {
        Outbound.start(responses, threads, out -> {
            if (request.hasFilter()) {
                endpoint.requireQueries("SubscribeCheckpoints with a filter");
            }
            var mask = ReadMask.of(request.getReadMask(), LedgerCalls.CHECKPOINT_DEFAULT, Checkpoint.getDescriptor());
            var items = Listings.checkpoints(
                    request.hasFilter() ? Optional.of(request.getFilter()) : Optional.empty(), mask);
            var frames = new Subscriber.Frames<SubscribeCheckpointsResponse>() {
                @Override
                public Optional<SubscribeCheckpointsResponse> beginning(long tip) {
                    return request.hasFilter() ? Optional.of(progress(tip)) : Optional.empty();
                }

                @Override
                public List<SubscribeCheckpointsResponse> of(StoredCheckpoint checkpoint, long start) {
                    var progress = progress(checkpoint.sequenceNumber());
                    return List.of(items.apply(checkpoint).stream()
                            .findFirst()
                            .map(item -> progress.toBuilder()
                                    .setCheckpoint(item.message().get())
                                    .build())
                            .orElse(progress));
                }

                private SubscribeCheckpointsResponse progress(long covered) {
                    return SubscribeCheckpointsResponse.newBuilder()
                            .setCursor(covered)
                            .build();
                }
            };
            subscriber(out, frames).run();
        });
    }

    @Override
    public void subscribeTransactions(
            SubscribeTransactionsRequest request, StreamObserver<SubscribeTransactionsResponse> responses) {
        Outbound.start(responses, threads, out -> {
            endpoint.requireQueries("SubscribeTransactions");
            var mask = ReadMask.of(
                    request.getReadMask(), LedgerCalls.TRANSACTION_DEFAULT, ExecutedTransaction.getDescriptor());
            var items = Listings.transactions(
                    request.hasFilter() ? Optional.of(request.getFilter()) : Optional.empty(), mask);
            var frames = new WatermarkedFrames<ExecutedTransaction, SubscribeTransactionsResponse>(
                    items, (item, watermark) -> {
                        var frame = SubscribeTransactionsResponse.newBuilder().setWatermark(watermark);
                        item.ifPresent(frame::setTransaction);
                        return frame.build();
                    });
            subscriber(out, frames).run();
        });
    }

    @Override
    public void subscribeEvents(SubscribeEventsRequest request, StreamObserver<SubscribeEventsResponse> responses) {
        Outbound.start(responses, threads, out -> {
            endpoint.requireQueries("SubscribeEvents");
            var mask = ReadMask.of(
                    request.getReadMask(), LedgerCalls.EVENT_DEFAULT, dev.vibrissa.rpc.v2.Event.getDescriptor());
            var items =
                    Listings.events(request.hasFilter() ? Optional.of(request.getFilter()) : Optional.empty(), mask);
            var frames = new WatermarkedFrames<dev.vibrissa.rpc.v2.Event, SubscribeEventsResponse>(
                    items, (item, watermark) -> {
                        var frame = SubscribeEventsResponse.newBuilder().setWatermark(watermark);
                        item.ifPresent(frame::setEvent);
                        return frame.build();
                    });
            subscriber(out, frames).run();
        });
    }

    private <T extends Message> Subscriber<T> subscriber(Outbound<T> out, Subscriber.Frames<T> frames) {
        return new Subscriber<>(chain, checkpoints, endpoint, subscribers.getAndIncrement(), out, frames);
    }

    /** A frame for each item, and one that says that the checkpoint is done. */
    private record WatermarkedFrames<T, R>(Function<StoredCheckpoint, List<Scan.Item<T>>> items, Frame<T, R> frame)
            implements Subscriber.Frames<R> {
        @FunctionalInterface
        interface Frame<T, R> {
            R of(Optional<T> item, Watermark watermark);
        }

        @Override
        public Optional<R> beginning(long tip) {
            return Optional.of(frame.of(Optional.empty(), watermark(Position.endOf(tip), tip, tip)));
        }

        @Override
        public List<R> of(StoredCheckpoint checkpoint, long start) {
            var frames = new ArrayList<R>();
            long number = checkpoint.sequenceNumber();
            for (var item : items.apply(checkpoint)) {
                frames.add(frame.of(Optional.of(item.message().get()), watermark(item.position(), number - 1, start)));
            }
            frames.add(frame.of(Optional.empty(), watermark(Position.endOf(number), number, start)));
            return frames;
        }

        private static Watermark watermark(Position reached, long covered, long start) {
            var watermark = Watermark.newBuilder().setCursor(reached.cursor());
            return (covered < start ? watermark : watermark.setCheckpoint(covered)).build();
        }
    }
}
