package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that was given prices of WAL shows what can be paid with it in that currency too. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(
        value = IndexedScenario.class,
        initArgs = {
            @ResourceArg(name = "scenario", value = "money"),
            @ResourceArg(name = "tokenPrices", value = "wal-usd.csv")
        })
class TokenPricesApiTest {
    private static final Path CSV =
            Path.of(System.getProperty("vibrissa.root"), "server/src/test/resources/wal-usd.csv");

    @Test
    void aPaymentIsWorthWhatItWasOnItsDay() throws Exception {
        JsonNode payments = items("/v1/payments?limit=1000");
        assertThat(payments).hasSizeGreaterThan(20);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(CSV)));
        for (JsonNode payment : payments) {
            var quoted = payment.path("quoted");
            assertThat(quoted.path("currency").asText()).isEqualTo("USD");
            assertThat(quoted.path("source").asText()).isEqualTo("wal-usd.csv");
            assertThat(quoted.path("sha256").asText()).isEqualTo(sha256);
            assertThat(amount(quoted, "amount")).isEqualByComparingTo(worth(payment));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/stakes, items[0], value",
        "/v1/supply, , current",
        "/v1/supply/burns, items[0], amount",
        "/v1/epochs/2/change, , pot",
        "/v1/subsidies, items[0], pool"
    })
    void amountsAreShownInTheCurrencyToo(String path, @Nullable String item, String field) {
        var answer = given().get(path).jsonPath();
        String row = item == null ? "" : item + ".";
        var frost = new BigDecimal(answer.getString(row + field));
        var price = new BigDecimal(answer.getString(row + "quoted.price"));
        assertThat(new BigDecimal(answer.getString(row + "quoted.amounts." + field)))
                .isEqualByComparingTo(frost.multiply(price).movePointLeft(9));
    }

    @Test
    void revenueIsTheSumOfPaymentsAsTheyWereWorth() throws Exception {
        var byEpoch = new TreeMap<Integer, BigDecimal>();
        for (JsonNode each : items("/v1/payments?source=user&limit=1000")) {
            byEpoch.merge(each.path("epoch").asInt(), worth(each), BigDecimal::add);
        }
        for (String at : new String[] {"", "&at=epoch:4"}) {
            for (JsonNode each : items("/v1/revenue?limit=1000" + at)) {
                int epoch = each.path("epoch").asInt();
                if (epoch <= 4) {
                    assertThat(new BigDecimal(
                                    each.path("quoted").path("cashFromUsers").asText()))
                            .isEqualByComparingTo(byEpoch.getOrDefault(epoch, BigDecimal.ZERO));
                    assertThat(each.path("quoted").path("unquoted").asText()).isEqualTo("0");
                }
            }
        }
        assertThat(byEpoch).containsKeys(1, 2, 3);
    }

    @Test
    void aStatementAddsUpInTheCurrencyToo() throws Exception {
        String owner = items("/v1/stakes?limit=1")
                .path(0)
                .path("holder")
                .path("address")
                .asText();
        var sum = BigDecimal.ZERO;
        var seen = new ArrayList<String>();
        for (JsonNode line : items("/v1/addresses/" + owner + "/statement?limit=1000")) {
            String what = line.path("line").asText();
            seen.add(what);
            if (what.equals("closing")) {
                assertThat(sum).isEqualByComparingTo(amount(line.path("quoted"), "balance"));
            } else {
                sum = sum.add(amount(line.path("quoted"), what.equals("opening") ? "balance" : "change"));
            }
        }
        assertThat(seen).startsWith("opening").endsWith("earned", "revaluation", "closing");
    }

    @Test
    void aYieldIsThatOfTheShareAndThatOfTheToken() throws Exception {
        String node = items("/v1/operators?limit=1").path(0).path("nodeId").asText();
        int quoted = 0;
        for (JsonNode reward : items("/v1/operators/" + node + "/rewards")) {
            var inCurrency = reward.path("quotedYield");
            if (inCurrency.isObject()) {
                double yield = reward.path("yield").path("decimal18").asDouble();
                double from = inCurrency.path("fromPrice").asDouble();
                double to = inCurrency.path("toPrice").asDouble();
                assertThat(inCurrency.path("decimal18").asDouble())
                        .isCloseTo((1 + yield) * to / from - 1, within(1e-12));
                quoted++;
            }
        }
        assertThat(quoted).isGreaterThan(1);
    }

    @Test
    void theCostOfAGibIsHeldAgainstTheToken() {
        var answer = given().get("/v1/prices/steadiness").jsonPath();
        var costs = new ArrayList<Double>();
        for (String cost : answer.getList("epochs.costPerGib", String.class)) {
            costs.add(Double.parseDouble(cost));
        }
        assertThat(answer.getList("epochs.epoch", Integer.class)).containsExactly(1, 2, 3, 4, 5);
        double mean = costs.stream().mapToDouble(each -> each).average().orElseThrow();
        double squares = costs.stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .sum();
        assertThat(answer.getDouble("cost.coefficientOfVariation"))
                .isCloseTo(Math.sqrt(squares / (costs.size() - 1)) / mean, within(1e-9));
        assertThat(answer.getInt("token.epochs")).isEqualTo(5);
        assertThat(answer.getDouble("token.standardDeviationOfLogChanges")).isGreaterThan(0);
        // Votes held the price in FROST where it was, so that the cost went up and down with the token.
        assertThat(costs).containsOnly(14_000.0 * 1024);
        assertThat(answer.getDouble("costInCurrency.standardDeviationOfLogChanges"))
                .isCloseTo(answer.getDouble("token.standardDeviationOfLogChanges"), within(1e-9));
        assertThat(given().get("/v1/prices/steadiness?format=csv").asString()).startsWith("epoch,endedAt,costPerGib");
    }

    @Test
    void whatRestsOnQuotesIsNotKeptForEver() {
        given().get("/v1/payments?at=epoch:1").then().header("Cache-Control", equalTo("no-cache"));
    }

    private static JsonNode items(String path) throws IOException {
        return new ObjectMapper().readTree(given().get(path).asString()).path("items");
    }

    private static BigDecimal amount(JsonNode quoted, String field) {
        return new BigDecimal(quoted.path("amounts").path(field).asText());
    }

    private static BigDecimal worth(JsonNode payment) throws IOException {
        return new BigDecimal(payment.path("amount").asText())
                .multiply(price(Instant.parse(payment.path("timestamp").asText())))
                .movePointLeft(9);
    }

    private static BigDecimal price(Instant at) throws IOException {
        var price = BigDecimal.ZERO;
        for (String line : Files.readAllLines(CSV).subList(1, 7)) {
            String[] cells = line.split(",", -1);
            if (!LocalDate.parse(cells[0]).isAfter(at.atOffset(ZoneOffset.UTC).toLocalDate())) {
                price = new BigDecimal(cells[1]);
            }
        }
        return price;
    }
}
