package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.rpc.v2.GetServiceInfoRequest;
import dev.vibrissa.rpc.v2.GetServiceInfoResponse;
import dev.vibrissa.rpc.v2.LedgerServiceGrpc;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection to a full node that tells which chain it serves each time it was made anew. */
final class FullNodeChannel implements AutoCloseable {
    /** What Sui's own clients allow; the default of 4 MiB would fail at large checkpoints. */
    static final int MAX_MESSAGE_BYTES = 128 << 20;
    /** A round trip of 100 ms at 80 MB/s; the default of 64 KiB would allow a hundredth of it. */
    private static final int WINDOW_BYTES = 8 << 20;

    private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);
    private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);
    private static final int DEFAULT_TLS_PORT = 443;
    private static final int DEFAULT_PORT = 9000;

    private final String location;
    private final ChainIdentity identity;
    private final Duration deadline;
    private final RateBucket rate;
    private final ManagedChannel channel;
    /** Connections that were lost so far, which numbers the one that is open. */
    private final AtomicInteger connections = new AtomicInteger();

    /** The connection over which the node told its chain. */
    private volatile int admitted = -1;

    /** @param address {@code grpc://host:port}, or {@code grpcs://host:port} for TLS */
    FullNodeChannel(URI address, ChainIdentity identity, Duration deadline, RateBucket rate) {
        this.location = address.toString();
        this.identity = identity;
        this.deadline = deadline;
        this.rate = rate;
        var builder = NettyChannelBuilder.forAddress(address.getHost(), port(address))
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .flowControlWindow(WINDOW_BYTES)
                .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .disableRetry() // who is asked again, and when, is decided over all endpoints
                .userAgent("vibrissa");
        this.channel = (isTls(address) ? builder.useTransportSecurity() : builder.usePlaintext()).build();
        watch(ConnectivityState.IDLE);
    }

    private static boolean isTls(URI address) {
        return address.getScheme().equals("grpcs");
    }

    static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return isTls(address) ? DEFAULT_TLS_PORT : DEFAULT_PORT;
    }

    /** Behind the same address may be another machine the next time. */
    private void watch(ConnectivityState before) {
        channel.notifyWhenStateChanged(before, () -> {
            if (before == ConnectivityState.READY) {
                connections.incrementAndGet();
            }
            ConnectivityState now = channel.getState(false);
            if (now != ConnectivityState.SHUTDOWN) {
                watch(now);
            }
        });
    }

    ManagedChannel channel() {
        return channel;
    }

    /**
     * Why the node must not be asked for anything else; empty if it serves our chain.
     *
     * @throws StatusException if it does not answer
     */
    Optional<String> fault() throws StatusException, InterruptedException {
        int connection = connections.get();
        if (admitted == connection) {
            return Optional.empty();
        }
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff(); // who asks has paused already, by a back-off of his own
        }
        Optional<String> fault = identity.faultOf(location, serviceInfo().getChainId());
        if (fault.isEmpty()) {
            admitted = connection;
        }
        return fault;
    }

    GetServiceInfoResponse serviceInfo() throws StatusException, InterruptedException {
        rate.take();
        return LedgerServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                .getServiceInfo(GetServiceInfoRequest.getDefaultInstance());
    }

    /** Of the network, once the node has confirmed it. */
    Optional<Digest> chain() {
        return admitted < 0 ? Optional.empty() : identity.chain();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
