package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.walrus.BlobId;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(IndexedScenario.class)
class ApiMannersTest {
    private static final String BLOB = "/v1/blobs/L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc";

    @ParameterizedTest
    @CsvSource({
        "/v1/blobs/nonsense, blobId",
        "/v1/blobs?limit=0, limit",
        "/v1/blobs?limit=1001, limit",
        "/v1/blobs?limit=ten, limit",
        "/v1/blobs?cursor=nonsense, cursor",
        "/v1/blobs?order=name, order",
        "/v1/blobs?status=stored, status",
        "/v1/blobs?kind=shared, kind",
        "/v1/blobs?deletable=yes, deletable",
        "/v1/blobs?minSize=-1, minSize",
        "/v1/blobs?owner=alice, owner",
        "/v1/blobs?attribute=:x, attribute",
        "/v1/blobs?expiringBefore=soon, expiringBefore",
        "/v1/blobs?stauts=certified, stauts",
        "/v1/blobs?at=epoch:2, at",
        "/v1/blobs?limit=1&limit=2, limit",
        "/v1/blobs?format=xml, format",
        "/v1/epochs/x, epoch",
        "/v1/epochs/4294967296, epoch",
        "/v1/checkpoints/-1, checkpoint",
        "/v1/transactions/0, tx",
        "/v1/objects/zz, objectId",
        "/v1/network?x=1, x"
    })
    void namesTheFieldThatCannotBeRead(String path, String field) {
        given().urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(400)
                .contentType(startsWith("application/problem+json"))
                .body("type", equalTo("urn:vibrissa:problem:bad-input"))
                .body("field", equalTo(field))
                .body("status", equalTo(400))
                .body("instance", startsWith("/v1/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "epoch:99",
                "checkpoint:999",
                "checkpoint:1144",
                "time:2020-01-01T00:00:00Z",
                "time:2099-01-01T00:00:00Z"
            })
    void saysWhatIsIndexedWhereTheStateIsNot(String at) {
        given().get(BLOB + "?at=" + at)
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:vibrissa:problem:not-indexed"))
                .body("detail", containsString("checkpoints 1000 to 1143"))
                .body("detail", containsString("Walrus epochs 1 to 7"));
    }

    @Test
    void refusesTheCharacterThatNothingStoredHas() {
        given().urlEncodingEnabled(false)
                .get("/v1/adoption/history?subject=%00")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:vibrissa:problem:bad-input"))
                .body("detail", containsString("U+0000"));
    }

    @Test
    void answersWhatTheFrameworkRefusesAsProblemsToo() {
        problem(given().get("/v1/nothing"), 404, "not-found");
        problem(given().delete("/v1/blobs"), 405, "method-not-allowed");
        problem(given().body("{}").post("/v1/network"), 405, "method-not-allowed");
        problem(given().accept("image/png").get("/v1/network"), 406, "not-acceptable");
        problem(given().get("/v1/epochs/99"), 404, "not-found");
    }

    private static void problem(Response response, int status, String kind) {
        response.then()
                .statusCode(status)
                .contentType(startsWith("application/problem+json"))
                .body("type", equalTo("urn:vibrissa:problem:" + kind))
                .body("status", equalTo(status));
    }

    @Test
    void letsAPastAnswerBeKeptForEver() {
        var answer = given().get(BLOB + "?at=checkpoint:1066");
        answer.then().statusCode(200).header("Cache-Control", containsString("immutable"));
        answer.then().body("asOf.checkpoint", equalTo(1066)).body("asOf.lagMillis", nullValue());
        given().header("If-None-Match", answer.header("ETag"))
                .get(BLOB + "?at=checkpoint:1066")
                .then()
                .statusCode(304);
        given().header("If-None-Match", answer.header("ETag"))
                .get(BLOB + "?at=checkpoint:1067")
                .then()
                .statusCode(200);
    }

    @Test
    void hasThePresentAskedForAgain() {
        var answer = given().get(BLOB);
        answer.then().statusCode(200).header("Cache-Control", equalTo("no-cache"));
        given().header("If-None-Match", answer.header("ETag")).get(BLOB).then().statusCode(304);
    }

    @Test
    void judgesAnEpochByItsEnd() {
        // Extended in epoch 2 up to epoch 6, exclusive; the chain ends in epoch 7.
        given().get(BLOB + "?at=epoch:5")
                .then()
                .body("state", equalTo("certified"))
                .body("asOf.epoch", equalTo(5))
                .body("nodeStatus.permanent.endEpoch", equalTo(6));
        given().get(BLOB + "?at=epoch:6").then().body("state", equalTo("expired"));
        given().get(BLOB + "?at=epoch:7").then().body("asOf.checkpoint", equalTo(1143));
    }

    @Test
    void takesTheLastCheckpointOfATime() {
        var at = given().get("/v1/checkpoints/1066").path("timestamp").toString();
        given().get(BLOB + "?at=time:" + at).then().body("asOf.checkpoint", equalTo(1066));
    }

    @Test
    void answersANeverSeenBlobLikeAStorageNode() {
        given().get("/v1/blobs/" + "A".repeat(43))
                .then()
                .statusCode(200)
                .body("state", equalTo("neverSeen"))
                .body("nodeStatus", equalTo("nonexistent"))
                .body("why", equalTo("never"));
    }

    @Test
    void saysTheCanonicalIdWhereAnotherNotationWasUsed() {
        String decimal = given().get(BLOB).path("blobIdDecimal");
        given().get("/v1/blobs/" + decimal)
                .then()
                .statusCode(200)
                .header("Content-Location", equalTo(BLOB))
                .body("blobId", equalTo("L50C2qTqJ8F5GPg1GBdZ1mPTIThh59QBXYB2g58jFWc"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/blobs",
                "/v1/blobs?order=-firstSeen",
                "/v1/blobs?order=size",
                "/v1/blobs?order=-size",
                "/v1/blobs?order=expiry",
                "/v1/blobs?order=-expiry&kind=own",
                "/v1/events",
                "/v1/events?name=BlobCertified&at=checkpoint:1066",
                "/v1/transactions",
                "/v1/certificates?epoch=2",
                "/v1/epochs",
                BLOB + "/history",
                "/v1/blobs/-pVnViP7o1em_wzNlPYcS-hEj7lBvX29IKFTVS9__cA/objects",
                "/v1/addresses/0x74859b34e50592e4cd11ef9e38d7c36e419bbe13a27b22eabb9229ad432e5940/blobs",
                "/v1/expiry/5?at=checkpoint:1066"
            })
    void givesTheSameListInPagesAsInOne(String path) {
        var whole = pages(path, 1000);
        assertThat(whole).isNotEmpty().doesNotHaveDuplicates();
        assertThat(pages(path, 2)).isEqualTo(whole);
        assertThat(pages(path, whole.size())).isEqualTo(whole);
    }

    private static List<JsonNode> pages(String path, int limit) {
        var items = new ArrayList<JsonNode>();
        String more = path + (path.contains("?") ? "&" : "?") + "limit=" + limit;
        JsonNode page;
        String cursor = "";
        do {
            page = PlainClient.get(more + cursor);
            assertThat(page.path("items").size()).isLessThanOrEqualTo(limit);
            items.addAll(PlainClient.items(page));
            cursor = "&cursor=" + page.path("next").asText();
        } while (page.path("next").isTextual());
        return items;
    }

    @Inject
    DataSource dataSource;

    /** In the order of the list without it, whichever way it is read. */
    @ParameterizedTest
    @CsvSource({
        "k7, firstSeen, ''",
        "k7:v:w, -firstSeen, ''",
        "k7:v:w, firstSeen, &status=expired",
        "k7:v:w, firstSeen, &kind=own&minSize=900001",
        "k7:v:w, -size, ''",
        "k7, expiry, ''"
    })
    void listsBlobsWithAnAttribute(String attribute, String order, String filter) throws Exception {
        var having = new HashSet<String>();
        try (var db = dataSource.getConnection();
                var insert = db.prepareStatement("""
                        insert into attribute (object_id, key, value, blob_id, first_checkpoint)
                        select object_id, 'k7', 'v:w', blob_id, first_checkpoint from blob_object join blob using (blob_id)
                        where object_id < '\\x80' returning blob_id
                        """);
                var row = insert.executeQuery()) {
            while (row.next()) {
                having.add(new BlobId(row.getBytes(1)).toString());
            }
        }
        try {
            String path = "/v1/blobs?order=" + order + filter;
            var expected =
                    blobIds(pages(path, 1000)).stream().filter(having::contains).toList();
            String with = path + "&attribute=" + attribute;
            assertThat(expected).hasSizeGreaterThan(2);
            assertThat(blobIds(pages(with, 1000))).isEqualTo(expected);
            assertThat(blobIds(pages(with, 2))).isEqualTo(expected);
        } finally {
            try (var db = dataSource.getConnection();
                    var delete = db.createStatement()) {
                delete.execute("delete from attribute where key = 'k7'");
            }
        }
    }

    private static List<String> blobIds(List<JsonNode> items) {
        return items.stream().map(item -> item.path("blobId").asText()).toList();
    }

    @Test
    void refusesACursorOfAnotherList() {
        String cursor = given().get("/v1/blobs?limit=1").path("next");
        given().get("/v1/blobs?limit=1&order=size&cursor=" + cursor)
                .then()
                .statusCode(400)
                .body("field", equalTo("cursor"));
        given().get("/v1/blobs?limit=2&cursor=" + cursor).then().statusCode(200);
    }

    @Test
    void writesListsAsCsvByHeaderOrByParameter() {
        var byParameter = given().get("/v1/blobs?limit=3&format=csv");
        byParameter.then().statusCode(200).contentType(startsWith("text/csv"));
        assertThat(byParameter.asString().lines()).hasSize(4).first().asString().startsWith("blobId,state,");
        assertThat(byParameter.header("Vibrissa-Next-Cursor")).isNotEmpty();
        assertThat(given().accept("text/csv").get("/v1/blobs?limit=3").asString())
                .isEqualTo(byParameter.asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"registered", "certified", "expired", "deleted", "burned", "invalid"})
    void filtersBlobsByTheStateTheirOwnAnswersGive(String status) {
        List<String> filtered =
                given().get("/v1/blobs?limit=1000&status=" + status).path("items.blobId");
        List<String> all = given().get("/v1/blobs?limit=1000").path("items.blobId");
        assertThat(all)
                .filteredOn(id -> given().get("/v1/blobs/" + id).path("state").equals(status))
                .isEqualTo(filtered);
    }

    @ParameterizedTest
    @CsvSource({
        "attribute=_walrusBlobType:quilt, 0",
        "attribute=k:v, 0",
        "minSize=20000000&maxSize=20000000, 1",
        "pool=0xd8551b9092a22a53a65c055ec9dd97c2aa65ec224a536614c5c850a24db83e0b, 4",
        "kind=pooled, 5",
        "expiringBefore=12&order=expiry&status=certified, 3"
    })
    void countsWhatItsFiltersLeave(String filter, int count) {
        List<Object> items = given().get("/v1/blobs?limit=1000&" + filter).path("items");
        assertThat(items).hasSize(count);
    }

    /** Blob ids known only as invalid or deny-listed have no size. */
    @ParameterizedTest
    @ValueSource(strings = {"minSize=0", "maxSize=18446744073709551615"})
    void whatHasNoSizeIsWithinNoLimits(String filter) {
        List<String> sized = given().get("/v1/blobs?limit=1000").path("items.findAll { it.size != null }.blobId");
        List<Object> all = given().get("/v1/blobs?limit=1000").path("items");
        assertThat(sized).isNotEmpty().hasSizeLessThan(all.size());
        assertThat(given().get("/v1/blobs?limit=1000&" + filter).<List<String>>path("items.blobId"))
                .isEqualTo(sized);
    }
}
