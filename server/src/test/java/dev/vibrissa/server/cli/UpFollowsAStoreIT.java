package dev.vibrissa.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.server.conformance.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, following a store that grows, and {@code ingest} ending at the tip of the same store. */
class UpFollowsAStoreIT {
    private static final Path ROOT = Path.of(System.getProperty("vibrissa.root"));
    private static final Path FOLDER = ROOT.resolve("indexer/src/test/resources/scenarios/blob-life");
    private static final long FIRST_TIP = 1020;
    private static final long SECOND_TIP = 1090;

    private final Program program = Program.of(ROOT.resolve("server/target/quarkus-app/quarkus-run.jar"));
    private final AtomicLong tip = new AtomicLong(FIRST_TIP);
    /** Asked three times for the one after the tip: read-ahead asks once early, and again when all before it is committed. */
    private final CountDownLatch beyondFirst = new CountDownLatch(3);

    private final CountDownLatch beyondSecond = new CountDownLatch(3);

    @TempDir
    Path directory = Path.of("");

    @Test
    @Timeout(180)
    void upGoesOnWhereIngestEnds() throws Exception {
        var store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            try (exchange) {
                String name = exchange.getRequestURI().getPath().substring(1);
                long number = Long.parseLong(name.replace(".binpb.zst", ""));
                if (number > tip.get()) {
                    if (number == tip.get() + 1) {
                        (tip.get() == FIRST_TIP ? beyondFirst : beyondSecond).countDown();
                    }
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    byte[] body = Files.readAllBytes(FOLDER.resolve(name));
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
            }
        });
        store.start();
        String address = "http://127.0.0.1:" + store.getAddress().getPort();
        Path log = directory.resolve("log");
        Path data = directory.resolve("data");
        try {
            String[] chain = {
                "--network", "mainnet", "--label", "synthetic chain", "--from", "1000", "--data", "" + data
            };
            assertThat(program.run(log, with(chain, "ingest", address)).output())
                    .contains("1000 to " + FIRST_TIP);
            try (var up = program.serve(log, with(chain, "--source", address))) {
                assertThat(beyondFirst.await(60, TimeUnit.SECONDS)).isTrue();
                tip.set(SECOND_TIP);
                assertThat(beyondSecond.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(indexedUpTo(up.address())).isEqualTo(SECOND_TIP);
            }
            assertThat(Files.readString(log)).contains("committed checkpoint=", "lagMillis=");
        } finally {
            store.stop(0);
        }
    }

    private static String[] with(String[] chain, String... others) {
        var all = new ArrayList<>(List.of(others));
        all.addAll(List.of(chain));
        return all.toArray(String[]::new);
    }

    private static long indexedUpTo(URI server) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(server.resolve("/v1/network")).build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper()
                    .readTree(answer.body())
                    .at("/asOf/checkpoint")
                    .asLong();
        }
    }
}
