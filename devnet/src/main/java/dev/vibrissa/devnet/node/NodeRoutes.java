package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The paths of the node HTTP API. Left out is {@code sync_shard}: shards move within the process.
 *
 * @see "walrus, crates/walrus-service/src/node/server.rs"
 */
final class NodeRoutes {
    private static final String BLOB = "/v1/blobs/:blob";
    private static final String SLIVER = BLOB + "/slivers/:pair/:type";

    /** Longest wait for a registration, as real nodes have it by default. */
    private static final Duration MAX_PATIENCE = Duration.ofMillis(5000);

    private static final int ENTITY_TOO_LARGE = 413;
    private static final String BINARY = "application/octet-stream";

    private static final String PAGE = """
            <!doctype html><html lang="en"><title>Storage node API</title>
            <h1>A storage node of a simulated network</h1>
            <p>It answers as nodes of Walrus do, under <code>/v1</code>: blobs/{blob_id}/metadata, slivers, status,
            confirmation, recoverySymbols, decodingSymbols, inconsistencyProof, and health. Nothing here is stored for anybody.</p></html>
            """;

    private final Answers answers;
    private final BlobQuestions blobs;
    private final SymbolQuestions symbols;
    private final Uploads uploads;
    private final Health health;

    NodeRoutes(Answers answers, BlobQuestions blobs, SymbolQuestions symbols, Uploads uploads, Health health) {
        this.answers = answers;
        this.blobs = blobs;
        this.symbols = symbols;
        this.uploads = uploads;
        this.health = health;
    }

