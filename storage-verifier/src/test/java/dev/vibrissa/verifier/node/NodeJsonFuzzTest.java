package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come: reading them gives a value or a failure. */
class NodeJsonFuzzTest {
    private static final int ROUNDS = 20_000;

    private static final List<String> ANSWERS = List.of(
            "{\"success\":{\"code\":200,\"data\":\"stored\"}}",
            "{\"success\":{\"data\":{\"signed\":{\"serializedMessage\":\"AAAA\",\"signature\":\"AAAA\"}}}}",
            "{\"success\":{\"data\":{\"deletable\":{\"deletableCounts\":{\"count_deletable_total\":2,"
                    + "\"count_deletable_certified\":0},\"initialCertifiedEpoch\":3}}}}",
            "{\"success\":{\"data\":{\"invalid\":{\"event\":{\"txDigest\":\"abc\",\"eventSeq\":\"7\"}}}}}",
            "{\"success\":{\"data\":{\"uptime\":{\"secs\":1},\"epoch\":2,\"nodeStatus\":\"Active\",\"eventProgress\":"
                    + "{\"persisted\":1,\"pending\":2},\"shardSummary\":{\"owned\":3,\"ownedShardStatus\":{\"unknown\":0,"
                    + "\"ready\":1,\"inTransfer\":1,\"inRecovery\":1},\"readOnly\":1},\"shardDetail\":{\"owned\":"
                    + "[{\"shard\":5,\"status\":\"ready\"}]}}}}",
            "{\"error\":{\"code\":404,\"message\":\"m\",\"details\":[{\"@type\":\"ErrorInfo\",\"reason\":\"R\"}]}}");

    @Test
    void nothingThatAnAnswerHoldsThrows() {
        long seed = System.nanoTime();
        System.out.printf("seed nodeJson=%d%n", seed);
        var random = new Random(seed);
        int held = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = ANSWERS.get(random.nextInt(ANSWERS.size())).getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i > 0; i--) {
                spoil(bytes, random);
            }
            held += read(bytes);
        }
        assertThat(held).isPositive();
    }

    /** Pieces of the same text over each other keep it near to JSON, single bytes do not. */
    private static void spoil(byte[] bytes, Random random) {
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        } else {
            int length = 1 + random.nextInt(bytes.length / 4);
            int from = random.nextInt(bytes.length - length);
            int to = random.nextInt(bytes.length - length);
            System.arraycopy(bytes, from, bytes, to, length);
        }
    }

    private static int read(byte[] bytes) {
        int[] held = {0};
        List<NodeJson.Reader<?>> readers =
                List.of(NodeJson::storedStatus, NodeJson::blobStatus, NodeJson::confirmation, NodeJson::health);
        assertThatCode(() -> {
                    NodeJson.error(bytes);
                    for (NodeJson.Reader<?> each : readers) {
                        if (NodeJson.read(bytes, each) instanceof Outcome.Judgement.Held<?>) {
                            held[0]++;
                        }
                    }
                })
                .as("%s", new String(bytes, StandardCharsets.ISO_8859_1))
                .doesNotThrowAnyException();
        return held[0];
    }
}
