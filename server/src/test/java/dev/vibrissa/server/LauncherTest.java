package dev.vibrissa.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, in a checkout with a space in its path, with JDKs and a Maven that only say how they were called. */
class LauncherTest {
    private static final List<String> TOOLS =
            List.of("sh", "sed", "head", "find", "dirname", "readlink", "touch", "mkdir", "mv", "flock", "cat");

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");
    private Path path = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void layOutACheckout() throws IOException {
        root = Files.createDirectories(folder.resolve("a checkout"));
        Files.copy(Path.of(System.getProperty("vibrissa.root"), "vibrissa"), root.resolve("vibrissa"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.createDirectories(root.resolve("server/src/main"));
        Files.writeString(root.resolve("server/src/main/A.java"), "class A {}");
        path = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            for (String place : List.of("/bin", "/usr/bin")) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(path.resolve(tool))) {
                    Files.createSymbolicLink(path.resolve(tool), Path.of(place, tool));
                }
            }
        }
        executable(path.resolve("mvn"), """
                #!/bin/sh
                echo "JAVA_HOME=$JAVA_HOME $*" >> "$FAKE_LOG"
                mkdir -p "$FAKE_ROOT/server/target/quarkus-app"
                touch "$FAKE_ROOT/server/target/quarkus-app/quarkus-run.jar"
                exit "${FAKE_MAVEN_EXIT:-0}"
                """);
        jdk("17.0.15", folder);
        environment.putAll(Map.of(
                "PATH", path.toString(),
                "HOME", folder.toString(),
                "FAKE_ROOT", root.toString(),
                "FAKE_LOG", folder.resolve("maven.log").toString(),
                "VIBRISSA_JDK_FOLDER", folder.resolve("jdks").toString()));
    }

    @Test
    void saysOneSentenceWhenNoJdkFits() throws Exception {
        jdk("21.0.2", folder.resolve("jdks/21"));
        var ended = launch("--help");
        assertThat(ended.code()).isEqualTo(69);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).singleElement().asString().contains("JDK 25 or newer", "VIBRISSA_JAVA_HOME");
    }

    @Test
    void findsAJdkAlthoughTheOneOnThePathIsOlder() throws Exception {
        jdk("21.0.2", folder.resolve("jdks/21"));
        Path fitting = jdk("25.0.3", folder.resolve("jdks/twenty five"));
        var ended = launch("ingest", "a b", "--json");
        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .contains(fitting + " ", "[--enable-native-access=ALL-UNNAMED]", "[-Xmx512m]", "[ingest][a b][--json]");
        assertThat(mavenLog())
                .containsExactly("JAVA_HOME=" + fitting + " -B -f " + root.resolve("pom.xml")
                        + " -q -Dstyle.color=never -Dmaven.test.skip=true -pl server -am package");
    }

    @Test
    void addsVectorsForTheErasureCodeOnly() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        assertThat(launch("blob-id", "a b").out()).contains("[--add-modules][jdk.incubator.vector]", "[blob-id][a b]");
        assertThat(launch("up").out()).doesNotContain("jdk.incubator.vector");
    }

    @Test
    void prefersTheJdkItWasTold() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        environment.put("JAVA_HOME", jdk("25.0.1", folder.resolve("second")).toString());
        assertThat(launch("up").out()).startsWith(folder.resolve("second") + " ");
        environment.put("VIBRISSA_JAVA_HOME", jdk("26", folder.resolve("first")).toString());
        assertThat(launch("up").out()).startsWith(folder.resolve("first") + " ");
    }

    @Test
    void refusesAToldJdkThatDoesNotFitAndNamesIt() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        environment.put("VIBRISSA_JAVA_HOME", jdk("17", folder.resolve("old")).toString());
        var ended = launch("up");
        assertThat(ended.code()).isEqualTo(69);
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .contains(folder.resolve("old").toString());
    }

    @Test
    void startsWithoutMavenWhenNothingIsStale() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        assertThat(launch("up").err()).contains("building");
        assertThat(launch("up").err()).isEmpty();
        assertThat(mavenLog()).hasSize(1);
        Files.setLastModifiedTime(
                root.resolve("server/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        launch("up");
        assertThat(mavenLog()).hasSize(2);
    }

    @Test
    void buildsWithoutEscapeSequencesOfMaven() throws Exception {
        environment.put("PATH", System.getenv("PATH")); // the real Maven
        environment.put("VIBRISSA_JAVA_HOME", System.getProperty("java.home"));
        String coordinates =
                "<modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>%s</artifactId><version>1</version>"
                        + "<packaging>pom</packaging>";
        Files.writeString(
                root.resolve("pom.xml"),
                "<project>%s<modules><module>server</module></modules></project>"
                        .formatted(coordinates.formatted("root")));
        Files.writeString(
                root.resolve("server/pom.xml"), "<project>%s</project>".formatted(coordinates.formatted("server")));
        Files.createDirectories(root.resolve("server/target"));
        var ended = launch("--help");
        assertThat(ended.err())
                .contains("building", "jarfile") // Maven had nothing to build, so that there is nothing to run
                .doesNotContain("the build failed", "\u001b");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void saysWhatIsMissingWhenThereIsNoMaven() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        Files.delete(path.resolve("mvn"));
        var ended = launch("up");
        assertThat(ended.code()).isEqualTo(69);
        assertThat(ended.err()).contains("needs Maven 3.8.7 or newer");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void doesNotRunWhatCouldNotBeBuilt() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        environment.put("FAKE_MAVEN_EXIT", "1");
        var ended = launch("up");
        assertThat(ended.code()).isEqualTo(70);
        assertThat(ended.out()).isEmpty();
        environment.put("FAKE_MAVEN_EXIT", "0");
        launch("up");
        assertThat(mavenLog()).hasSize(2);
    }

    @Test
    void worksThroughALinkAndFromAnyFolder() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        Path link = Files.createSymbolicLink(folder.resolve("v"), Path.of("a checkout/vibrissa"));
        assertThat(run(folder.resolve("bin"), link.toString(), "up").out())
                .contains("[" + root.resolve("server/target/quarkus-app/quarkus-run.jar") + "][up]");
    }

    @Test
    void testEndsWithTheExitCodeOfMavenAndSumsUp() throws Exception {
        jdk("25.0.3", folder.resolve("jdks/25"));
        environment.put("FAKE_MAVEN_EXIT", "1");
        var ended = launch("test", "--soak", "-o");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("TestSummary.java][" + root + "][--soak][1]");
        assertThat(mavenLog())
                .singleElement()
                .asString()
                .endsWith(" verify -Dexcluded.tags= -Pclients,checked-tests -o");
    }

    private Path jdk(String version, Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        executable(home.resolve("bin/java"), """
                #!/bin/sh
                printf '%s ' '{home}'
                for argument; do printf '[%s]' "$argument"; done
                """.replace("{home}", home.toString()));
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        return home;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> mavenLog() throws IOException {
        return Files.readAllLines(folder.resolve("maven.log"));
    }

    private Ended launch(String... arguments) throws IOException, InterruptedException {
        return run(folder, root.resolve("vibrissa").toString(), arguments);
    }

    private Ended run(Path directory, String launcher, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
