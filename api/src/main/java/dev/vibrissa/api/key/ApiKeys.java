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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code api_key}. A key is {@code vib_ID_SECRET}: its id is no secret. The secret has 256 random bits, so that
 * a plain hash of it is as good as a slow one.
 */
public final class ApiKeys {
    private static final String BEARER = "Bearer ";
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ApiKeys() {}

    /** @param text all of it, which nobody can tell again */
    public record NewKey(String id, String text) {}

    /** @param isAdmin whether it opens what is about others, too */
    public record Key(String id, String name, boolean isAdmin, Instant createdAt, Optional<Instant> revokedAt) {}

    /** Whose a key is, without what it is. */
    public record Holder(String id, boolean isAdmin) {}

    /** SHA-256 of a key, in hex. */
    public record Hash(String hex) {}

    public static NewKey create(Connection db, String name) throws SQLException {
        return create(db, name, false);
    }

    public static NewKey create(Connection db, String name, boolean isAdmin) throws SQLException {
        byte[] idBytes = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(idBytes);
        RANDOM.nextBytes(secret);
        String id = HexFormat.of().formatHex(idBytes);
        String text = "vib_%s_%s"
                .formatted(id, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
        try (PreparedStatement insert =
                db.prepareStatement("insert into api_key (key_id, key_hash, name, is_admin) values (?, ?, ?, ?)")) {
            insert.setString(1, id);
            insert.setBytes(2, hash(text));
            insert.setString(3, name);
            insert.setBoolean(4, isAdmin);
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
                        row.getBoolean("is_admin"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("revoked_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
            }
            return keys;
        }
    }

    /** How many webhooks each key has made; keys without any are left out. */
    public static Map<String, Integer> webhooks(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("select key_id, count(*) from webhook group by key_id");
                ResultSet row = select.executeQuery()) {
            var counts = new HashMap<String, Integer>();
            while (row.next()) {
                counts.put(row.getString(1), row.getInt(2));
            }
            return counts;
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

    /** The key that a header {@code Authorization: Bearer vib_…} carries, if it looks like one. */
    public static Optional<Hash> sent(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        String text = authorization.substring(BEARER.length()).strip();
        return text.startsWith("vib_") ? Optional.of(new Hash(HexFormat.of().formatHex(hash(text)))) : Optional.empty();
    }

    /** Who holds the key that a header {@code Authorization: Bearer …} carries; empty if it is none, or revoked. */
    public static Optional<Holder> holder(Connection db, @Nullable String authorization) throws SQLException {
        var sent = sent(authorization);
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement select =
                db.prepareStatement("select key_id, is_admin from api_key where key_hash = ? and revoked_at is null")) {
            select.setBytes(1, HexFormat.of().parseHex(sent.get().hex()));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Holder(row.getString(1), row.getBoolean(2))) : Optional.empty();
            }
        }
    }

    /** All keys that were not revoked. */
    public static Map<Hash, Holder> holders(Connection db) throws SQLException {
        try (PreparedStatement select =
                        db.prepareStatement("select key_hash, key_id, is_admin from api_key where revoked_at is null");
                ResultSet row = select.executeQuery()) {
            var holders = new HashMap<Hash, Holder>();
            while (row.next()) {
                holders.put(
                        new Hash(HexFormat.of().formatHex(row.getBytes(1))),
                        new Holder(row.getString(2), row.getBoolean(3)));
            }
            return Map.copyOf(holders);
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
