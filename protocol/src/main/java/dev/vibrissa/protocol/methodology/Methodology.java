package dev.vibrissa.protocol.methodology;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A version of the method: what is asked, what counts, every constant with its reason, and what it cannot tell.
 *
 * @param text JSON, exactly as published; a change of a byte is another version
 */
public record Methodology(String version, String text) {
    /** From the newest on; each network has those it uses. */
    public static final List<String> VERSIONS = List.of("v1", "v1-devnet");

    /** Empty if there is no such version. */
    public static Optional<Methodology> of(String version) {
        if (!VERSIONS.contains(version)) {
            return Optional.empty();
        }
        try (InputStream in = Methodology.class.getResourceAsStream("/methodology/" + version + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its methodology " + version);
            }
            return Optional.of(new Methodology(version, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("methodology " + version, e);
        }
    }

    /** Of the text in UTF-8, in hex. */
    public String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
