package dev.vibrissa.redstuff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

/** The known answers under {@code src/test/resources/vectors}; its README says where they come from. */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    public static Path folder(String name) {
        try {
            return Path.of(Vectors.class.getResource("/vectors/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode read(String file) {
        try {
            return JSON.readTree(folder("encoding").resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<JsonNode> cases(String file) {
        return read(file).get("cases").valueStream();
    }

    public static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(folder("encoding").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] content(JsonNode content, int size) {
        byte[] bytes = new byte[size];
        switch (content.get("kind").asText()) {
            case "repeat" -> Arrays.fill(bytes, (byte) content.get("byte").asInt());
            case "affine" -> {
                for (int j = 0; j < size; j++) {
                    bytes[j] = (byte)
                            (j * content.get("mul").asInt() + content.get("add").asInt());
                }
            }
            case "sha256ctr" -> {
                byte[] seed = content.get("seed").asText().getBytes(StandardCharsets.UTF_8);
                ByteBuffer counter = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                for (int at = 0; at < size; at += 32) {
                    MessageDigest sha = sha256();
                    sha.update(seed);
                    sha.update(counter.putLong(0, at / 32).array());
                    System.arraycopy(sha.digest(), 0, bytes, at, Math.min(32, size - at));
                }
            }
            default -> throw new IllegalArgumentException("content " + content);
        }
        return bytes;
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }
}
