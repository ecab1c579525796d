package dev.vibrissa.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.source.StoreSource;
import dev.vibrissa.indexer.trust.TrustAnchor;
import dev.vibrissa.migrations.testing.TableDigests;
import dev.vibrissa.migrations.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A checkpoint store on a real socket that has its bad moments, and the tables that come of it all the same. */
class StoreIngestTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong tip = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong damaged = new AtomicLong(-1);
    private final AtomicInteger damagedAnswers = new AtomicInteger();
    private volatile CountDownLatch polls = new CountDownLatch(1);
    private HttpServer store;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            try (exchange) {
                Path file = Scenarios.directory("blob-life")
                        .resolve(exchange.getRequestURI().getPath().substring(1));
                polls.countDown();
                if (asked.incrementAndGet() % 10 == 0) {
                    exchange.sendResponseHeaders(503, -1);
                } else if (number(file) == damaged.get() && damagedAnswers.getAndDecrement() > 0) {
                    exchange.sendResponseHeaders(200, 700);
                    exchange.getResponseBody().write(Files.readAllBytes(file), 0, 700);
                } else if (number(file) <= tip.get() && Files.isRegularFile(file)) {
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

    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().replace(".binpb.zst", ""));
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    @Test
    void givesTheSameTablesAsTheFiles() throws Exception {
        try (var fromFiles = TestDatabase.migrated();
                var fromStore = TestDatabase.migrated();
                var source = new StoreSource(address, 1000, Optional.empty(), StoreSource.AtTip.END)) {
            Scenarios.ingest(fromFiles.database(), "blob-life");
            var outcome = Scenarios.ingest(fromStore.database(), Scenarios.anchor("blob-life"))
                    .run(source, Progress.SILENT);
            assertThat(outcome.last()).isEqualTo(1143);
            assertThat(TableDigests.of(fromStore.database())).isEqualTo(TableDigests.of(fromFiles.database()));
        }
    }

    @Test
    void aDamagedBodyIsFetchedAgainAlsoWhereTheIndexEnds() throws Exception {
        try (var database = TestDatabase.migrated();
                var beginning = new StoreSource(address, 1000, Optional.of(1020L), StoreSource.AtTip.END);
                var whole = new StoreSource(address, 1000, Optional.empty(), StoreSource.AtTip.END)) {
            var ingest = Scenarios.ingest(database.database(), Scenarios.anchor("blob-life"));
            assertThat(ingest.run(beginning, Progress.SILENT).last()).isEqualTo(1020);
            damagedAnswers.set(2);
            damaged.set(1020);
            assertThat(ingest.run(whole, Progress.SILENT).last()).isEqualTo(1143);
            assertThat(damagedAnswers).hasNegativeValue();
        }
    }

    @Test
    void aStoreThatHasNothingIsNoSuccess() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = new StoreSource(address, 5000, Optional.empty(), StoreSource.AtTip.END)) {
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                            .run(source, Progress.SILENT))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("has no checkpoint 5000: nothing is indexed");
        }
    }

    @Test
    void endingBeforeWhatWasAskedForIsNoSuccess() throws Exception {
        try (var database = TestDatabase.migrated();
                var source = new StoreSource(address, 1140, Optional.of(1150L), StoreSource.AtTip.END)) {
            assertThatThrownBy(() -> Scenarios.ingest(database.database(), new TrustAnchor.Unverified())
                            .run(source, Progress.SILENT))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("ends after checkpoint 1143, before 1150");
        }
    }

    @Test
    @Timeout(120)
    void aFollowedStoreIsReadAsItGrows() throws Exception {
        tip.set(1001);
        try (var fromFiles = TestDatabase.migrated();
                var followed = TestDatabase.migrated();
                var source = new StoreSource(address, 1000, Optional.of(1143L), StoreSource.AtTip.WAIT)) {
            Scenarios.ingest(fromFiles.database(), "blob-life");
            var reachedTips = new ArrayList<Long>();
            var outcome = Scenarios.ingest(followed.database(), Scenarios.anchor("blob-life"))
                    .run(source, position -> {
                        // Each time its end is reached it grows: three times by one, then by all the rest.
                        if (position.last() == tip.get()) {
                            reachedTips.add(position.last());
                            tip.set(reachedTips.size() < 4 ? position.last() + 1 : Long.MAX_VALUE);
                        }
                    });
            assertThat(reachedTips).containsExactly(1001L, 1002L, 1003L, 1004L);
            assertThat(outcome.last()).isEqualTo(1143);
            assertThat(TableDigests.of(followed.database())).isEqualTo(TableDigests.of(fromFiles.database()));
        }
    }

    @Test
    @Timeout(120)
    void atItsTipAFollowedStoreIsAskedForOneCheckpointAtATime() throws Exception {
        tip.set(1009);
        try (var database = TestDatabase.migrated();
                var source = new StoreSource(address, 1000, Optional.empty(), StoreSource.AtTip.WAIT)) {
            var reached = new CountDownLatch(1);
            var fault = new AtomicReference<Throwable>();
            var indexer = Thread.ofPlatform().start(() -> {
                try {
                    Scenarios.ingest(database.database(), Scenarios.anchor("blob-life"))
                            .run(source, position -> {
                                if (position.last() == 1009) {
                                    asked.set(0);
                                    polls = new CountDownLatch(40);
                                    reached.countDown();
                                }
                            });
                } catch (Exception e) {
                    fault.set(e);
                }
            });
            assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
            long reachedNanos = System.nanoTime();
            assertThat(polls.await(60, TimeUnit.SECONDS)).isTrue();
            // Four pauses of 200 ms at least, for eight polls after the burst: the first burst asks for 32 checkpoints,
            // each later one for one.
            assertThat(Duration.ofNanos(System.nanoTime() - reachedNanos)).isGreaterThan(Duration.ofMillis(800));
            indexer.interrupt();
            indexer.join(Duration.ofSeconds(10));
            assertThat(indexer.isAlive()).isFalse();
            assertThat(fault.get()).isInstanceOf(InterruptedException.class);
        }
    }
}
