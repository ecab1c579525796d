package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A checkpoint store on a real socket that has its bad moments, and the tables that come of it all the same. */
class StoreIngestTest {
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer store;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            try (exchange) {
                Path file = Scenarios.directory("blob-life")
                        .resolve(exchange.getRequestURI().getPath().substring(1));
                if (asked.incrementAndGet() % 10 == 0) {
                    exchange.sendResponseHeaders(503, -1);
                } else if (Files.isRegularFile(file)) {
                    exchange.sendResponseHeaders(200, Files.size(file));
                    exchange.getResponseBody().write(Files.readAllBytes(file));
                } else {
                    exchange.sendResponseHeaders(404, -1);
                }
            }
        });
        store.start();
        address = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    @Test
    void givesTheSameTablesAsTheFiles() throws Exception {
        try (var fromFiles = TestDatabase.migrated();
                var fromStore = TestDatabase.migrated();
                var source = new StoreSource(address, 1000, Optional.empty())) {
            Scenarios.ingest(fromFiles.database(), "blob-life");
            var outcome = Scenarios.ingest(fromStore.database(), Scenarios.anchor("blob-life"))
                    .run(source, Progress.SILENT);
            assertThat(outcome.last()).isEqualTo(1143);
            assertThat(TableDigests.of(fromStore.database())).isEqualTo(TableDigests.of(fromFiles.database()));
        }
    }

    @Test
    void endingBeforeWhatWasAskedForIsNoSuccess() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = new StoreSource(address, 1140, Optional.of(1150L))) {
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                            .run(source, Progress.SILENT))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("ends after checkpoint 1143, before 1150");
        }
    }
}
