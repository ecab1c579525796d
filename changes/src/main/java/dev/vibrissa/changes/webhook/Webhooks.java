package dev.vibrissa.changes.webhook;

import dev.vibrissa.changes.Outbox;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code webhook} and {@code webhook_delivery}, for whoever owns a webhook. */
public final class Webhooks {
    /** Of one key. */
    public static final int MOST = 20;

    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Webhooks() {}

    /** What is asked for; see {@link Webhook}. */
    public record Wanted(
            String url,
            List<Event> events,
            Optional<String> blobId,
            Optional<String> nodeId,
            Optional<String> account,
            Optional<Integer> epochs,
            double leastDrop) {}

    /** @param secret shown this once */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Created(Webhook webhook, byte[] secret) {}

    /** @param dueAt the next attempt, while it waits */
    public record Delivery(
            String id,
            long changeId,
            String event,
            String state,
            int attempts,
            Optional<Instant> dueAt,
            Optional<String> said,
            Instant updatedAt) {}

    /** What became of a wish to be told again. */
    public sealed interface Replay {
        record From(long after) implements Replay {}

        /** @param droppedTo changes up to here are no longer kept */
        record NoLongerKept(long droppedTo) implements Replay {}

        record NoSuchWebhook() implements Replay {}
    }

    /** Empty if the key has as many as it may have. */
    public static Optional<Created> create(Connection db, String keyId, Wanted wanted) throws SQLException {
        try (PreparedStatement hold = db.prepareStatement("select from api_key where key_id = ? for update")) {
            hold.setString(1, keyId);
            hold.execute();
        }
        if (of(db, keyId).size() >= MOST) {
            return Optional.empty();
        }
        byte[] secret = secret();
        byte[] random = new byte[12];
        RANDOM.nextBytes(random);
        String id = "wh_" + HexFormat.of().formatHex(random);
        try (PreparedStatement insert = db.prepareStatement("""
                insert into webhook (webhook_id, key_id, url, events, blob_id, node_id, account, epochs, least_drop, secret, change_id)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            insert.setString(1, id);
            insert.setString(2, keyId);
            insert.setString(3, wanted.url());
            insert.setArray(
                    4,
                    db.createArrayOf(
                            "text", wanted.events().stream().map(Event::word).toArray()));
            insert.setString(5, wanted.blobId().orElse(null));
            insert.setString(6, wanted.nodeId().orElse(null));
            insert.setString(7, wanted.account().orElse(null));
            insert.setObject(8, wanted.epochs().orElse(null));
            insert.setDouble(9, wanted.leastDrop());
            insert.setBytes(10, secret);
            insert.setLong(11, Outbox.range(db).last());
            insert.executeUpdate();
        }
        return of(db, keyId).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .map(webhook -> new Created(webhook, secret));
    }

    /** Those of a key, the oldest first. */
    public static List<Webhook> of(Connection db, String keyId) throws SQLException {
        try (PreparedStatement select =
                db.prepareStatement("select * from webhook where key_id = ? order by created_at, webhook_id")) {
            select.setString(1, keyId);
            return read(select);
        }
    }

    static List<Webhook> read(PreparedStatement select) throws SQLException {
        var webhooks = new ArrayList<Webhook>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                int epochs = row.getInt("epochs");
                boolean hasEpochs = !row.wasNull();
                webhooks.add(new Webhook(
                        row.getString("webhook_id"),
                        row.getString("key_id"),
                        row.getString("url"),
                        Arrays.stream((String[]) row.getArray("events").getArray())
                                .flatMap(word -> Event.ofWord(word).stream())
                                .toList(),
                        Optional.ofNullable(row.getString("blob_id")),
                        Optional.ofNullable(row.getString("node_id")),
                        Optional.ofNullable(row.getString("account")),
                        hasEpochs ? Optional.of(epochs) : Optional.empty(),
                        row.getDouble("least_drop"),
                        row.getLong("change_id"),
                        pause(row),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()));
            }
        }
        return webhooks;
    }

    private static Optional<Webhook.Pause> pause(ResultSet row) throws SQLException {
        OffsetDateTime until = row.getObject("paused_until", OffsetDateTime.class);
        return until == null
                ? Optional.empty()
                : Optional.of(
                        new Webhook.Pause(until.toInstant(), row.getInt("failures"), row.getString("pause_reason")));
    }

    /** Whether there was one. What waits to be delivered goes with it. */
    public static boolean delete(Connection db, String keyId, String id) throws SQLException {
        try (PreparedStatement delete =
                db.prepareStatement("delete from webhook where key_id = ? and webhook_id = ?")) {
            delete.setString(1, keyId);
            delete.setString(2, id);
            return delete.executeUpdate() == 1;
        }
    }

    /** A new secret; the old one signs beside it for a day. Empty if there is no such webhook. */
    public static Optional<byte[]> rotate(Connection db, String keyId, String id) throws SQLException {
        byte[] secret = secret();
        try (PreparedStatement update = db.prepareStatement("""
                update webhook set secret = ?, secret_before = secret, secret_before_until = now() + interval '1 day'
                where key_id = ? and webhook_id = ?
                """)) {
            update.setBytes(1, secret);
            update.setString(2, keyId);
            update.setString(3, id);
            return update.executeUpdate() == 1 ? Optional.of(secret) : Optional.empty();
        }
    }

    /** Has everything after a change be looked at, and delivered, again. */
    public static Replay replay(Connection db, String keyId, String id, long after) throws SQLException {
        Outbox.Range range = Outbox.range(db);
        if (after < range.droppedTo()) {
            return new Replay.NoLongerKept(range.droppedTo());
        }
        long from = Math.min(after, range.last());
        try (PreparedStatement update =
                db.prepareStatement("update webhook set change_id = ? where key_id = ? and webhook_id = ?")) {
            update.setLong(1, from);
            update.setString(2, keyId);
            update.setString(3, id);
            if (update.executeUpdate() == 0) {
                return new Replay.NoSuchWebhook();
            }
        }
        // Found again, they are made again, under the ids that they had.
        try (PreparedStatement delete =
                db.prepareStatement("delete from webhook_delivery where webhook_id = ? and change_id > ?")) {
            delete.setString(1, id);
            delete.setLong(2, from);
            delete.executeUpdate();
        }
        return new Replay.From(from);
    }

    /**
     * Has deliveries that were given up be tried again.
     *
     * @param delivery the only one; null for all of them
     * @return how many; empty if there is no such webhook
     */
    public static Optional<Integer> redeliver(Connection db, String keyId, String id, @Nullable String delivery)
            throws SQLException {
        if (of(db, keyId).stream().noneMatch(each -> each.id().equals(id))) {
            return Optional.empty();
        }
        try (PreparedStatement update = db.prepareStatement("""
                update webhook_delivery set state = 'waiting', attempts = 0, due_at = now(), updated_at = now()
                where webhook_id = ? and (state = 'dead' and ?::text is null or delivery_id = ?)
                """)) {
            update.setString(1, id);
            update.setString(2, delivery);
            update.setString(3, delivery);
            int again = update.executeUpdate();
            Deliveries.resume(db, id);
            return Optional.of(again);
        }
    }

    /** The last deliveries, the newest first. */
    public static List<Delivery> deliveries(Connection db, String id, @Nullable String state, int most)
            throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select * from webhook_delivery where webhook_id = ? and (?::text is null or state = ?)
                order by change_id desc, delivery_id limit ?
                """)) {
            select.setString(1, id);
            select.setString(2, state);
            select.setString(3, state);
            select.setInt(4, most);
            var found = new ArrayList<Delivery>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Delivery(
                            row.getString("delivery_id"),
                            row.getLong("change_id"),
                            row.getString("event"),
                            row.getString("state"),
                            row.getInt("attempts"),
                            row.getString("state").equals("waiting")
                                    ? Optional.of(row.getObject("due_at", OffsetDateTime.class)
                                            .toInstant())
                                    : Optional.empty(),
                            Optional.ofNullable(row.getString("said")),
                            row.getObject("updated_at", OffsetDateTime.class).toInstant()));
                }
            }
            return found;
        }
    }

    private static byte[] secret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return secret;
    }
}
