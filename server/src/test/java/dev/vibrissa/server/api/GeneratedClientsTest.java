package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vibrissa.api.key.ApiKeys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients as others make them from the OpenAPI document. The Java one is compiled and asks the running server; so does the
 * TypeScript one, after tsc has checked its types.
 */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
@Tag("soak")
@Timeout(600)
class GeneratedClientsTest {
    private static final Path GENERATOR =
            Path.of(System.getProperty("vibrissa.root"), "server/target/clients/openapi-generator-cli.jar");
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final String TYPESCRIPT = "typescript@5.9.3";

    @Inject
    DataSource dataSource;

    @TestHTTPResource("/")
    URI server = URI.create("/");

    @TempDir
    Path folder = Path.of("");

    @Test
    void aJavaClientCompilesAndUnderstandsTheServer() throws Exception {
        generate(
                "java",
                "library=native,openApiNullable=false,useJakartaEe=true,hideGenerationTimestamp=true,"
                        + "invokerPackage=client,apiPackage=client.api,modelPackage=client.model",
                "apiDocs=false,modelDocs=false,apiTests=false,modelTests=false");
        Path check = resource("Check.java");
        var sources = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(folder.resolve("src/main/java"))) {
            files.map(Path::toString).filter(each -> each.endsWith(".java")).forEach(sources::add);
        }
        assertThat(sources).hasSizeGreaterThan(100);
        sources.add(check.toString());
        Path classes = folder.resolve("classes");
        // Jackson, which the client needs, is among what the tests have.
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path list = Files.write(folder.resolve("sources"), sources);
        run(JAVA_HOME.resolve("bin/javac") + "", "-nowarn", "-proc:none", "-cp", path, "-d", classes + "", "@" + list);
        assertThat(run(
                        JAVA_HOME.resolve("bin/java") + "",
                        "-cp",
                        classes + System.getProperty("path.separator") + path,
                        "Check",
                        base(),
                        key()))
                .contains("understood");
    }

    @Test
    void aTypeScriptClientIsTypedAndUnderstandsTheServer() throws Exception {
        assumeTrue(isThere("npm", "--version"), "no npm on the PATH");
        generate("typescript-fetch", "supportsES6=true,stringEnums=true", "apiDocs=false");
        resource("check.ts");
        run("npm", "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", TYPESCRIPT, "@types/node@20");
        run(
                "node_modules/.bin/tsc",
                "--strict",
                "--target",
                "es2022",
                "--module",
                "commonjs",
                "--lib",
                "es2022,dom",
                "--outDir",
                "out",
                "--types",
                "node",
                "check.ts");
        assertThat(run("node", "out/check.js", base(), key())).contains("understood");
    }

    private String base() {
        String text = server.toString();
        return text.substring(0, text.length() - 1);
    }

    private String key() throws Exception {
        try (var db = dataSource.getConnection()) {
            return ApiKeys.create(db, "client").text();
        }
    }

    private void generate(String language, String properties, String global) throws Exception {
        assumeTrue(Files.exists(GENERATOR), "no generator: it comes with the Maven profile clients");
        Path document = folder.resolve("openapi.json");
        Files.writeString(document, given().get("/v1/openapi?format=json").asString());
        run(
                JAVA_HOME.resolve("bin/java") + "",
                "-jar",
                GENERATOR.toString(),
                "generate",
                "-g",
                language,
                "-i",
                document.toString(),
                "-o",
                folder.toString(),
                "--additional-properties=" + properties,
                "--global-property=apis,models,supportingFiles," + global);
    }

    private Path resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(GeneratedClientsTest.class.getResourceAsStream("/clients/" + name + ".txt"))) {
            Path file = folder.resolve(name);
            Files.copy(in, file);
            return file;
        }
    }

    private static boolean isThere(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /** What a program says, which must end well. */
    private String run(String... command) throws Exception {
        Path said = Files.createTempFile(folder, "said", ".txt");
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        String text = Files.readString(said);
        assertThat(ended && process.exitValue() == 0)
                .as("%s says: %s", String.join(" ", command), text.substring(Math.max(0, text.length() - 4_000)))
                .isTrue();
        return text;
    }
}
