package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.vibrissa.api.key.ApiKeys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators do over HTTP. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Timeout(60)
class KeyApiTest {
    @Inject
    DataSource dataSource;

    private RequestSpecification administrator() throws Exception {
        try (var db = dataSource.getConnection()) {
            return with(ApiKeys.create(db, "administrator", true).text());
        }
    }

    private static RequestSpecification with(String key) {
        return given().header("Authorization", "Bearer " + key).contentType(ContentType.JSON);
    }

    @Test
    void aKeyIsMadeListedAndRevoked() throws Exception {
        var made = administrator().body("{\"name\": \"the archive\"}").post("/v1/keys");
        made.then().statusCode(200).body("key", startsWith("vib_"));
        String id = made.path("keyId");
        String key = made.path("key");
        with(key)
                .body("{\"url\": \"https://example.com/hook\", \"events\": [\"price_change\"]}")
                .post("/v1/webhooks")
                .then()
                .statusCode(200);
        String listed = "items.find { it.keyId == '%s' }.".formatted(id);
        administrator()
                .get("/v1/keys")
                .then()
                .statusCode(200)
                .body(listed + "name", equalTo("the archive"))
                .body(listed + "admin", equalTo(false))
                .body(listed + "webhooks", equalTo(1))
                .body(listed + "revokedAt", nullValue());
        assertThat(administrator().get("/v1/keys").asString()).doesNotContain(key);
        administrator().get("/v1/webhooks?keyId=" + id).then().statusCode(200).body("items", hasSize(1));
        administrator()
                .delete("/v1/keys/" + id)
                .then()
                .statusCode(200)
                .body(listed + "revokedAt", not(nullValue()));
        with(key).get("/v1/webhooks").then().statusCode(401);
        administrator().delete("/v1/keys/" + id).then().statusCode(404);
    }

    @Test
    void nobodyElseLearnsOrChangesAnything() throws Exception {
        String plain;
        try (var db = dataSource.getConnection()) {
            plain = ApiKeys.create(db, "somebody").text();
        }
        given().get("/v1/keys").then().statusCode(401);
        with("vib_000000000000_none").get("/v1/keys").then().statusCode(401);
        with("open sesame").get("/v1/keys").then().statusCode(401);
        with(plain).get("/v1/keys").then().statusCode(403);
        with(plain).body("{\"name\": \"me\", \"admin\": true}").post("/v1/keys").then().statusCode(403);
        with(plain).delete("/v1/keys/000000000000").then().statusCode(403);
        with(plain).get("/v1/webhooks?keyId=000000000000").then().statusCode(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"name\": \" \"}",
                "{\"name\": \"a\\nb\"}",
                "{\"name\": \"a\\u001b[0m\"}",
                "{\"name\": \"a\", \"owner\": \"b\"}",
                "{\"name\": \"a\"} x"
            })
    void whatCannotBeMeantIsRefused(String body) throws Exception {
        administrator().body(body).post("/v1/keys").then().statusCode(400);
    }
}
