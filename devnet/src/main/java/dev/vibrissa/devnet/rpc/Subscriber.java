package dev.vibrissa.devnet.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.vibrissa.devnet.ledger.ChainReader;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One subscription: the checkpoints from the tip on, in order, as fast as the caller takes them. It keeps no queue, for
 * the ledger has them all; a caller who falls too far behind is sent away.
 */
final class Subscriber<T extends Message> {
    /** A field that nobody knows and everybody steps over. */
    private static final int PADDING_FIELD = 15_000;

    private static final ByteString ZEROS = ByteString.copyFrom(new byte[4_096]);

    /** The frames that a checkpoint makes. */
    interface Frames<T> {
        /** A frame before the first checkpoint. */
        Optional<T> beginning(long tip);

        /**
         * @param start the first checkpoint of the stream
         */
        List<T> of(StoredCheckpoint checkpoint, long start);
    }

    private final ChainReader chain;
    private final Checkpoints checkpoints;
    private final Endpoint endpoint;
    private final long ordinal;
    private final Outbound<T> out;
    private final Frames<T> frames;

    private long next;
    private List<T> heldBack = List.of();

    Subscriber(
            ChainReader chain,
            Checkpoints checkpoints,
            Endpoint endpoint,
            long ordinal,
            Outbound<T> out,
            Frames<T> frames) {
        this.chain = chain;
        this.checkpoints = checkpoints;
        this.endpoint = endpoint;
        this.ordinal = ordinal;
        this.out = out;
        this.frames = frames;
    }

    void run() throws Outbound.CallerGoneException, InterruptedException {
        // What is sealed meanwhile is found by looking; the chain's word only wakes this up.
        long start = chain.tip() + 1;
        next = start;
        try (var _ = chain.subscribe(_ -> out.wake())) {
            var beginning = frames.beginning(start - 1);
            if (beginning.isPresent()) {
                send(beginning.get());
            }
            while (true) {
                await(() -> chain.tip() >= next);
                deliver(checkpoint(next), start);
                next++;
            }
        }
    }

    private StoredCheckpoint checkpoint(long number) {
        return checkpoints
                .find(number)
                .orElseThrow(() -> Status.UNAVAILABLE
                        .withDescription("checkpoint %d is not kept any more".formatted(number))
                        .asRuntimeException());
    }

    private void deliver(StoredCheckpoint checkpoint, long start)
            throws Outbound.CallerGoneException, InterruptedException {
        var fault = endpoint.faults().at(ordinal, checkpoint.sequenceNumber()).orElse(null);
        var held = heldBack;
        heldBack = List.of();
        switch (fault) {
            case null -> sendAll(frames.of(checkpoint, start));
            case StreamFault.Stall(Duration duration) -> {
                stall(duration);
                sendAll(frames.of(checkpoint, start));
            }
            case StreamFault.Disconnect() ->
                throw Status.UNAVAILABLE.withDescription("the stream was cut").asRuntimeException();
            case StreamFault.Duplicate() -> {
                sendAll(frames.of(checkpoint, start));
                sendAll(frames.of(checkpoint, start));
            }
            case StreamFault.Gap() -> {}
            case StreamFault.Reorder() -> heldBack = frames.of(checkpoint, start);
            case StreamFault.Oversized(int bytes) -> sendAll(padded(frames.of(checkpoint, start), bytes));
            case StreamFault.DamagedCertificate() -> sendAll(frames.of(damaged(checkpoint), start));
        }
        sendAll(held);
    }

    private void stall(Duration duration) throws Outbound.CallerGoneException, InterruptedException {
        long until = System.nanoTime() + duration.toNanos();
        out.await(() -> System.nanoTime() - until >= 0);
    }

    private List<T> padded(List<T> messages, int bytes) {
        var padded = new ArrayList<>(messages);
        var padding = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(zeros(bytes))
                .build();
        padded.set(0, withUnknown(padded.getFirst(), padding));
        return padded;
    }

    /** As many zeros as asked, in the memory of few. */
    private static ByteString zeros(int bytes) {
        if (bytes <= ZEROS.size()) {
            return ZEROS.substring(0, bytes);
        }
        ByteString half = zeros(bytes / 2);
        return half.concat(half).concat(zeros(bytes % 2));
    }

    @SuppressWarnings("unchecked") // the builder of a message builds that message
    private T withUnknown(T message, UnknownFieldSet.Field field) {
        return (T) message.toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(PADDING_FIELD, field)
                        .build())
                .build();
    }

    private static StoredCheckpoint damaged(StoredCheckpoint checkpoint) {
        var wire = checkpoint.wire().toBuilder();
        byte[] signature = wire.getSignature().getSignature().toByteArray();
        signature[signature.length - 1] ^= 1;
        wire.getSignatureBuilder().setSignature(ByteString.copyFrom(signature));
        return new StoredCheckpoint(wire.build(), checkpoint.decoded());
    }

    private void sendAll(List<T> messages) throws Outbound.CallerGoneException, InterruptedException {
        for (T message : messages) {
            send(message);
        }
    }

    private void send(T message) throws Outbound.CallerGoneException, InterruptedException {
        await(out::hasRoom);
        out.send(message);
    }

    /** Waits, unless the caller has fallen too far behind or the endpoint goes out of service. */
    private void await(BooleanSupplier condition) throws Outbound.CallerGoneException, InterruptedException {
        out.await(() -> isOver() || condition.getAsBoolean());
        if (endpoint.faults().unavailable()) {
            throw Status.UNAVAILABLE
                    .withDescription("the endpoint is out of service")
                    .asRuntimeException();
        }
        long behind = chain.tip() - next;
        if (behind > endpoint.maxLag()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("too slow: checkpoint %d is next for this subscriber, but %d is the latest"
                            .formatted(next, chain.tip()))
                    .asRuntimeException();
        }
    }

    private boolean isOver() {
        return endpoint.faults().unavailable() || chain.tip() - next > endpoint.maxLag();
    }
}
