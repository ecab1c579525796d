package dev.vibrissa.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks at a fixed rate, whether answers come or not: requests have their times beforehand, and an answer took as long as it
 * came after the time that its request was meant for. So a server that stands still is charged with all who would have come.
 */
final class OpenLoop implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of questions whose latency is not measured: whatever a run left behind may be before them. */
    private static final Duration UNHURRIED = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(PATIENCE)
            .build();
    private final URI base;

    OpenLoop(URI base) {
        this.base = base;
    }

    /**
     * What came of it.
     *
     * @param failed requests with another answer than 200, or none in time; their latencies are among the others
     */
    record Outcome(Latencies latencies, int failed) {}

    /** One answer, asked without hurry. */
    String ask(String path) throws IOException, InterruptedException {
        var answer = client.send(request(path, UNHURRIED), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("%s was answered with %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    /** The same, whatever the answer is. */
    void tryAsking(String path) throws IOException, InterruptedException {
        var _ = client.send(request(path, UNHURRIED), BodyHandlers.discarding());
    }

    /** @param paths asked one after the other, again and again */
    Outcome run(List<String> paths, int perSecond, Duration how) throws InterruptedException {
        int count = Math.toIntExact(perSecond * how.toMillis() / 1000);
        long[] nanos = new long[count];
        var failed = new AtomicInteger();
        var open = new CountDownLatch(count);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            long meant = begin + i * 1_000_000_000L / perSecond;
            for (long left; (left = meant - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            var _ = client.sendAsync(request(paths.get(i % paths.size()), PATIENCE), BodyHandlers.discarding())
                    .whenComplete((answer, fault) -> {
                        nanos[number] = System.nanoTime() - meant;
                        if (fault != null || answer.statusCode() != 200) {
                            failed.incrementAndGet();
                        }
                        open.countDown();
                    });
        }
        if (!open.await(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("%d requests never ended".formatted(open.getCount()));
        }
        var sorted = new ArrayList<Long>(count);
        for (long each : nanos) {
            sorted.add(each);
        }
        sorted.sort(null);
        return new Outcome(new Latencies(sorted, 0), failed.get());
    }

    private HttpRequest request(String path, Duration patience) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(patience).build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
