package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.api.key.ApiKeys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every documented operation is asked at random: with values from examples, from the document's own lists and from what
 * other answers said, and with such as no well-meaning client sends. Whatever comes, the answer is in time, no fault of
 * the server, and as documented.
 */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class FuzzedApiTest {
    /** The statement's own limit, and some for the rest. */
    private static final Duration DEADLINE = Duration.ofSeconds(12);

    private static final List<String> HOSTILE = List.of(
            "' or '1'='1",
            "1; drop table blob; --",
            "$$; select pg_sleep(30); --",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "=HYPERLINK(\"http://example.test\")",
            "../../../../etc/passwd",
            "%00",
            "\u0000",
            "a\r\nX-Injected: yes",
            "level=ERROR msg=\"forged\"\nINFO",
            "{\"$ne\": null}",
            "${jndi:ldap://127.0.0.1/x}",
            "-1",
            "0",
            "18446744073709551616",
            "9".repeat(400),
            "NaN",
            "1e308",
            "\u202Eevil",
            "\uD83D\uDC0B".repeat(50),
            "a".repeat(3000),
            "",
            " ",
            "null",
            "true");

    /** Answers of these are documented as one of several, or made for machines: they are not looked into. */
    private record Operation(String path, JsonNode get) {
        boolean isStream() {
            return get.at("/responses/200/content").has("text/event-stream");
        }

        /** It takes a key, which nobody has here: it must refuse. */
        boolean isSomebodysOwn() {
            return get.has("security");
        }
    }

    /** One question, and whether whoever asks means well. */
    private record Question(Operation operation, String target, boolean wellMeant) {}

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Operation> operations = new ArrayList<>();
    /** By name of a parameter: values that mean something to this server. */
    private final Map<String, Set<String>> known = new TreeMap<>();

    private JsonNode document = json.missingNode();

    @Inject
    DataSource dataSource;

    @TestHTTPResource("/")
    URI server = URI.create("/");

    @BeforeEach
    void readTheDocument() throws IOException {
        document = json.readTree(given().get("/v1/openapi?format=json").asString());
        document.get("paths").properties().forEach(path -> {
            JsonNode get = path.getValue().path("get");
            var operation = new Operation(path.getKey(), get);
            if (path.getKey().startsWith("/v1/") && get.isObject() && !operation.isStream()) {
                operations.add(operation);
                get.path("parameters").forEach(this::learn);
            }
        });
        valuesOf("at").addAll(List.of("epoch:1", "epoch:6", "checkpoint:1000", "checkpoint:1143"));
        valuesOf("limit").addAll(List.of("1", "2", "1000"));
        valuesOf("epoch").addAll(List.of("1", "3", "7"));
    }

    private Set<String> valuesOf(String parameter) {
        return known.computeIfAbsent(parameter, _ -> new LinkedHashSet<>());
    }

    private void learn(JsonNode parameter) {
        var values = valuesOf(parameter.get("name").asText());
        if (parameter.has("example")) {
            values.add(parameter.get("example").asText());
        }
        parameter.at("/schema/enum").forEach(value -> values.add(value.asText()));
        if (parameter.at("/schema/type").toString().contains("boolean")) {
            values.addAll(List.of("true", "false"));
        }
    }

    /** Ids that an answer names are good for parameters of the same name. */
    private void harvest(JsonNode value) {
        value.properties().forEach(field -> {
            var values = known.get(field.getKey());
            if (values != null && values.size() < 40 && field.getValue().isTextual()) {
                values.add(field.getValue().asText());
            }
            harvest(field.getValue());
        });
        if (value.isArray()) {
            value.forEach(this::harvest);
        }
    }

    @Test
    void twoThousandQuestions() throws Exception {
        ask(2_000, Long.getLong("vibrissa.seed", 20261122L));
    }

    @Tag("soak")
    @Test
    void twentyThousandQuestions() throws Exception {
        ask(20_000, Long.getLong("vibrissa.seed", System.nanoTime()));
    }

    /** Each parameter in turn, two attacks each; with the tag soak, all of them. */
    @Test
    void everyParameterIsAttacked() throws Exception {
        attackAll(2, Long.getLong("vibrissa.seed", 20261122L));
    }

    @Tag("soak")
    @Test
    void everyParameterIsAttackedInEveryWay() throws Exception {
        attackAll(HOSTILE.size(), 0);
    }

    private void attackAll(int attacks, long seed) throws Exception {
        System.out.println("seed attacks=" + seed);
        var random = new Random(seed);
        int asked = 0;
        for (Operation operation : operations) {
            for (JsonNode parameter : operation.get().path("parameters")) {
                int first = random.nextInt(HOSTILE.size());
                for (int i = 0; i < attacks; i++) {
                    Question question = question(
                            operation,
                            random,
                            parameter.get("name").asText(),
                            HOSTILE.get((first + i) % HOSTILE.size()));
                    judge(question, answer(question));
                    asked++;
                }
            }
        }
        asked += attackBodies(attacks) + attackStream(attacks);
        System.out.printf("attacks questions=%d operations=%d%n", asked, operations.size());
        assertThat(asked).isGreaterThan(200 * attacks);
    }

    /** Every text in what is sent, by somebody who may send anything. */
    private int attackBodies(int attacks) throws Exception {
        String key;
        try (var db = dataSource.getConnection()) {
            key = "Bearer " + ApiKeys.create(db, "attacker", true).text();
        }
        int asked = 0;
        for (var path : document.get("paths").properties()) {
            JsonNode post = path.getValue().path("post");
            JsonNode schema = post.at("/requestBody/content/application~1json/schema");
            String name = schema.path("$ref").asText();
            JsonNode properties =
                    name.isEmpty() ? schema.path("properties") : document.at(name.substring(1) + "/properties");
            for (var property : properties.properties()) {
                for (int i = 0; i < attacks; i++) {
                    // Whatever else it takes is there, so that it is this text that is looked at.
                    var body = json.createObjectNode()
                            .put("url", "https://example.com/" + asked)
                            .put("name", "attacked");
                    body.putArray("events").add("price_change");
                    body.properties().removeIf(field -> !properties.has(field.getKey()));
                    body.put(property.getKey(), HOSTILE.get((asked + i) % HOSTILE.size()));
                    var answer = client.send(
                            HttpRequest.newBuilder(server.resolve(path.getKey().replace("{nodeId}", "0x1")))
                                    .timeout(DEADLINE)
                                    .header("Authorization", key)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    String about = "POST %s %s answered %d: %s"
                            .formatted(path.getKey(), body, answer.statusCode(), answer.body());
                    assertThat(answer.statusCode()).as(about).isLessThan(500);
                    assertThat(json.readTree(answer.body()).isObject())
                            .as(about)
                            .isTrue();
                    asked++;
                }
            }
        }
        return asked;
    }

    private int attackStream(int attacks) throws Exception {
        int asked = 0;
        for (JsonNode parameter : document.at("/paths/~1v1~1stream/get/parameters")) {
            if (parameter.get("in").asText().equals("query")) {
                for (int i = 0; i < attacks; i++) {
                    String attack = HOSTILE.get((asked + i) % HOSTILE.size());
                    var answer = client.send(
                            HttpRequest.newBuilder(server.resolve("/v1/stream?topics=price&%s=%s"
                                            .formatted(parameter.get("name").asText(), encoded(attack))))
                                    .timeout(DEADLINE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
                    answer.body().close();
                    assertThat(answer.statusCode())
                            .as("%s=%s", parameter.get("name"), attack)
                            .isLessThan(500);
                    asked++;
                }
            }
        }
        return asked;
    }

    private HttpResponse<String> answer(Question question) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.resolve(question.target()))
                        .timeout(DEADLINE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void ask(int questions, long seed) throws Exception {
        System.out.println("seed fuzz=" + seed);
        var random = new Random(seed);
        var answered = new TreeMap<String, AtomicInteger>();
        var valid = new AtomicInteger();
        var byStatus = new TreeMap<Integer, Integer>();
        long slowest = 0;
        for (int i = 0; i < questions; i++) {
            // Each operation in turn, first with nothing but good values.
            Operation operation = operations.get(i % operations.size());
            Question question = i < operations.size() || random.nextInt(100) < 75
                    ? wellMeant(operation, random)
                    : hostile(operation, random);
            long before = System.nanoTime();
            HttpResponse<String> answer = answer(question);
            slowest = Math.max(slowest, System.nanoTime() - before);
            byStatus.merge(answer.statusCode(), 1, Integer::sum);
            judge(question, answer);
            if (operation.isSomebodysOwn()) {
                assertThat(answer.statusCode()).as(question.target()).isIn(400, 401, 406);
            }
            if (answer.statusCode() == 200) {
                valid.incrementAndGet();
                answered.computeIfAbsent(operation.path(), _ -> new AtomicInteger())
                        .incrementAndGet();
            }
        }
        System.out.printf(
                "fuzz questions=%d operations=%d byStatus=%s slowestMillis=%d%n",
                questions, operations.size(), byStatus, slowest / 1_000_000);
        assertThat(valid.get()).as("questions that were answered").isGreaterThanOrEqualTo(questions * 6 / 10);
        assertThat(answered.keySet())
                .as("operations that answered")
                .containsExactlyInAnyOrderElementsOf(operations.stream()
                        .filter(each -> !each.isSomebodysOwn())
                        .map(Operation::path)
                        .toList());
    }

    private Question wellMeant(Operation operation, Random random) {
        return question(operation, random, "", "");
    }

    private Question hostile(Operation operation, Random random) {
        var names = new ArrayList<String>();
        operation
                .get()
                .path("parameters")
                .forEach(each -> names.add(each.get("name").asText()));
        names.add("unknown" + random.nextInt(10));
        return question(
                operation,
                random,
                names.get(random.nextInt(names.size())),
                HOSTILE.get(random.nextInt(HOSTILE.size())));
    }

    private Question question(Operation operation, Random random, String attacked, String attack) {
        String path = operation.path();
        var query = new LinkedHashMap<String, String>();
        boolean isUsed = attacked.isEmpty();
        for (JsonNode parameter : operation.get().path("parameters")) {
            String name = parameter.get("name").asText();
            boolean isPath = parameter.get("in").asText().equals("path");
            boolean isAttacked = name.equals(attacked);
            isUsed |= isAttacked;
            String value = isAttacked ? attack : valueOf(operation, name, random);
            if (isPath) {
                // Without a value it would be another operation.
                path = path.replace("{" + name + "}", encoded(value.isEmpty() ? " " : value));
            } else if (isAttacked
                    || parameter.path("required").asBoolean()
                    || !value.isEmpty() && random.nextInt(4) == 0) {
                query.put(name, value);
            }
        }
        if (!isUsed) {
            query.put(attacked, attack);
        }
        var target = new StringBuilder(path);
        query.forEach((name, value) -> target.append(target.indexOf("?") < 0 ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return new Question(operation, target.toString(), attacked.isEmpty());
    }

    /** Of the document's own example three times in four: ids of other answers may be of another kind of thing. */
    private String valueOf(Operation operation, String name, Random random) {
        for (JsonNode parameter : operation.get().path("parameters")) {
            if (parameter.get("name").asText().equals(name) && parameter.has("example") && random.nextInt(4) > 0) {
                return parameter.get("example").asText();
            }
        }
        var values = List.copyOf(known.getOrDefault(name, Set.of()));
        return values.isEmpty() ? "" : values.get(random.nextInt(values.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void judge(Question question, HttpResponse<String> answer) throws IOException {
        String about = "GET " + question.target() + " answered " + answer.statusCode();
        assertThat(answer.statusCode()).as("%s: %s", about, answer.body()).isLessThan(500);
        assertThat(answer.headers().firstValue("X-Injected")).as(about).isEmpty();
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (answer.statusCode() >= 400) {
            assertThat(type).as(about).startsWith("application/problem+json");
            JsonNode problem = json.readTree(answer.body());
            assertThat(problem.path("status").asInt()).as(about).isEqualTo(answer.statusCode());
            assertThat(problem.path("detail").asText()).as(about).isNotBlank();
            assertThat(answer.body().length()).as("length of what %s", about).isLessThan(4096);
            return;
        }
        var content = question.operation().get().at("/responses/200/content");
        assertThat(content.properties().stream().map(Map.Entry::getKey))
                .as(about)
                .anyMatch(type::startsWith);
        if (type.startsWith("application/json")) {
            JsonNode value = json.readTree(answer.body());
            try {
                new AnswerSchema(document, content.at("/application~1json/schema")).accepts(value);
            } catch (AssertionError undocumented) {
                throw new AssertionError(about + ", but not as documented: " + undocumented.getMessage(), undocumented);
            }
            harvest(value);
        } else if (type.startsWith("text/csv")) {
            // No cell begins with what a spreadsheet would run.
            for (List<String> row : CsvRows.of(answer.body())) {
                assertThat(row)
                        .as(about)
                        .noneMatch(cell -> !cell.isEmpty() && "=+@\t\r\n".indexOf(cell.charAt(0)) >= 0);
            }
        }
    }
}
