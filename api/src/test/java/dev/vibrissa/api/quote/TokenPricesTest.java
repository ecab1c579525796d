package dev.vibrissa.api.quote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.vibrissa.protocol.walrus.stake.Yield;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A series of token prices is read strictly, and only a quote of the day or shortly before counts. */
class TokenPricesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static TokenPrices parse(String csv) {
        return TokenPrices.parse("wal.csv", csv.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDayWithoutAQuoteHasTheLastOneForAWeek() {
        var series = parse("date,price\n2026-08-03,0.5\n2026-08-01, 0.4375\n");
        assertThat(series.currency()).isEqualTo("USD");
        assertThat(series.at(Instant.parse("2026-07-31T23:59:59.999Z"))).isEmpty();
        assertThat(series.at(Instant.parse("2026-08-02T12:00:00Z"))
                        .orElseThrow()
                        .price())
                .isEqualTo("0.4375");
        assertThat(series.at(Instant.parse("2026-08-10T23:59:59Z"))
                        .orElseThrow()
                        .date())
                .isEqualTo("2026-08-03");
        assertThat(series.at(Instant.parse("2026-08-11T00:00:00Z"))).isEmpty();
    }

    @Test
    void amountsAreExact() {
        var quote = parse("date,price,currency\r\n2026-08-01,0.123456789012345678,EUR\r\n\r\n")
                .at(Instant.parse("2026-08-01T00:00:00Z"))
                .orElseThrow();
        assertThat(quote.value(new BigDecimal("4999999999999999999")))
                .isEqualByComparingTo("617283945.061728389876543210987654322");
        assertThat(Quoted.text(quote.value(BigDecimal.ONE))).isEqualTo("0.000000000123456789012345678");
    }

    @Test
    void aYieldInTheCurrencyTakesBothPrices() {
        var series = parse("date,price\n2026-08-01,0.4\n2026-08-02,0.5\n");
        var from = series.at(Instant.parse("2026-08-01T00:00:00Z")).orElseThrow();
        var to = series.at(Instant.parse("2026-08-02T00:00:00Z")).orElseThrow();
        var quarter = new Yield(BigInteger.ONE, BigInteger.valueOf(4));
        assertThat(QuotedYield.of(series, from, to, quarter).decimal18()).isEqualTo("0.562500000000000000");
        assertThat(QuotedYield.of(series, to, from, quarter).decimal18()).isEqualTo("0.000000000000000000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            day,price#2026-08-01,1                   | line 1: the head is not
            ''                                       | line 1: the head is not
            date,price                               | line 1: there is no price
            date,price#2026-08-01,1#2026-8-2,1       | line 3: '2026-8-2' is no date
            date,price#2026-02-30,1                  | line 2: '2026-02-30' is no date
            date,price#2026-08-01,1#2026-08-01,2     | line 3: 2026-08-01 for the second time
            date,price#2026-08-01,-1                 | line 2: '-1' is no price
            date,price#2026-08-01,0.00               | line 2: '0.00' is no price
            date,price#2026-08-01,1e3                | line 2: '1e3' is no price
            date,price#2026-08-01,1,5                | line 2: 3 values, not 2
            date,price,currency#2026-08-01,1,$       | line 2: '$' is no currency
            date,price,currency#2026-08-01,1,USD#2026-08-02,1,EUR | line 3: the currency is EUR, but USD before
            """)
    void aBadLineIsNamed(String csv, String fault) {
        assertThatThrownBy(() -> parse(csv.replace('#', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the token prices wal.csv")
                .hasMessageContaining(fault);
    }

    @Test
    void aFileIsNamedWithoutItsFolder(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("wal.csv"), "date,price\n2026-08-01,1\n");
        var series = Quotes.read(file.toString(), DEADLINE);
        assertThat(series.source()).isEqualTo("wal.csv");
        assertThat(series.sha256()).hasSize(64);
        Files.write(file, new byte[Quotes.MAX_BYTES + 1]);
        assertThatThrownBy(() -> Quotes.read(file.toString(), DEADLINE))
                .hasMessage("the token prices wal.csv are more than 4194304 bytes");
        assertThatThrownBy(() -> Quotes.read(folder.resolve("none.csv").toString(), DEADLINE))
                .hasMessageContaining("cannot be read (NoSuchFileException)");
    }

    @Test
    void aUrlIsFetchedAndNamedWithoutItsSecrets() throws Exception {
        byte[] csv = "date,price\n2026-08-01,1\n".getBytes(StandardCharsets.UTF_8);
        var never = new CountDownLatch(1);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/wal.csv", exchange -> {
            exchange.sendResponseHeaders(200, csv.length);
            exchange.getResponseBody().write(csv);
            exchange.close();
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                for (int i = 0; i <= Quotes.MAX_BYTES / 1024; i++) {
                    body.write(new byte[1024]);
                }
            }
        });
        server.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('d');
            exchange.getResponseBody().flush();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            String base = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(Quotes.read(base + "/wal.csv?key=secret", DEADLINE).source())
                    .isEqualTo(base + "/wal.csv");
            assertThatThrownBy(() -> Quotes.read(base + "/none?key=secret", DEADLINE))
                    .hasMessage("the token prices " + base + "/none cannot be fetched: status 404");
            assertThatThrownBy(() -> Quotes.read(base + "/endless", DEADLINE))
                    .hasMessageContaining("cannot be fetched");
            assertThatThrownBy(() -> Quotes.read(base + "/drip", Duration.ofMillis(300)))
                    .hasMessageContaining("nothing complete within 300 ms");
        } finally {
            never.countDown();
            server.stop(0);
        }
    }
}
