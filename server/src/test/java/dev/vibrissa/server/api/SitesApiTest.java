package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;

import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.ApplicationOfOtherChainsTests;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One site of four files at the end of the chain {@code busy}, two of them the same blob, one of a blob nobody has. */
@QuarkusTest
@Tag(ApplicationOfOtherChainsTests.TAG)
@WithTestResource(value = IndexedScenario.class, initArgs = @ResourceArg(name = "scenario", value = "busy"))
class SitesApiTest {
    private static final String LAST = "items[-1].apps.walrusSites.";

    @Inject
    DataSource dataSource;

    private long last;
    private String plain = "";
    private String quilt = "";

    @BeforeEach
    void aSiteIsPublished() throws SQLException {
        last = Long.parseLong(value("select max(sequence_number) from checkpoint"));
        String blob =
                "select encode(blob_id, 'hex') from registration where not free group by 1 order by 1 limit 1 offset ";
        plain = value(blob + 0);
        quilt = value(blob + 1);
        execute("insert into site values (%s, %d, %s, true)".formatted(id(1), last - 1, id(9)));
        file(1, plain, "null");
        file(2, plain, "null");
        file(3, quilt, "'\\x0101000200'");
        file(4, HexFormat.of().formatHex(SuiAddress.parse("0xbad").toByteArray()), "null");
    }

    @AfterEach
    void itIsTakenAway() throws SQLException {
        execute("delete from site");
        execute("delete from site_resource");
    }

    @Test
    void adoptionCountsIt() throws SQLException {
        var bytes = new BigInteger(size(plain)).add(new BigInteger(size(quilt)));
        given().get("/v1/adoption")
                .then()
                .body(LAST + "created", equalTo(1))
                .body(LAST + "burned", equalTo(0))
                .body(LAST + "living", equalTo(1))
                .body(LAST + "resources", equalTo(4))
                .body(LAST + "blobs", equalTo(3))
                .body(LAST + "bytes", equalTo(bytes.toString()))
                .body(LAST + "quilts", equalTo(1))
                .body(LAST + "brokenResources", equalTo(1))
                .body("items[-2].apps.walrusSites.living", equalTo(0));
        given().get("/v1/adoption?format=csv").then().body(containsString("apps.walrusSites.living"));
    }

    @Test
    void beforeItWasPublishedThereIsNone() {
        given().get("/v1/adoption?at=checkpoint:" + (last - 2))
                .then()
                .body("items.apps.walrusSites.living", everyItem(equalTo(0)))
                .body("items.apps.walrusSites.created", everyItem(equalTo(0)))
                .body("items.apps.walrusSites.resources", everyItem(equalTo(0)));
        given().get("/v1/adoption/top?by=caller&at=checkpoint:" + (last - 2))
                .then()
                .body("items.inSites", everyItem(equalTo(0)));
    }

    @Test
    void anEpochThatIsOverIsReadAsItWasCounted() throws SQLException {
        int epoch = given().get("/v1/adoption").jsonPath().getInt("items[0].epoch");
        execute("update site_epoch set living = 7 where epoch = " + epoch);
        for (String at : new String[] {"", "?at=epoch:" + epoch, "?at=epoch:" + (epoch + 1)}) {
            given().get("/v1/adoption" + at).then().body("items[0].apps.walrusSites.living", equalTo(7));
        }
        execute("update site_epoch set living = 0 where epoch = " + epoch);
    }

    @Test
    void theMethodNamesThePackages() {
        var packages = WalrusNetwork.mainnet().walrusSites().ids().values();
        given().get("/v1/adoption")
                .then()
                .body(
                        LAST + "method",
                        allOf(packages.stream()
                                .map(id -> containsString(id.toString()))
                                .collect(Collectors.toList())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"publisher", "owner", "caller", "package", "contentType"})
    void topListsSayHowMuchOfEachIsInSites(String role) throws SQLException {
        long registrations = Long.parseLong(value("""
                select count(*) from registration
                where not free and encode(blob_id, 'hex') in ('%s', '%s')
                """.formatted(plain, quilt)));
        var now = given().get("/v1/adoption/top?limit=1000&by=" + role).jsonPath();
        assertThat(now.getList("items.inSites", Long.class).stream().reduce(0L, Long::sum))
                .isEqualTo(registrations);
        long byEpoch = 0;
        for (int epoch : given().get("/v1/adoption").jsonPath().getList("items.epoch", Integer.class)) {
            byEpoch += given()
                    .get("/v1/adoption/top?limit=1000&by=%s&epoch=%d".formatted(role, epoch))
                    .jsonPath()
                    .getList("items.inSites", Long.class)
                    .stream()
                    .reduce(0L, Long::sum);
        }
        assertThat(byEpoch).isEqualTo(registrations);
    }

    @Test
    void paymentsAreNotMarked() {
        given().get("/v1/adoption/top?by=payer").then().body("items.inSites", everyItem(nullValue()));
    }

    private void file(int number, String blob, String patch) throws SQLException {
        execute("insert into site_resource values (%s, 1, %d, %s, %s, '/%d', '\\x%s', %s)"
                .formatted(id(10 + number), last - 1, id(9), id(1), number, blob, patch));
    }

    private static String id(int number) {
        return "'\\x%064x'".formatted(number);
    }

    private String size(String blob) throws SQLException {
        return value("select min(size) from registration where encode(blob_id, 'hex') = '%s'".formatted(blob));
    }

    private String value(String sql) throws SQLException {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement();
                var found = statement.executeQuery(sql)) {
            assertThat(found.next()).isTrue();
            return found.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var db = dataSource.getConnection();
                var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
