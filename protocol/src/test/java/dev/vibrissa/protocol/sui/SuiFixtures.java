package dev.vibrissa.protocol.sui;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibrissa.protocol.bcs.BcsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where checkpoints for tests lie: synthetic ones among the test resources, real ones in the shared folder. */
public final class SuiFixtures {
    private static final Path RESOURCES = Path.of(System.getProperty("vibrissa.root"), "protocol/src/test/resources");
    private static final Path SHARED = Path.of(System.getProperty("vibrissa.shared"));

    private SuiFixtures() {}

    /** A fixture of ours, or one of a real chain; skips the test where the latter is absent. */
    public static Path fixture(String name) {
        Path ours = RESOURCES.resolve("fixtures").resolve(name);
        return Files.exists(ours) ? ours : shared("fixtures/sui/" + name);
    }

    /** The folder of a scenario; skips the test where it is absent. */
    public static Path scenario(String name) {
        Path ours = RESOURCES.resolve("scenarios").resolve(name);
        return Files.exists(ours) ? ours : shared("scenarios/" + name);
    }

    private static Path shared(String name) {
        Path path = SHARED.resolve(name);
        assumeTrue(Files.exists(path), () -> "the shared folder has no " + name);
        return path;
    }

    public static Checkpoint checkpoint(String fixture) {
        return checkpoint(fixture(fixture));
    }

    public static Checkpoint checkpoint(Path file) {
        return CheckpointFile.read(bytes(file), String.valueOf(file.getFileName()));
    }

    public static Committee committee(Path file) {
        return BcsReader.decode(bytes(file), Committee::decode);
    }

    /** The checkpoints of a scenario in order, one container of each. */
    public static List<Path> checkpoints(String scenario) {
        return files(scenario(scenario), ".binpb.zst");
    }

    /** Every checkpoint file there is, both containers. */
    public static List<Path> everyCheckpoint() {
        return Stream.of(
                        RESOURCES.resolve("fixtures"),
                        RESOURCES.resolve("scenarios/blob-life"),
                        SHARED.resolve("fixtures/sui"),
                        SHARED.resolve("scenarios/governance"),
                        SHARED.resolve("scenarios/money"),
                        SHARED.resolve("scenarios/stake"),
                        SHARED.resolve("scenarios/busy"))
                .filter(Files::exists)
                .flatMap(folder -> Stream.concat(files(folder, ".binpb.zst").stream(), files(folder, ".chk").stream()))
                .toList();
    }

    private static List<Path> files(Path folder, String suffix) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(bytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
