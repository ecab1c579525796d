package dev.vibrissa.protocol.walrus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the vectors under {@code src/test/resources/walrus} and, where it is present, the shared folder. */
public final class KnownAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KnownAnswers() {}

    public static JsonNode resource(String path) {
        try (var in = KnownAnswers.class.getResourceAsStream("/walrus/" + path)) {
            return JSON.readTree(Objects.requireNonNull(in, path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<String> lines(String path) {
        try (var in = KnownAnswers.class.getResourceAsStream("/walrus/" + path)) {
            byte[] text = Objects.requireNonNull(in, path).readAllBytes();
            return new String(text, StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the shared folder, absent on machines that do not have it. */
    public static Optional<Path> shared(String path) {
        return Optional.ofNullable(System.getProperty("vibrissa.shared"))
                .map(root -> Path.of(root, path))
                .filter(Files::exists);
    }

    public static JsonNode read(Path path) {
        try {
            return JSON.readTree(path.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any value as JSON, to be compared with what a file says. */
    public static JsonNode json(Object value) {
        try {
            // By way of text: an int and a long of one value are then the same number.
            return JSON.readTree(JSON.writeValueAsString(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
