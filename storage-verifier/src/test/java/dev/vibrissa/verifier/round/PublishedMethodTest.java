package dev.vibrissa.verifier.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.methodology.Methodology;
import dev.vibrissa.protocol.sui.Milestones;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.score.Coverage;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    void coverageIsPublishedAsItIs(Method method) throws Exception {
        JsonNode coverage = page(method).get("coverage");
        double least = 1;
        var infima = AuditJson.MAPPER.createArrayNode();
        for (JsonNode n : coverage.get("n")) {
            var wilson = Coverage.ofWilson(n.asInt());
            for (JsonNode share : coverage.get("shares")) {
                least = Math.min(least, wilson.at(share.asDouble()));
            }
            infima.addObject()
                    .put("n", n.asInt())
                    .put("coverage", down(wilson.infimum().coverage()));
        }
        assertThat(coverage.get("leastOfList").asDouble()).isEqualTo(down(least));
        // Through text, in which 8 and 8L are the same.
        assertThat(coverage.get("leastOfAllShares")).isEqualTo(AuditJson.MAPPER.readTree(infima.toString()));
    }

    /** Else a dossier could not prove what its rounds were drawn from. */
    @ParameterizedTest
    @MethodSource("methods")
    void everySeedIsAMilestone(Method method) {
        assertThat(method.seedMultiple() % Milestones.INTERVAL).isZero();
        assertThat(method.seedInterval() % method.seedMultiple()).isZero();
    }

    /** What is said to be held at least is not rounded up. */
    private static double down(double share) {
        return Math.floor(share * 1e4) / 1e4;
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
