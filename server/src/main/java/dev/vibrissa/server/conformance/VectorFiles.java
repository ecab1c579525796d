package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Files of a folder of vectors, and the contents that vectors describe instead of storing them. */
record VectorFiles(Path folder) {
    private static final int MOST_BYTES = 1 << 28;

    /** What the folder is called. */
    String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /**
     * @throws IllegalArgumentException if the name leads out of the folder
     */
    byte[] bytes(String name) {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.normalize())) {
            throw new IllegalArgumentException("'%s' leads out of the folder".formatted(name));
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code size} bytes of the content that is described; see the README beside the vectors. */
    static byte[] content(JsonNode content, int size) {
        if (size < 0 || size > MOST_BYTES) {
            throw new IllegalArgumentException("a content of %d bytes".formatted(size));
        }
        byte[] bytes = new byte[size];
        switch (content.required("kind").asText()) {
            case "repeat" -> Arrays.fill(bytes, (byte) content.required("byte").asInt());
            case "affine" -> {
                int factor = content.required("mul").asInt();
                int summand = content.required("add").asInt();
                for (int j = 0; j < size; j++) {
                    bytes[j] = (byte) (j * factor + summand);
                }
            }
            case "sha256ctr" -> {
                byte[] seed = content.required("seed").asText().getBytes(StandardCharsets.UTF_8);
                MessageDigest sha = sha256();
                ByteBuffer counter = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int at = 0; at < size; at += sha.getDigestLength()) {
                    sha.update(seed);
                    byte[] block = sha.digest(
                            counter.putLong(0, at / sha.getDigestLength()).array());
                    System.arraycopy(block, 0, bytes, at, Math.min(block.length, size - at));
                }
            }
            default -> throw new IllegalArgumentException("content of unknown kind " + content);
        }
        return bytes;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
