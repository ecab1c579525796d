package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Money of the chain {@code busy}: what is added up ahead is what is counted. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(value = IndexedScenario.class, initArgs = @ResourceArg(name = "scenario", value = "busy"))
class MoneyApiTest {
    /** Now, accounts are read as they were kept; at a past moment they are counted. */
    @Test
    void accountsOfEpochsAreKeptAsTransactionsLeaveThem() {
        var now = answer("/v1/capacity");
        long tip = now.at("/asOf/checkpoint").asLong();
        var booked = booked(answer("/v1/capacity?at=checkpoint:" + (tip - 1)));
        for (JsonNode inflow : all("/v1/payments/transactions?limit=1000")) {
            if (inflow.path("checkpoint").asLong() == tip) {
                for (JsonNode change : inflow.path("accounts")) {
                    for (long epoch = change.path("firstEpoch").asLong();
                            epoch < change.path("endEpoch").asLong();
                            epoch++) {
                        booked.merge(epoch, number(change, "usedCapacity"), BigInteger::add);
                    }
                }
            }
        }
        assertThat(booked(now)).hasSizeGreaterThan(1).isEqualTo(booked);
        assertThat(now.at("/epochs/0/usedCapacity")).isEqualTo(now.path("usedCapacity"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "at=epoch:2&", "at=checkpoint:{middle}&"})
    void pagesOfRevenueAddUpToTheList(String when) {
        String revenue = "/v1/revenue?" + inTheMiddle(when);
        var whole = all(revenue + "limit=1000");
        for (int limit : new int[] {1, 2, 3}) {
            assertThat(all(revenue + "limit=" + limit)).as(revenue + limit).isEqualTo(whole);
        }
        assertThat(whole).hasSizeGreaterThan(3);
    }

    @Test
    void filtersOfPaymentsShowWhatTheListHas() {
        var whole = all("/v1/payments?limit=1000");
        for (String field : List.of("what", "source", "epoch")) {
            var values = new TreeSet<String>();
            whole.forEach(payment -> values.add(payment.path(field).asText()));
            assertThat(values).hasSizeGreaterThan(1);
            for (String value : values) {
                assertThat(all("/v1/payments?limit=100&%s=%s".formatted(field, value)))
                        .isEqualTo(whole.stream()
                                .filter(payment -> payment.path(field).asText().equals(value))
                                .toList());
            }
        }
    }

    @Test
    void eachPayoutOfSubsidiesHasItsOwnParts() {
        int payouts = 0;
        for (JsonNode state : all("/v1/subsidies?limit=2")) {
            var processed = state.path("processed");
            if (processed.isObject()) {
                var sum = BigInteger.ZERO;
                for (JsonNode part : processed.path("usage")) {
                    long epochs = part.path("endEpoch").asLong()
                            - part.path("firstEpoch").asLong();
                    sum = sum.add(number(part, "perEpoch").multiply(BigInteger.valueOf(epochs)));
                }
                assertThat(sum).isEqualTo(number(processed, "usageTotal"));
                payouts++;
            }
        }
        assertThat(payouts).isPositive();
    }

    /** The figures of an address are sums over its lists, now and then. */
    @ParameterizedTest
    @ValueSource(strings = {"", "at=epoch:2&", "at=checkpoint:{middle}&"})
    void figuresOfAnAddressAreSumsOverItsLists(String when) {
        String at = "?" + inTheMiddle(when);
        var addresses = new TreeSet<String>();
        all("/v1/payments?source=user&limit=1000")
                .forEach(payment -> addresses.add(payment.path("payer").asText()));
        for (JsonNode stake : all("/v1/stakes?limit=1000")) {
            if (stake.at("/holder/address").isTextual()) {
                addresses.add(stake.at("/holder/address").asText());
            }
        }
        long blobs = 0;
        for (String address : addresses) {
            String path = "/v1/addresses/" + address;
            var figures = answer(when.isEmpty() ? path : path + at);
            long epoch = figures.at("/asOf/epoch").asLong();
            var payments = all(path + "/payments" + at + "limit=1000");
            assertThat(number(figures, "paid")).isEqualTo(sum(payments, "amount"));
            assertThat(number(figures, "paidThisEpoch"))
                    .isEqualTo(sum(
                            payments.stream()
                                    .filter(payment -> payment.path("epoch").asLong() == epoch)
                                    .toList(),
                            "amount"));
            var alive = all(path + "/blobs" + at + "limit=1000").stream()
                    .filter(blob -> blob.path("alive").asBoolean())
                    .toList();
            assertThat(figures.path("blobs").asLong()).as(path + at).isEqualTo(alive.size());
            assertThat(number(figures, "bytes")).isEqualTo(sum(alive, "size"));
            var stakes = all(path + "/stakes" + at + "limit=1000");
            assertThat(number(figures, "stakeValue")).isEqualTo(sum(stakes, "value"));
            assertThat(number(figures, "principal")).isEqualTo(sum(stakes, "principal"));
            blobs += alive.size();
        }
        assertThat(blobs).isPositive();
    }

    /** Bytes once encoded are what was written for; deletable ones and quilts are a part of all. */
    @Test
    void whatIsRegisteredIsToldByKind() {
        for (JsonNode epoch : all("/v1/adoption?limit=1000")) {
            assertThat(number(epoch, "deletable")).isLessThanOrEqualTo(number(epoch, "registrations"));
            assertThat(number(epoch, "deletableBytes")).isLessThanOrEqualTo(number(epoch, "bytes"));
            assertThat(number(epoch, "quiltBytes")).isLessThanOrEqualTo(number(epoch, "bytes"));
            String payments =
                    "/v1/payments?limit=1000&epoch=" + epoch.path("epoch").asText() + "&what=";
            assertThat(number(epoch, "encodedBytes"))
                    .isEqualTo(sum(all(payments + "write"), "bytes").add(sum(all(payments + "write_pooled"), "bytes")));
        }
    }

    /** Encoded bytes by epoch. */
    private static TreeMap<Long, BigInteger> booked(JsonNode capacity) {
        var booked = new TreeMap<Long, BigInteger>();
        for (JsonNode each : capacity.path("epochs")) {
            booked.put(each.path("epoch").asLong(), number(each, "usedCapacity"));
        }
        return booked;
    }

    /** With the checkpoint of the transaction in the middle of all. */
    private static String inTheMiddle(String when) {
        var inflows = all("/v1/payments/transactions?limit=1000");
        return when.replace(
                "{middle}", inflows.get(inflows.size() / 2).path("checkpoint").asText());
    }

    private static BigInteger number(JsonNode item, String field) {
        return new BigInteger(item.path(field).asText());
    }

    private static BigInteger sum(List<JsonNode> items, String field) {
        return items.stream().map(item -> number(item, field)).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static JsonNode answer(String path) {
        try {
            return new ObjectMapper().readTree(given().get(path).asString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Page by page. */
    private static List<JsonNode> all(String path) {
        var all = new ArrayList<JsonNode>();
        var page = answer(path);
        page.path("items").forEach(all::add);
        while (page.path("next").isTextual()) {
            page = answer(path + "&cursor=" + page.path("next").asText());
            page.path("items").forEach(all::add);
        }
        return all;
    }
}
