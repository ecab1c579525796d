package dev.vibrissa.devnet.rpc;

import dev.vibrissa.devnet.ledger.ChainReader;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The chain on one port: gRPC over clear-text HTTP/2, gRPC-Web over any HTTP, and the checkpoint store under
 * {@code /checkpoints/}. Calls are served on virtual threads.
 */
public final class RpcServer implements AutoCloseable {
    private static final long START_SECONDS = 30;
    private static final int LISTEN_ATTEMPTS = 10;
    private static final Duration LISTEN_PAUSE = Duration.ofMillis(100);

    private final Server services;
    private final ManagedChannel channel;
    private final HttpServer http;
    private final ExecutorService threads;

    private RpcServer(Server services, ManagedChannel channel, HttpServer http, ExecutorService threads) {
        this.services = services;
        this.channel = channel;
        this.http = http;
        this.threads = threads;
    }

    /**
     * Starts to listen.
     *
     * @param vertx whose event loops carry the connections; it is left open
     * @param host to listen on, such as {@code 127.0.0.1}
     * @param port to listen on, 0 for any that is free
     * @throws IOException if the port is taken
     */
    public static RpcServer start(Vertx vertx, ChainReader chain, Endpoint endpoint, String host, int port)
            throws IOException {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var checkpoints = new Checkpoints(chain);
        var status = new ChainStatus(chain, checkpoints, endpoint);
        String name = InProcessServerBuilder.generateName();
        var services = InProcessServerBuilder.forName(name)
                .executor(threads)
                .intercept(status)
                .addService(new LedgerCalls(chain, checkpoints, status, endpoint, threads))
                .addService(new StateCalls(chain))
                .addService(new SubscriptionCalls(chain, checkpoints, endpoint, threads))
                .build()
                .start();
        var channel = InProcessChannelBuilder.forName(name).executor(threads).build();
        var calls = new GrpcHttp(channel);
        var store = new CheckpointStore(chain, endpoint.faults(), threads);
        try {
            var http = listen(vertx, host, port, request -> route(request, calls, store));
            return new RpcServer(services, channel, http, threads);
        } catch (IOException e) {
            channel.shutdownNow();
            services.shutdownNow();
            threads.shutdownNow();
            throw e;
        }
    }

    /** Listens; the port of a server that was closed just now may be held for some moments more. */
    private static HttpServer listen(Vertx vertx, String host, int port, Handler<HttpServerRequest> handler)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return vertx.createHttpServer(
                                new HttpServerOptions().setHost(host).setPort(port))
                        .requestHandler(handler)
                        .listen()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                        .join();
            } catch (CompletionException e) {
                if (attempt == LISTEN_ATTEMPTS || !(e.getCause() instanceof BindException)) {
                    throw new IOException("the chain's endpoint cannot listen on %s:%d".formatted(host, port), e);
                }
            }
            try {
                Thread.sleep(LISTEN_PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while port %d was held".formatted(port));
            }
        }
    }

    private static void route(HttpServerRequest request, GrpcHttp calls, CheckpointStore store) {
        // Web pages of any origin may read a chain that is public anyway.
        request.response()
                .putHeader("access-control-allow-origin", "*")
                .putHeader("access-control-expose-headers", "*");
        String path = Objects.requireNonNullElse(request.path(), "/");
        String contentType = Objects.requireNonNullElse(request.getHeader("content-type"), "");
        if (request.method() == HttpMethod.OPTIONS) {
            request.response()
                    .putHeader("access-control-allow-methods", "GET, POST")
                    .putHeader("access-control-allow-headers", "*")
                    .setStatusCode(204)
                    .end();
        } else if (request.method() == HttpMethod.POST && contentType.startsWith("application/grpc")) {
            calls.handle(request, path, contentType);
        } else if (request.method() == HttpMethod.GET && path.startsWith(CheckpointStore.PREFIX)) {
            store.handle(request, path.substring(CheckpointStore.PREFIX.length()));
        } else {
            request.response().setStatusCode(404).end("nothing is here; gRPC, gRPC-Web and /checkpoints/ are");
        }
    }

    public int port() {
        return http.actualPort();
    }

    /** Ends all calls and connections. */
    @Override
    public void close() {
        http.close().toCompletionStage().toCompletableFuture().join();
        channel.shutdownNow();
        services.shutdownNow();
        threads.shutdownNow();
    }
}