    Router router(Vertx vertx) {
        var router = Router.router(vertx);
        router.route()
                .handler(CorsHandler.create()
                        .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST))
                        .allowedHeaders(Set.of("Content-Type", "Authorization")));
        router.get(BLOB + "/metadata").handler(ofBlob(blobs::metadata));
        router.get(BLOB + "/metadata/status").handler(ofBlob(blobs::metadataStatus));
        router.get(BLOB + "/status").handler(ofBlob(blobs::status));
        router.get(SLIVER).handler(ofSliver(blobs::sliver));
        router.get(SLIVER + "/status").handler(ofSliver(blobs::sliverStatus));
        router.get(BLOB + "/confirmation/permanent").handler(c -> confirm(c, _ -> Optional.empty()));
        router.get(BLOB + "/confirmation/deletable/:object")
                .handler(c -> confirm(c, each -> Optional.of(SuiAddress.parse(path(each, "object")))));
        router.get(BLOB + "/recoverySymbols").handler(asked(this::recoverySymbols));
        router.get(BLOB + "/decodingSymbols").handler(asked(this::decodingSymbols));
        router.get("/v1/health").handler(asked(c -> {
            boolean detailed = flag(c, "detailed");
            return () -> health.answer(detailed);
        }));
        router.get("/v1/api").handler(asked(_ -> () -> new Answer.Text(200, "text/html; charset=utf-8", PAGE)));
        uploads(router);
        return router;
    }

    private void uploads(Router router) {
        EncodingConfig config = symbols.slivers().config();
        long sliverBytes = config.sliverBytes(SliverType.PRIMARY, EncodingConfig.MAX_SYMBOL_BYTES) + 128;
        for (String path : List.of(BLOB + "/metadata", SLIVER, BLOB + "/inconsistencyProof/:type")) {
            router.route(path)
                    .handler(BodyHandler.create(false).setBodyLimit(sliverBytes))
                    .handler(this::onlyBinary)
                    .failureHandler(c -> {
                        if (c.statusCode() == ENTITY_TOO_LARGE) {
                            answers.send(
                                    c.response(),
                                    new Answer.Refused(
                                            Reason.SLIVER_TOO_LARGE, "more than %d bytes".formatted(sliverBytes)));
                        } else {
                            c.next();
                        }
                    });
        }
        router.put(BLOB + "/metadata").handler(asked(c -> {
            BlobId blob = blob(c);
            boolean pending = flag(c, "pending");
            byte[] body = body(c);
            return () -> uploads.metadata(blob, pending, body);
        }));
        router.put(SLIVER).handler(asked(c -> {
            BlobId blob = blob(c);
            int pair = pair(c);
            SliverType type = type(path(c, "type"));
            boolean pending = flag(c, "pending");
            byte[] body = body(c);
            return () -> uploads.sliver(blob, type, pair, pending, body);
        }));
        router.post(BLOB + "/inconsistencyProof/:type").handler(asked(c -> {
            BlobId blob = blob(c);
            SliverType type = type(path(c, "type"));
            byte[] body = body(c);
            return () -> uploads.inconsistencyProof(blob, type, body);
        }));
    }

    /** A missing type is taken for the right one. */
    private void onlyBinary(RoutingContext c) {
        String type = c.request().getHeader("Content-Type");
        if (c.request().method() == HttpMethod.GET || type == null || type.startsWith(BINARY)) {
            c.next();
        } else {
            answers.send(c.response(), new Answer.Refused(Reason.INVALID_CONTENT_TYPE, BINARY + " is due"));
        }
    }

    private static byte[] body(RoutingContext c) {
        Buffer body = c.body().buffer(); // null if nothing came
        return body == null ? new byte[0] : body.getBytes();
    }

    private Handler<RoutingContext> asked(Answers.Question question) {
        return context -> answers.answer(context, question);
    }

    private Handler<RoutingContext> ofBlob(Function<BlobId, Answer> answer) {
        return asked(c -> {
            BlobId blob = blob(c);
            return () -> answer.apply(blob);
        });
    }

    @FunctionalInterface
    private interface OfSliver {
        Answer answer(BlobId blobId, SliverType type, int pair);
    }

    private Handler<RoutingContext> ofSliver(OfSliver question) {
        return asked(c -> {
            BlobId blob = blob(c);
            int pair = pair(c);
            SliverType type = type(path(c, "type"));
            return () -> question.answer(blob, type, pair);
        });
    }

    @FunctionalInterface
    private interface ObjectOf {
        Optional<SuiAddress> read(RoutingContext context);
    }

    private void confirm(RoutingContext context, ObjectOf object) {
        boolean waits = context.queryParam("wait_for_registration").contains("true");
        Duration patience = !waits
                ? Duration.ZERO
                : context.queryParam("wait_millis").stream()
                        .filter(text -> text.matches("[0-9]{1,9}"))
                        .map(text -> Duration.ofMillis(Long.parseLong(text)))
                        .filter(asked -> asked.compareTo(MAX_PATIENCE) < 0)
                        .findFirst()
                        .orElse(MAX_PATIENCE);
        answers.answer(
                context,
                c -> {
                    BlobId blob = blob(c);
                    Optional<SuiAddress> of = object.read(c);
                    return () -> blobs.confirmation(blob, of);
                },
                patience);
    }

    private Supplier<Answer> recoverySymbols(RoutingContext c) {
        BlobId blob = blob(c);
        List<SymbolQuestions.SymbolId> ids =
                c.queryParam("id").stream().map(SymbolQuestions.SymbolId::parse).toList();
        Optional<Integer> target =
                c.queryParam("targetSliver").stream().findFirst().map(Answers::u16);
        Optional<SliverType> targetType =
                c.queryParam("targetType").stream().findFirst().map(NodeRoutes::type);
        Optional<SliverType> axis =
                c.queryParam("proofAxis").stream().findFirst().map(NodeRoutes::type);
        if (ids.isEmpty() && target.isEmpty()) {
            return () -> new Answer.Refused(Reason.NO_SYMBOLS_SPECIFIED, "no symbol is named, and no target sliver");
        }
        if (target.isPresent() != targetType.isPresent()
                || target.isPresent() != ids.isEmpty()
                || targetType.isPresent() && axis.equals(targetType)) {
            return () -> new Answer.Refused(
                    Reason.INVALID_FILTER, "name symbols, or a target sliver with its type, which is not the proof's");
        }
        return () -> target.isPresent()
                ? symbols.symbolsFor(blob, targetType.orElseThrow(), target.get())
                : symbols.symbols(blob, ids, axis);
    }

    private Supplier<Answer> decodingSymbols(RoutingContext c) {
        BlobId blob = blob(c);
        TreeSet<Integer> targets =
                c.queryParam("targetSlivers").stream().map(Answers::u16).collect(Collectors.toCollection(TreeSet::new));
        SliverType type = type(c.queryParam("targetType").stream().findFirst().orElse(""));
        return () -> symbols.decodingSymbols(blob, type, targets);
    }

    private static String path(RoutingContext c, String name) {
        return Objects.requireNonNull(c.pathParam(name), name);
    }

    private static BlobId blob(RoutingContext c) {
        return new BlobId(dev.vibrissa.redstuff.BlobId.parse(path(c, "blob")).toByteArray());
    }

    private static int pair(RoutingContext c) {
        return Answers.u16(path(c, "pair"));
    }

    private static SliverType type(String text) {
        return switch (text) {
            case "primary" -> SliverType.PRIMARY;
            case "secondary" -> SliverType.SECONDARY;
            default -> throw new IllegalArgumentException("'%s' is neither primary nor secondary".formatted(text));
        };
    }

    private static boolean flag(RoutingContext c, String name) {
        return switch (c.queryParam(name).stream().findFirst().orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'%s' is neither true nor false".formatted(name));
        };
    }
}
