package dev.vibrissa.devnet.rpc;

import com.github.luben.zstd.Zstd;
import dev.vibrissa.devnet.ledger.ChainReader;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The checkpoint store: {@code /checkpoints/812.binpb.zst}, and {@code /checkpoints/epochs.json} with the last
 * checkpoint of each epoch that ended. What is not produced yet is not found.
 */
final class CheckpointStore {
    static final String PREFIX = "/checkpoints/";

    private static final Logger LOG = Logger.getLogger(CheckpointStore.class);

    private static final Pattern FILE = Pattern.compile("(0|[1-9]\\d{0,17})\\.binpb\\.zst");
    private static final int COMPRESSION_LEVEL = 3;

    private final ChainReader chain;
    private final StreamFaults faults;
    private final Executor threads;

    CheckpointStore(ChainReader chain, StreamFaults faults, Executor threads) {
        this.chain = chain;
        this.faults = faults;
        this.threads = threads;
    }

    /** Answers on the event loop of the request. */
    void handle(HttpServerRequest request, String name) {
        Context context = Objects.requireNonNull(Vertx.currentContext());
        threads.execute(() -> {
            Answer answer;
            try {
                answer = answer(name);
            } catch (RuntimeException e) {
                LOG.errorf(e, "no answer file=%s", name);
                answer = new Answer(500, Buffer.buffer("%s cannot be read".formatted(name)));
            }
            Answer sent = answer;
            context.runOnContext(_ -> {
                if (!request.response().closed()) {
                    request.response().setStatusCode(sent.status).end(sent.body);
                }
            });
        });
    }

    private record Answer(int status, Buffer body) {}

    private Answer answer(String name) {
        if (faults.unavailable()) {
            return new Answer(503, Buffer.buffer("the store is out of service"));
        }
        return file(name)
                .map(body -> new Answer(200, body))
                .orElseGet(() -> new Answer(404, Buffer.buffer("there is no %s here yet".formatted(name))));
    }

    private Optional<Buffer> file(String name) {
        if (name.equals("epochs.json")) {
            return Optional.of(Buffer.buffer(epochs()));
        }
        var number = FILE.matcher(name);
        return number.matches()
                ? chain.checkpoint(Long.parseLong(number.group(1)))
                        .map(bytes -> Buffer.buffer(Zstd.compress(bytes, COMPRESSION_LEVEL)))
                : Optional.empty();
    }

    private String epochs() {
        return chain.epochs().stream()
                .flatMap(epoch -> epoch.lastCheckpoint().stream())
                .map(String::valueOf)
                .collect(Collectors.joining(",", "[", "]"));
    }
}
