package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.vibrissa.devnet.node.NodeIdentity;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.maintenance.MaintenanceNotice;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Maintenance as it is declared over HTTP: by the operator's signature, or with the administrator's token. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class MaintenanceApiTest {
    private static final String TOKEN = "Bearer open sesame";

    private final NodeIdentity identity = NodeIdentity.of("maintenance over http", "127.0.0.1");
    private final SuiAddress node = SuiAddress.parse("0x" + "6".repeat(64));
    private final String path = "/v1/operators/" + node + "/maintenance";
    private final Instant soon = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);

    @Inject
    DataSource dataSource;

    @BeforeEach
    void aNode() throws SQLException {
        run("""
                insert into storage_node (node_id, name, network_address, network_public_key, public_key, changed_at)
                values ('\\x%s', 'n', '127.0.0.1:1', '\\x%s', '\\x%s', 1)
                """.formatted(node.toString().substring(2), identity.networkPublicKey(), identity.publicKey()));
    }

    @AfterEach
    void noNode() throws SQLException {
        run("delete from maintenance; delete from storage_node where node_id = '\\x%s'"
                .formatted(node.toString().substring(2)));
    }

    @Test
    void theAdministratorsTokenDeclares() {
        post(notice(soon, Optional.empty()), TOKEN)
                .then()
                .statusCode(200)
                .body("nodeId", is(node.toString()))
                .body("declaredBy", is("admin"));
        given().get(path)
                .then()
                .body("items", hasSize(1))
                .body("items[0].from", is(soon.toString()))
                .body("items[0].reason", is("new disks"))
                .body("items[0].declaredBy", is("admin"))
                .body("items[0].logs", is(0));
    }

    @Test
    void theOperatorsSignatureDeclares() {
        post(notice(soon, Optional.of(signature(soon))), null)
                .then()
                .statusCode(200)
                .body("declaredBy", is("operator"));
        given().get(path).then().body("items[0].declaredBy", is("operator"));
        // Signed for another hour: not even the administrator may send it.
        post(notice(soon.plusSeconds(7_200), Optional.of(signature(soon))), TOKEN)
                .then()
                .statusCode(403);
        given().get(path).then().body("items", hasSize(1));
    }

    @Test
    void nobodyElseDeclares() {
        post(notice(soon, Optional.empty()), null).then().statusCode(403);
        post(notice(soon, Optional.empty()), "Bearer close sesame").then().statusCode(403);
        post(notice(soon, Optional.empty()), "open sesame").then().statusCode(403);
        given().get(path).then().body("items", hasSize(0));
    }

    @Test
    void whatIsWrongWithANoticeIsSaid() {
        post(notice(soon.minus(Duration.ofDays(1)), Optional.empty()), TOKEN)
                .then()
                .statusCode(400)
                .body("field", equalTo("from"))
                .body("detail", containsString("announced, not explained"));
        post("{}", TOKEN).then().statusCode(400).body("field", equalTo("body"));
        given().header("Authorization", TOKEN)
                .contentType("application/json")
                .body(notice(soon, Optional.empty()))
                .post("/v1/operators/0x" + "5".repeat(64) + "/maintenance")
                .then()
                .statusCode(400)
                .body("field", equalTo("nodeId"));
    }

    private Response post(String notice, @Nullable String authorization) {
        var request = given().contentType("application/json").body(notice);
        return (authorization == null ? request : request.headers(Map.of("Authorization", authorization))).post(path);
    }

    private String notice(Instant from, Optional<String> signature) {
        return """
                {"nodeId":"%s","from":"%s","to":"%s","reason":"new disks"%s}""".formatted(
                        node,
                        from,
                        from.plus(Duration.ofHours(1)),
                        signature
                                .map(",\"signature\":{\"key\":\"bls\",\"value\":\"%s\"}"::formatted)
                                .orElse(""));
    }

    private String signature(Instant from) {
        var notice = new MaintenanceNotice(node, from, from.plus(Duration.ofHours(1)), "new disks", Optional.empty());
        return Base64.getEncoder()
                .encodeToString(identity.sign(notice.message()).toByteArray());
    }

    private void run(String sql) throws SQLException {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
