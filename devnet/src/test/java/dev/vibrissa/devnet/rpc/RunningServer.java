package dev.vibrissa.devnet.rpc;

import dev.vibrissa.devnet.ledger.ChainReader;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The server under test on a port of its own, and a plain gRPC client of it. */
final class RunningServer implements AutoCloseable {
    static final int MAX_MESSAGE_BYTES = 128 << 20;

    /** So that a slow reader is felt after few messages. */
    private static final int SMALL_WINDOW_BYTES = 65_535;

    private final Vertx vertx = Vertx.vertx();
    private final RpcServer server;
    private final ManagedChannel channel;

    RunningServer(ChainReader chain, Endpoint endpoint) throws IOException {
        server = RpcServer.start(vertx, chain, endpoint, "127.0.0.1", 0);
        channel = client();
    }

    static RunningServer of(ChainReader chain) throws IOException {
        return new RunningServer(chain, Endpoint.of("recorded"));
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Another connection. */
    ManagedChannel client() {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .flowControlWindow(SMALL_WINDOW_BYTES)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    int port() {
        return server.port();
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(10, TimeUnit.SECONDS);
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
