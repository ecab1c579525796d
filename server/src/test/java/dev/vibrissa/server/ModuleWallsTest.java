package dev.vibrissa.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a module may know of another. Modules meet in PostgreSQL, not in each other's classes. */
class ModuleWallsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Databases and brokers for tests come in jars, which the option above does not recognise.
            .withImportOption(location -> !location.contains("/migrations/testing/"))
            .withImportOption(location -> !location.contains("/testbroker/"))
            .importPackages("dev.vibrissa");

    /** Named as the contracts name them: UpgradeManager, SlashingManager. */
    private static final String MOVE_OBJECTS = "dev.vibrissa.protocol.walrus.object..";

    @Test
    void allModulesAreSeen() {
        assertThat(CLASSES.stream().map(type -> moduleOf(type.getPackageName())).distinct())
                .contains("redstuff", "protocol", "migrations", "indexer", "verifier", "server");
    }

    @Test
    void protocolKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("dev.vibrissa.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.vertx..",
                        "jakarta..",
                        "java.sql..",
                        "org.eclipse.microprofile..",
                        "org.jboss..")
                .check(CLASSES);
    }

    /** A library that others can use alone. */
    @Test
    void redstuffKnowsNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("dev.vibrissa.redstuff..")
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "dev.vibrissa.redstuff..", "java..", "jdk.incubator.vector..", "org.jspecify.annotations..")))
                .check(CLASSES);
    }

    @Test
    void onlyJsonCodecsOfProtocolKnowJackson() {
        noClasses()
                .that()
                .resideInAPackage("dev.vibrissa.protocol..")
                .and(not(simpleNameEndingWith("Json")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(CLASSES);
    }

    @ParameterizedTest(name = "{0} knows of our modules only {1}")
    @MethodSource
    void modulesKnowOnlyWhatIsBelowThem(String module, List<String> known) {
        var allowed = new TreeSet<String>();
        allowed.add("dev.vibrissa." + module + "..");
        known.forEach(each -> allowed.add("dev.vibrissa." + each + ".."));
        noClasses()
                .that()
                .resideInAPackage("dev.vibrissa." + module + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.vibrissa..")
                        .and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    static Stream<Arguments> modulesKnowOnlyWhatIsBelowThem() {
        return Stream.of(
                arguments("redstuff", List.of()),
                arguments("protocol", List.of()),
                arguments("migrations", List.of()),
                arguments("changes", List.of("migrations")),
                arguments("indexer", List.of("protocol", "migrations", "changes", "rpc", "kafka")),
                arguments("verifier", List.of("protocol", "redstuff", "migrations", "changes")),
                arguments("api", List.of("protocol", "migrations", "changes")),
                arguments("dashboards", List.of("protocol", "migrations", "api")));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.vibrissa.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Util", "Utils", "Manager", "Impl", "Dto", "Helper"})
    void namesSayWhatAClassIs(String ending) {
        noClasses()
                .that(not(resideInAnyPackage(MOVE_OBJECTS)))
                .should()
                .haveSimpleNameEndingWith(ending)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = new TreeSet<String>();
        for (JavaPackage each : CLASSES.getPackage("dev.vibrissa").getSubpackagesInTree()) {
            boolean hasClasses = each.getClasses().stream()
                    .anyMatch(type -> !type.getSimpleName().equals("package-info"));
            boolean generated = each.getName().startsWith("dev.vibrissa.rpc")
                    || each.getName().startsWith("dev.vibrissa.kafka")
                    || each.getName().equals("dev.vibrissa.changes.v1");
            if (hasClasses && !generated && !each.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(each.getName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void onlyTheCommandLineWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.vibrissa.server.cli..", "dev.vibrissa.testbroker..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
    }

    @Test
    void nothingSleepsButBetweenTwoAttempts() {
        noClasses()
                .that()
                .doNotHaveSimpleName("StoreSource") // a request
                .and()
                .doNotHaveSimpleName("SystemTicker") // any, and the tip
                .and()
                .doNotHaveSimpleName("DamagedBodies")
                .and()
                .doNotHaveSimpleName("Indexing") // a lost database, a source that is wrong
                .and()
                .doNotHaveSimpleName("Verifying") // the same
                .and()
                .doNotHaveSimpleName("Telling") // the same
                .and()
                .doNotHaveSimpleName("EventBlobAudits") // the same
                .and()
                .doNotHaveSimpleName("RpcServer") // a port that is still held
                .and()
                .doNotHaveSimpleName("Rebuild") // requests under way
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .check(CLASSES);
    }

    private static String moduleOf(String packageName) {
        String inside = packageName.substring("dev.vibrissa.".length());
        int dot = inside.indexOf('.');
        return dot < 0 ? inside : inside.substring(0, dot);
    }
}
