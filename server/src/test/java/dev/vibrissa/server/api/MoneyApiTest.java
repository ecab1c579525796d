package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Money of the chain {@code busy}: what is added up ahead is what is counted. */
@QuarkusTest
@WithTestResource(value = IndexedScenario.class, initArgs = @ResourceArg(name = "scenario", value = "busy"))
class MoneyApiTest {
    /** Now, accounts are read as they were kept; at a past moment they are counted. */
    @Test
    void accountsOfEpochsAreKeptAsTransactionsLeaveThem() {
        long tip = given().get("/v1/capacity").jsonPath().getLong("asOf.checkpoint");
        List<Map<String, Object>> inflows = items("/v1/payments/transactions?limit=1000");
        long last = Long.parseLong(String.valueOf(inflows.getLast().get("checkpoint")));
        assertThat(last).isLessThan(tip);
        var now = given().get("/v1/capacity").jsonPath();
        var then = given().get("/v1/capacity?at=checkpoint:" + (tip - 1)).jsonPath();
        assertThat(now.getList("epochs")).hasSizeGreaterThan(1).isEqualTo(then.getList("epochs"));
        assertThat(now.getString("epochs[0].usedCapacity")).isEqualTo(now.getString("usedCapacity"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "at=epoch:2&", "at=checkpoint:{middle}&"})
    void pagesOfRevenueAddUpToTheList(String when) {
        List<Map<String, Object>> inflows = items("/v1/payments/transactions?limit=1000");
        String revenue = "/v1/revenue?"
                + when.replace(
                        "{middle}",
                        String.valueOf(inflows.get(inflows.size() / 2).get("checkpoint")));
        var whole = items(revenue + "limit=1000");
        for (int limit : new int[] {1, 2, 3}) {
            assertThat(all(revenue + "limit=" + limit)).as(revenue + limit).isEqualTo(whole);
        }
        assertThat(whole).hasSizeGreaterThan(3);
    }

    @Test
    void filtersOfPaymentsShowWhatTheListHas() {
        var whole = items("/v1/payments?limit=1000");
        var kinds = new TreeSet<String>();
        whole.forEach(payment -> kinds.add(String.valueOf(payment.get("what"))));
        assertThat(kinds).contains("write", "usage_subsidy").hasSizeGreaterThan(5);
        for (String field : List.of("what", "source", "epoch")) {
            var values = new TreeSet<String>();
            whole.forEach(payment -> values.add(String.valueOf(payment.get(field))));
            for (String value : values) {
                assertThat(all("/v1/payments?limit=7&%s=%s".formatted(field, value)))
                        .isEqualTo(whole.stream()
                                .filter(payment ->
                                        String.valueOf(payment.get(field)).equals(value))
                                .toList());
            }
        }
    }

    @Test
    void eachPayoutOfSubsidiesHasItsOwnParts() {
        int payouts = 0;
        for (Map<String, Object> state : all("/v1/subsidies?limit=2")) {
            if (state.get("processed") instanceof Map<?, ?> processed
                    && processed.get("usage") instanceof List<?> usage) {
                var sum = BigInteger.ZERO;
                for (Object each : usage) {
                    if (each instanceof Map<?, ?> part) {
                        var epochs = number(part, "endEpoch").subtract(number(part, "firstEpoch"));
                        sum = sum.add(number(part, "perEpoch").multiply(epochs));
                    }
                }
                assertThat(sum).isEqualTo(number(processed, "usageTotal"));
                payouts++;
            }
        }
        assertThat(payouts).isGreaterThan(1);
    }

    /** The figures of an address are sums over its lists, now and then. */
    @ParameterizedTest
    @ValueSource(strings = {"", "?at=epoch:2", "?at=checkpoint:{middle}"})
    void figuresOfAnAddressAreSumsOverItsLists(String when) {
        List<Map<String, Object>> inflows = items("/v1/payments/transactions?limit=1000");
        String at = when.replace(
                "{middle}", String.valueOf(inflows.get(inflows.size() / 2).get("checkpoint")));
        String more = at.isEmpty() ? "?limit=1000" : at + "&limit=1000";
        var addresses = new TreeSet<String>();
        items("/v1/payments?source=user&limit=1000")
                .forEach(payment -> addresses.add(String.valueOf(payment.get("payer"))));
        for (Map<String, Object> stake : items("/v1/stakes?limit=1000")) {
            if (stake.get("holder") instanceof Map<?, ?> holder && holder.get("address") != null) {
                addresses.add(String.valueOf(holder.get("address")));
            }
        }
        long blobs = 0;
        for (String address : addresses) {
            String path = "/v1/addresses/" + address;
            var figures = given().get(path + at).jsonPath();
            long epoch = figures.getLong("asOf.epoch");
            var payments = items(path + "/payments" + more);
            assertThat(figures.getString("paid")).isEqualTo(sum(payments, "amount"));
            assertThat(figures.getString("paidThisEpoch"))
                    .isEqualTo(sum(
                            payments.stream()
                                    .filter(payment -> number(payment, "epoch").longValue() == epoch)
                                    .toList(),
                            "amount"));
            var alive = items(path + "/blobs" + more).stream()
                    .filter(blob -> Boolean.TRUE.equals(blob.get("alive")))
                    .toList();
            assertThat(figures.getLong("blobs")).as(path + at).isEqualTo(alive.size());
            assertThat(figures.getString("bytes")).isEqualTo(sum(alive, "size"));
            var stakes = items(path + "/stakes" + more);
            assertThat(figures.getString("stakeValue")).isEqualTo(sum(stakes, "value"));
            assertThat(figures.getString("principal")).isEqualTo(sum(stakes, "principal"));
            blobs += alive.size();
        }
        assertThat(blobs).isPositive();
    }

    /** Bytes once encoded are what was reserved for them; deletable ones and quilts are a part of all. */
    @Test
    void whatIsRegisteredIsToldByKind() {
        for (Map<String, Object> epoch : items("/v1/adoption")) {
            assertThat(number(epoch, "deletable")).isLessThanOrEqualTo(number(epoch, "registrations"));
            assertThat(number(epoch, "deletableBytes")).isLessThanOrEqualTo(number(epoch, "bytes"));
            assertThat(number(epoch, "quiltBytes")).isLessThanOrEqualTo(number(epoch, "bytes"));
            assertThat(number(epoch, "encodedBytes")).isGreaterThanOrEqualTo(number(epoch, "bytes"));
            var written = items("/v1/payments?what=write&limit=1000&epoch=" + epoch.get("epoch"));
            var pooled = items("/v1/payments?what=write_pooled&limit=1000&epoch=" + epoch.get("epoch"));
            assertThat(epoch.get("encodedBytes"))
                    .hasToString(new BigInteger(sum(written, "bytes"))
                            .add(new BigInteger(sum(pooled, "bytes")))
                            .toString());
        }
    }

    private static BigInteger number(Map<?, ?> item, String field) {
        return new BigInteger(String.valueOf(item.get(field)));
    }

    private static String sum(List<Map<String, Object>> items, String field) {
        return items.stream()
                .map(item -> number(item, field))
                .reduce(BigInteger.ZERO, BigInteger::add)
                .toString();
    }

    private static List<Map<String, Object>> items(String path) {
        return given().get(path).jsonPath().getList("items");
    }

    /** Page by page. */
    private static List<Map<String, Object>> all(String path) {
        var all = new ArrayList<Map<String, Object>>();
        JsonPath page = given().get(path).jsonPath();
        all.addAll(page.getList("items"));
        while (page.getString("next") != null) {
            page = given().get(path + "&cursor=" + page.getString("next")).jsonPath();
            all.addAll(page.getList("items"));
        }
        return all;
    }
}
