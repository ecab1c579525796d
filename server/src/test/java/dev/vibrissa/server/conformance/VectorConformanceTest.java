package dev.vibrissa.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vibrissa.server.conformance.VectorReport.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors pass, and one that expects something else does not. */
class VectorConformanceTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("vibrissa.root")).resolve("redstuff/src/test/resources/vectors");
    private static final Path ENCODING = VECTORS.resolve("encoding");

    private static final Path WALRUS =
            Path.of(System.getProperty("vibrissa.root")).resolve("protocol/src/test/resources/walrus");

    /** What only says which case it is. */
    private static final Set<String> ASSERTS_NOTHING = Set.of("note", "id", "name", "baseCase", "why");

    @Test
    void everyVectorOfTheErasureCodePasses() {
        VectorReport report = new EncodingVectors(ENCODING).run(_ -> {});
        assertThat(report.kinds())
                .allSatisfy(kind -> assertThat(kind)
                        .isInstanceOfSatisfying(
                                Kind.Run.class,
                                run -> assertThat(run.failures()).as(run.name()).isEmpty()));
        assertThat(report.passed()).isTrue();
        assertThat(report.kinds())
                .extracting(Kind::name)
                .containsExactly(
                        "bls keys",
                        "bls messages",
                        "bls",
                        "bls aggregates",
                        "corrupted",
                        "inconsistent",
                        "index",
                        "metadata-cases",
                        "network-keys",
                        "recovery-symbols",
                        "reed-solomon",
                        "sizes",
                        "tables");
    }

    @Test
    void everyQuiltPasses() {
        VectorReport report = new QuiltVectors(VECTORS.resolve("quilt")).run();
        assertThat(report.kinds()).containsExactly(new Kind.Run("quilt", 4, List.of()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "index, cases, 0",
        "corrupted, cases, 0",
        "metadata-cases, cases, 0",
        "recovery-symbols, cases, 0",
        "inconsistent, cases, 1",
        "reed-solomon, cases, 5",
        "sizes, cases, 4",
        "network-keys, cases, 0",
        "bls, keys, 1",
        "bls, messages, 3",
        "bls, cases, 0",
        "bls, aggregates, 0"
    })
    void oneChangedValueAnywhereInACaseIsSeen(String file, String list, int position) {
        var vectors = new EncodingVectors(ENCODING);
        JsonNode document = Conformance.read(ENCODING.resolve(file + ".json"));
        JsonNode whole = document.get(list).get(position);
        for (JsonNode changed : changes(whole)) {
            var only = Answers.JSON.objectNode();
            only.putArray(list).add(changed);
            assertFails(vectors.run(file, only), whole, changed);
        }
    }

    @Test
    void oneChangedValueOfATableIsSeen() {
        var vectors = new EncodingVectors(ENCODING);
        JsonNode whole = Conformance.read(ENCODING.resolve("tables.json"));
        for (JsonNode changed : changes(whole)) {
            assertFails(vectors.run("tables", changed), whole, changed);
        }
    }

    @Test
    void oneChangedValueOfAQuiltIsSeen() {
        Path folder = VECTORS.resolve("quilt");
        Path quilt = folder.resolve("index-boundary-n7");
        JsonNode whole = QuiltVectors.named(quilt, Conformance.read(quilt.resolve("expected.json")));
        for (JsonNode changed : changes(whole)) {
            assertFails(new QuiltVectors(folder).report(List.of(changed)).kinds(), whole, changed);
        }
    }

    @Test
    void everyEventBlobPassesAndOneChangedValueIsSeen() {
        var vectors = new EventBlobVectors(WALRUS.resolve("event-blob"));
        assertThat(vectors.run().kinds())
                .containsExactly(
                        new Kind.Run("chain", 3, List.of()),
                        new Kind.Run("head", 1, List.of()),
                        new Kind.Run("edges", 11, List.of()));
        JsonNode expected = Conformance.read(WALRUS.resolve("event-blob/expected.json"));
        JsonNode file = EventBlobVectors.cases(expected.get("chain")).getLast();
        for (JsonNode changed : changes(file)) {
            assertFails(List.of(vectors.chain(List.of(changed))), file, changed);
        }
        JsonNode edge = EventBlobVectors.cases(expected.get("edgeCases")).getFirst();
        for (JsonNode changed : changes(edge)) {
            assertFails(List.of(vectors.edges(List.of(changed))), edge, changed);
        }
    }

    @Test
    void theSnapshotPassesAndOneChangedValueIsSeen() {
        var vectors = new SnapshotVectors(WALRUS.resolve("blob-info-snapshot"));
        assertThat(vectors.run().kinds()).containsExactly(new Kind.Run("snapshot", 1, List.of()));
        JsonNode whole = Conformance.read(WALRUS.resolve("blob-info-snapshot/expected.json"));
        for (JsonNode changed : changes(whole)) {
            assertFails(List.of(vectors.run(changed)), whole, changed);
        }
    }

    @Test
    void aKindOrKeyThatNobodyKnowsIsNoSuccess() {
        var vectors = new EncodingVectors(ENCODING);
        var strange = Answers.JSON.objectNode();
        strange.putArray("cases").addObject();
        strange.put("format", "walrus-encoding-vectors/2");
        assertThat(vectors.run("strange", strange)).hasSize(2).allMatch(Kind.NotHandled.class::isInstance);
        assertThat(vectors.run("index", Answers.JSON.objectNode().put("format", "walrus-encoding-vectors/2")))
                .singleElement()
                .isInstanceOf(Kind.NotHandled.class);
        assertThat(new VectorReport("x", List.of(new Kind.Run("empty", 0, List.of()))).passed())
                .isFalse();
        assertThat(new VectorReport("x", List.of(new Kind.NotHandled("strange"))).passed())
                .isFalse();
    }

    private static void assertFails(List<Kind> kinds, JsonNode whole, JsonNode changed) {
        String id = whole.has("id")
                ? whole.get("id").asText()
                : whole.has("name")
                        ? whole.get("name").asText()
                        : whole.has("compressedPublicKeyHex")
                                ? changed.path("compressedPublicKeyHex").asText()
                                : "[0]";
        assertThat(kinds)
                .as("%s instead of %s", changed, whole)
                .singleElement()
                .isInstanceOfSatisfying(
                        Kind.Run.class,
                        run -> assertThat(run.failures()).singleElement().satisfies(failure -> {
                            assertThat(failure.id()).isEqualTo(id);
                            assertThat(failure.differences()).isNotEmpty();
                        }));
    }

    /** Copies of a case, each with one value changed or one key more. */
    private static List<JsonNode> changes(JsonNode whole) {
        var changes = new ArrayList<JsonNode>();
        collect(whole, whole, List.of(), changes);
        ObjectNode more = whole.deepCopy();
        changes.add(more.put("somethingNew", 1));
        return changes;
    }

    private static void collect(JsonNode whole, JsonNode at, List<Object> path, List<JsonNode> changes) {
        if (at instanceof ObjectNode object) {
            object.properties().stream()
                    .filter(entry -> !ASSERTS_NOTHING.contains(entry.getKey()))
                    .forEach(entry -> collect(whole, entry.getValue(), with(path, entry.getKey()), changes));
        } else if (at instanceof ArrayNode array) {
            if (!array.isEmpty()) {
                collect(whole, array.get(array.size() - 1), with(path, array.size() - 1), changes);
            }
        } else {
            changes.add(changed(whole.deepCopy(), path));
        }
    }

    private static List<Object> with(List<Object> path, Object last) {
        var longer = new ArrayList<>(path);
        longer.add(last);
        return longer;
    }

    private static JsonNode changed(JsonNode copy, List<Object> path) {
        JsonNode parent = copy;
        for (Object step : path.subList(0, path.size() - 1)) {
            parent = step instanceof String key ? parent.get(key) : parent.get((Integer) step);
        }
        switch (path.getLast()) {
            case String key -> ((ObjectNode) parent).set(key, other(parent.get(key)));
            case Integer position -> ((ArrayNode) parent).set(position, other(parent.get(position)));
            default -> throw new IllegalStateException(path.toString());
        }
        return copy;
    }

    private static JsonNode other(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> LongNode.valueOf(value.asLong() + 1);
            case BOOLEAN -> BooleanNode.valueOf(!value.asBoolean());
            case STRING -> TextNode.valueOf(otherText(value.asText()));
            default -> TextNode.valueOf("x");
        };
    }

    /** Another text of the same alphabet. */
    private static String otherText(String text) {
        if (text.isEmpty()) {
            return "00";
        }
        int middle = text.length() / 2;
        char other = text.charAt(middle) == '1' ? '2' : '1';
        return text.substring(0, middle) + other + text.substring(middle + 1);
    }
}
