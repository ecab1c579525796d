package dev.vibrissa.devnet.rpc;

import dev.vibrissa.devnet.ledger.ChainReader;
import dev.vibrissa.rpc.v2.GetServiceInfoResponse;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Instant;
import java.util.Optional;

/** Where the chain stands: as an answer, and as headers of every answer. Nobody is answered while out of service. */
final class ChainStatus implements ServerInterceptor {
    private static final String SERVER = "vibrissa-devnet";

    private final ChainReader chain;
    private final Checkpoints checkpoints;
    private final Endpoint endpoint;

    ChainStatus(ChainReader chain, Checkpoints checkpoints, Endpoint endpoint) {
        this.chain = chain;
        this.checkpoints = checkpoints;
        this.endpoint = endpoint;
    }

    GetServiceInfoResponse serviceInfo() {
        long tip = chain.tip();
        var message = GetServiceInfoResponse.newBuilder()
                .setChainId(chain.chainId().toString())
                .setChain(endpoint.chain())
                .setEpoch(chain.epoch())
                .setLowestAvailableCheckpoint(chain.lowest())
                .setLowestAvailableCheckpointObjects(chain.lowest())
                .setServer(SERVER);
        if (tip >= 0) {
            message.setCheckpointHeight(tip);
        }
        time(tip).ifPresent(time -> message.setTimestamp(TransactionMessages.timestamp(time)));
        return message.build();
    }

    /** What the chain's clock said at a checkpoint. */
    Optional<Instant> time(long checkpoint) {
        return checkpoints
                .find(checkpoint)
                .map(found -> found.decoded().summary().timestamp());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (endpoint.faults().unavailable()) {
            call.close(Status.UNAVAILABLE.withDescription("the endpoint is out of service"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        var described = new Described<>(call);
        if (!call.getMethodDescriptor().getType().serverSendsOneMessage()) {
            described.sendHeaders(new Metadata()); // a stream may have nothing to send for long
        }
        return next.startCall(described, headers);
    }

    /** A call whose headers, sent once, tell where the chain stands; where there are none, the trailers do. */
    private final class Described<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private boolean sent;

        Described(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            if (!sent) {
                sent = true;
                describe(headers);
                super.sendHeaders(headers);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!sent) {
                describe(trailers);
            }
            super.close(status, trailers);
        }
    }

    private void describe(Metadata headers) {
        put(headers, "chain-id", chain.chainId().toString());
        put(headers, "chain", endpoint.chain());
        put(headers, "lowest-available-checkpoint", Long.toString(chain.lowest()));
        put(headers, "lowest-available-checkpoint-objects", Long.toString(chain.lowest()));
        put(headers, "epoch", Long.toString(chain.epoch()));
        long tip = chain.tip();
        if (tip >= 0) {
            put(headers, "checkpoint-height", Long.toString(tip));
        }
        time(tip).ifPresent(time -> {
            put(headers, "timestamp-ms", Long.toString(time.toEpochMilli()));
            put(headers, "timestamp", time.toString());
        });
    }

    private static void put(Metadata headers, String name, String value) {
        headers.put(Metadata.Key.of("x-sui-" + name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
}
