package dev.vibrissa.api.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code api_key}. A key is {@code vib_ID_SECRET}: its id is no secret. The secret has 256 random bits, so that
 * a plain hash of it is as good as a slow one.
 */
public final class ApiKeys {
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ApiKeys() {}

    /** @param text all of it, which nobody can tell again */
    public record NewKey(String id, String text) {}

    public record Key(String id, String name, Instant createdAt, Optional<Instant> revokedAt) {}

    public static NewKey create(Connection db, String name) throws SQLException {
        byte[] idBytes = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(idBytes);
        RANDOM.nextBytes(secret);
        String id = HexFormat.of().formatHex(idBytes);
        String text = "vib_%s_%s"
                .formatted(id, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        try (PreparedStatement insert =
                db.prepareStatement("insert into api_key (key_id, key_hash, name) values (?, ?, ?)")) {
            insert.setString(1, id);
            insert.setBytes(2, hash(text));
            insert.setString(3, name);
            insert.executeUpdate();
        }
        return new NewKey(id, text);
    }

    public static List<Key> list(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select * from api_key order by created_at, key_id");
                ResultSet row = select.executeQuery()) {
            var keys = new ArrayList<Key>();
            while (row.next()) {
                keys.add(new Key(
                        row.getString("key_id"),
                        row.getString("name"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("revoked_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
            }
            return keys;
        }
    }

    /** Whether there was one that was not revoked. Its webhooks are told nothing from then on. */
    public static boolean revoke(Connection db, String id) throws SQLException {
        try (PreparedStatement update =
                db.prepareStatement("update api_key set revoked_at = now() where key_id = ? and revoked_at is null")) {
            update.setString(1, id);
            return update.executeUpdate() == 1;
        }
    }

    /** The id of the key that a header {@code Authorization: Bearer …} carries; empty if it is none, or revoked. */
    public static Optional<String> idOf(Connection db, String authorization) throws SQLException {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        try (PreparedStatement select =
                db.prepareStatement("select key_id from api_key where key_hash = ? and revoked_at is null")) {
            select.setBytes(1, hash(authorization.substring(7).strip()));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) { // every JVM has it
            throw new IllegalStateException(e);
        }
    }
}
