package dev.vibrissa.devnet.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.Router;
import java.util.Optional;

/** The socket of a node: HTTP/1.1 and 2 over TLS, on one port for its life, whether or not something listens there. */
final class NodeServer {
    private static final int MAX_REQUEST_LINE_BYTES = 64 << 10;
    private static final int IDLE_SECONDS = 600;

    /** What who connects meets. */
    enum Door {
        OPEN,
        CLOSED,
        /** Another key than the node's. */
        WRONG_KEY
    }

    private final Vertx vertx;
    private final NodeIdentity identity;
    private final Router router;
    private int port;
    private Door door = Door.CLOSED;

    private Optional<HttpServer> listening = Optional.empty();

    /** What is being done, so that the next change begins where that ends. */
    private Future<Void> last = Future.succeededFuture();

    /**
     * @param port 0 for any that is free
     */
    NodeServer(Vertx vertx, NodeIdentity identity, Router router, int port) {
        this.vertx = vertx;
        this.identity = identity;
        this.router = router;
        this.port = port;
    }

    synchronized int port() {
        return port;
    }

    synchronized Door door() {
        return door;
    }

    /** Has everybody who connects from then on meet {@code next}; connections that stand are cut if that is a change. */
    synchronized Future<Void> turn(Door next) {
        last = last.transform(_ -> change(next));
        return last;
    }

    private synchronized Future<Void> change(Door next) {
        if (next == door) {
            return Future.succeededFuture();
        }
        Future<Void> closed = listening.map(HttpServer::close).orElseGet(Future::succeededFuture);
        door = Door.CLOSED;
        listening = Optional.empty();
        return next == Door.CLOSED ? closed : closed.compose(_ -> listen(next));
    }

    private synchronized Future<Void> listen(Door next) {
        NodeIdentity shown = next == Door.WRONG_KEY ? identity.impostor() : identity;
        return vertx.createHttpServer(options(shown))
                .requestHandler(router)
                .listen(port, identity.host())
                .onSuccess(server -> listens(server, next))
                .mapEmpty();
    }

    private synchronized void listens(HttpServer server, Door now) {
        port = server.actualPort();
        door = now;
        listening = Optional.of(server);
    }

    private static HttpServerOptions options(NodeIdentity shown) {
        return new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setSslEngineOptions(new JdkSSLEngineOptions())
                .setKeyCertOptions(KeyCertOptions.wrap(shown.keyManager()))
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setIdleTimeout(IDLE_SECONDS);
    }
}
