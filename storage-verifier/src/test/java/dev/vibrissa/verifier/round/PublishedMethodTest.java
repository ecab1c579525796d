package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.methodology.Methodology;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.score.Share;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the page of the method says is what is done. */
class PublishedMethodTest {
    static Stream<Method> methods() {
        return Methodology.VERSIONS.stream().map(Method::of);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyConstantIsPublishedWithItsReason(Method method) throws Exception {
        var published = new TreeMap<String, JsonNode>();
        for (JsonNode each : page(method).get("constants")) {
            published.put(each.get("name").asText(), each.get("value"));
            assertThat(each.get("because").asText()).endsWith(".").hasSizeGreaterThan(20);
        }
        var followed = new TreeMap<String, JsonNode>();
        for (var each : method.constants().entrySet()) {
            // Through text, in which 8 and 8L are the same.
            followed.put(each.getKey(), AuditJson.MAPPER.readTree(AuditJson.text(each.getValue())));
        }
        assertThat(published).isEqualTo(followed);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void theLeastCoverageOfTheIntervalIsTheOnePublished(Method method) throws Exception {
        JsonNode coverage = page(method).get("coverage");
        double least = 1;
        for (JsonNode n : coverage.get("n")) {
            for (JsonNode share : coverage.get("shares")) {
                least = Math.min(least, covered(n.asInt(), share.asDouble()));
            }
        }
        assertThat(coverage.get("least").asDouble()).isEqualTo(Math.floor(least * 1e4) / 1e4);
    }

    private static double covered(int n, double share) {
        var served = BinomialDistribution.of(n, share);
        return IntStream.rangeClosed(0, n)
                .filter(each -> {
                    var wilson = new Share(each, n - each).wilson();
                    return wilson.low() <= share && share <= wilson.high();
                })
                .mapToDouble(served::probability)
                .sum();
    }

    @Test
    void thereIsNoPageOfAnotherMethod() {
        assertThat(Methodology.of("v2")).isEmpty();
        assertThat(Methodology.of("../networks/mainnet")).isEmpty();
    }

    private static JsonNode page(Method method) throws Exception {
        Methodology page = Methodology.of(method.version()).orElseThrow();
        JsonNode json = AuditJson.MAPPER.readTree(page.text());
        assertThat(json.get("version").asText()).isEqualTo(method.version());
        return json;
    }
}
