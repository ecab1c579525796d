package dev.vibrissa.api.page;

import dev.vibrissa.api.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The text of a cursor: URL-safe base64 of 8 bytes that stand for the scope, then the parts of the key by lines. */
final class Cursor {
    private static final int SCOPE_BYTES = 8;
    private static final int MAX_LENGTH = 1024;

    private Cursor() {}

    static String format(String scope, List<String> key) {
        byte[] keys = PageRequest.utf8(String.join("\n", key));
        byte[] all = Arrays.copyOf(digest(scope), SCOPE_BYTES + keys.length);
        System.arraycopy(keys, 0, all, SCOPE_BYTES, keys.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    static List<String> parse(String text, String scope, int keyParts) {
        byte[] all = decode(text);
        if (!Arrays.equals(all, 0, SCOPE_BYTES, digest(scope), 0, SCOPE_BYTES)) {
            throw ProblemException.badInput(
                    "cursor", "this cursor was made for another resource, order or filter: begin again without it");
        }
        var keys =
                List.of(new String(all, SCOPE_BYTES, all.length - SCOPE_BYTES, StandardCharsets.UTF_8).split("\n", -1));
        if (keys.size() != keyParts) {
            throw notOurs();
        }
        return keys;
    }

    static byte[] unhex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw notOurs();
        }
    }

    private static byte[] decode(String text) {
        try {
            byte[] all = text.length() > MAX_LENGTH
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(text);
            if (all.length > SCOPE_BYTES) {
                return all;
            }
        } catch (IllegalArgumentException _) {
            // refused below
        }
        throw notOurs();
    }

    private static ProblemException notOurs() {
        return ProblemException.badInput("cursor", "cursor is the field next of the page before, unchanged");
    }

    private static byte[] digest(String scope) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(PageRequest.utf8(scope)), SCOPE_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
