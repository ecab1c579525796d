package dev.vibrissa.changes.webhook;

import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.Told;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes deliveries from changes, and says which are due: for the one who sends them. */
public final class Deliveries {
    private static final int CHANGES_AT_ONCE = 500;

    /**
     * Of one webhook, beside what one look adds: more are made as these are sent. Where nobody takes them, changes wait in the
     * outbox, which is there for all, and come to be a gap.
     */
    private static final int MOST_WAITING = 1_000;

    /** Of one webhook; older ones are forgotten early. */
    private static final int MOST_ENDED = 10_000;

    /** Of one webhook at a time; more are taken the next time. */
    private static final int DUE_AT_ONCE = 16;

    /** Objects of one owner that end together, and are told one by one; that there are more is told by a gap. */
    private static final int MOST_ENDING = 10_000;

    /** The type of a delivery that says what is missing; nobody has to ask for it. */
    private static final String GAP = "gap";

    private static final Logger LOG = Logger.getLogger(Deliveries.class);

    private Deliveries() {}

    /**
     * What is to be sent.
     *
     * @param secrets the one in force first, then the one before, while it counts
     * @param failures of the webhook, in a row, whatever was to be delivered
     */
    public record Due(
            String id, String webhookId, String url, String body, int attempts, List<byte[]> secrets, int failures) {}

    /** A webhook for which something is due. */
    public record Waiting(String webhookId, String keyId) {}

    /**
     * Looks at what was told since, for every webhook: each in a transaction of its own.
     *
     * @return whether there is more to look at
     */
    public static boolean make(Connection db) throws SQLException {
        boolean more = false;
        List<Webhook> behind;
        try (PreparedStatement select = db.prepareStatement("""
                select w.* from webhook w join api_key k using (key_id)
                where k.revoked_at is null and w.change_id < (select last_id from change_keeping)
                  and (select count(*) from (select from webhook_delivery d
                    where d.webhook_id = w.webhook_id and d.state = 'waiting' limit ?) waiting) < ?
                """)) {
            select.setInt(1, MOST_WAITING);
            select.setInt(2, MOST_WAITING);
            behind = Webhooks.read(select);
        }
        for (Webhook webhook : behind) {
            db.setAutoCommit(false);
            try {
                more |= make(db, webhook);
                db.commit();
            } finally {
                db.rollback();
                db.setAutoCommit(true);
            }
        }
        return more;
    }

    private static boolean make(Connection db, Webhook webhook) throws SQLException {
        List<Told> told = Outbox.after(db, webhook.after(), CHANGES_AT_ONCE);
        // Asked afterwards: what is dropped between the two is in what was read.
        long droppedTo = Outbox.range(db).droppedTo();
        long goneTo =
                told.isEmpty() ? droppedTo : Math.min(droppedTo, told.getFirst().id() - 1);
        long gone = Math.max(0, goneTo - webhook.after());
        if (told.isEmpty() && gone == 0) { // told in a transaction that is seen the next time
            return false;
        }
        long unknown = told.stream().filter(each -> !each.isKnown()).count();
        try (PreparedStatement move = db.prepareStatement(
                "update webhook set change_id = ?, lost = lost + ? where webhook_id = ? and change_id = ?")) {
            move.setLong(1, told.isEmpty() ? goneTo : told.getLast().id());
            move.setLong(2, gone + unknown);
            move.setString(3, webhook.id());
            move.setLong(4, webhook.after());
            if (move.executeUpdate() == 0) {
                return true; // its owner has asked for a replay meanwhile, or deleted it
            }
        }
        if (unknown > 0) {
            LOG.warnf(
                    "changes of unknown kinds, or that cannot be read webhook=%s count=%d last=%s",
                    webhook.id(), unknown, told.getLast().kind());
        }
        if (gone > 0) {
            LOG.warnf(
                    "changes gone before they were told webhook=%s after=%d to=%d",
                    webhook.id(), webhook.after(), goneTo);
            String data = "{\"after\":\"%d\",\"to\":\"%d\"}".formatted(webhook.after(), goneTo);
            insert(db, webhook, goneTo, Instant.now(), GAP, "", data);
        }
        for (Told each : told) {
            if (!each.isKnown()) {
                continue;
            }
            for (Event event : webhook.of(each)) {
                insert(db, webhook, each.id(), each.toldAt(), event.word(), "", each.json());
            }
            if (webhook.events().contains(Event.EXPIRY) && webhook.epochs().isPresent()) {
                ending(db, webhook, each, webhook.epochs().get());
            }
        }
        return told.size() == CHANGES_AT_ONCE;
    }

    /** When an epoch begins, what ends so many epochs later; and what is registered for no longer than that. */
    private static void ending(Connection db, Webhook webhook, Told told, int epochs) throws SQLException {
        if (told.change().hasEpochBegan()) {
            int epoch = told.change().getEpochBegan().getEpoch();
            List<Ending> ending = ending(db, webhook, (long) epoch + epochs);
            for (Ending each : ending) {
                expiry(db, webhook, told, each, epoch);
            }
            if (ending.size() >= MOST_ENDING) {
                String data =
                        "{\"epoch\":%d,\"endEpoch\":%d,\"told\":%d}".formatted(epoch, epoch + epochs, ending.size());
                insert(db, webhook, told.id(), told.toldAt(), GAP, Event.EXPIRY.word(), data);
            }
            return;
        }
        var registered = told.change().getBlobRegistered();
        if (told.change().hasBlobRegistered()
                && registered.hasEndEpoch()
                && registered.getEndEpoch() - registered.getEpoch() < epochs
                && webhook.blobId().map(registered.getBlobId()::equals).orElse(true)
                && webhook.account().map(told.subject().accounts()::contains).orElse(true)) {
            var ending = new Ending(registered.getBlobId(), registered.getObjectId(), registered.getEndEpoch());
            expiry(db, webhook, told, ending, registered.getEpoch());
        }
    }

    private static void expiry(Connection db, Webhook webhook, Told told, Ending ending, long epoch)
            throws SQLException {
        String type = Event.EXPIRY.word();
        insert(db, webhook, told.id(), told.toldAt(), type, ending.objectId(), ending.json(epoch));
    }

    private record Ending(String blobId, String objectId, long endEpoch) {
        String json(long epoch) {
            return "{\"blobId\":\"%s\",\"objectId\":\"%s\",\"epoch\":%d,\"endEpoch\":%d}"
                    .formatted(blobId, objectId, epoch, endEpoch);
        }
    }

    private static List<Ending> ending(Connection db, Webhook webhook, long endEpoch) throws SQLException {
        String mine = webhook.account().isPresent() ? "o.owner = ?" : "o.blob_id = ?";
        String pooled = webhook.account().isPresent() ? "p.owner = ?" : "o.blob_id = ?";
        byte[] id = webhook.account()
                .map(each -> HexFormat.of().parseHex(each.substring(2)))
                .orElseGet(() -> Base64.getUrlDecoder().decode(webhook.blobId().orElseThrow()));
        try (PreparedStatement select = db.prepareStatement("""
                select o.blob_id, o.object_id from blob_object o
                where o.kind = 'own' and o.end_epoch = ? and o.deleted_checkpoint is null and o.owner_kind <> 'gone' and %s
                union all
                select o.blob_id, o.object_id from storage_pool p join blob_object o using (storage_pool_id)
                where p.end_epoch = ? and p.destroyed_checkpoint is null and o.deleted_checkpoint is null and %s
                order by object_id limit ?
                """.formatted(mine, pooled))) {
            select.setLong(1, endEpoch);
            select.setBytes(2, id);
            select.setLong(3, endEpoch);
            select.setBytes(4, id);
            select.setInt(5, MOST_ENDING);
            var ending = new ArrayList<Ending>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String blobId = Base64.getUrlEncoder().withoutPadding().encodeToString(row.getBytes(1));
                    if (webhook.blobId().map(blobId::equals).orElse(true)) {
                        ending.add(new Ending(blobId, "0x" + HexFormat.of().formatHex(row.getBytes(2)), endEpoch));
                    }
                }
            }
            return ending;
        }
    }

    /**
     * @param part tells deliveries of one change and type apart
     * @param data a JSON object
     */
    private static void insert(
            Connection db, Webhook webhook, long changeId, Instant at, String type, String part, String data)
            throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("""
                insert into webhook_delivery (delivery_id, webhook_id, change_id, event, body, state, due_at)
                values (?, ?, ?, ?, ?, 'waiting', now())
                on conflict (delivery_id) do nothing
                """)) {
            insert.setString(1, id(webhook.id(), Long.toString(changeId), type, part));
            insert.setString(2, webhook.id());
            insert.setLong(3, changeId);
            insert.setString(4, type);
            insert.setString(5, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}".formatted(type, at, data));
            insert.executeUpdate();
        }
    }

    /** The same of the same, so that who gets it twice can tell. */
    private static String id(String... parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join(" ", parts).getBytes(StandardCharsets.UTF_8));
            return "msg_" + HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) { // every JVM has it
            throw new IllegalStateException(e);
        }
    }

    /** Webhooks for which something is due and that are not paused: whoever was tried longest ago is first. */
    public static List<Waiting> due(Connection db) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                        select w.webhook_id, w.key_id from webhook w join api_key k using (key_id)
                        where k.revoked_at is null and (w.paused_until is null or w.paused_until <= now())
                          and exists (select from webhook_delivery d
                            where d.webhook_id = w.webhook_id and d.state = 'waiting' and d.due_at <= now())
                        order by w.tried_at nulls first, w.webhook_id
                        """);
                ResultSet row = select.executeQuery()) {
            var due = new ArrayList<Waiting>();
            while (row.next()) {
                due.add(new Waiting(row.getString(1), row.getString(2)));
            }
            return due;
        }
    }

    /** Notes that a webhook has its turn now. */
    public static void tried(Connection db, String webhookId) throws SQLException {
        try (PreparedStatement update =
                db.prepareStatement("update webhook set tried_at = clock_timestamp() where webhook_id = ?")) {
            update.setString(1, webhookId);
            update.executeUpdate();
        }
    }

    /** Nothing is tried before its end. */
    public static void pause(Connection db, String webhookId, Webhook.Pause pause) throws SQLException {
        try (PreparedStatement update = db.prepareStatement(
                "update webhook set failures = ?, paused_until = ?, pause_reason = ? where webhook_id = ?")) {
            update.setInt(1, pause.failures());
            update.setObject(2, pause.until().atOffset(ZoneOffset.UTC));
            update.setString(3, pause.reason());
            update.setString(4, webhookId);
            update.executeUpdate();
        }
    }

    /** Somebody answers there again. */
    public static void resume(Connection db, String webhookId) throws SQLException {
        try (PreparedStatement update = db.prepareStatement("""
                        update webhook set failures = 0, paused_until = null, pause_reason = '' where webhook_id = ?
                        """)) {
            update.setString(1, webhookId);
            update.executeUpdate();
        }
    }

    /**
     * Some of what is due for a webhook, in the order of changes; but what failed goes behind what came meanwhile, so that
     * one delivery that nobody takes does not keep back the others.
     */
    public static List<Due> due(Connection db, String webhookId) throws SQLException {
        try (PreparedStatement select = db.prepareStatement("""
                select d.delivery_id, d.webhook_id, w.url, d.body, d.attempts, w.secret,
                  case when w.secret_before_until > now() then w.secret_before end as secret_before, w.failures
                from webhook_delivery d join webhook w using (webhook_id)
                where d.webhook_id = ? and d.state = 'waiting' and d.due_at <= now()
                order by d.due_at, d.change_id, d.delivery_id limit ?
                """)) {
            select.setString(1, webhookId);
            select.setInt(2, DUE_AT_ONCE);
            var due = new ArrayList<Due>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    byte @Nullable [] before = row.getBytes("secret_before");
                    byte[] secret = row.getBytes("secret");
                    due.add(new Due(
                            row.getString("delivery_id"),
                            row.getString("webhook_id"),
                            row.getString("url"),
                            row.getString("body"),
                            row.getInt("attempts"),
                            before == null ? List.of(secret) : List.of(secret, before),
                            row.getInt("failures")));
                }
            }
            return due;
        }
    }

    /** @param said such as the status */
    public static void delivered(Connection db, Due due, String said) throws SQLException {
        ended(db, due, "delivered", said, Optional.empty());
    }

    /** @param again when it is tried again; empty: it is given up */
    public static void failed(Connection db, Due due, String said, Optional<Instant> again) throws SQLException {
        ended(db, due, again.isPresent() ? "waiting" : "dead", said, again);
    }

    private static void ended(Connection db, Due due, String state, String said, Optional<Instant> again)
            throws SQLException {
        // Attempts as they were read: a redelivery that was asked for meanwhile counts anew.
        try (PreparedStatement update = db.prepareStatement("""
                update webhook_delivery set state = ?, said = ?, attempts = attempts + 1, due_at = coalesce(?, due_at),
                  updated_at = now()
                where delivery_id = ? and attempts = ?
                """)) {
            update.setString(1, state);
            update.setString(2, said);
            update.setObject(3, again.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null));
            update.setString(4, due.id());
            update.setInt(5, due.attempts());
            update.executeUpdate();
        }
    }

    /** Forgets what was delivered, or given up, so long ago; and of a webhook that has many of those, the oldest. */
    public static void forget(Connection db, Duration age) throws SQLException {
        try (PreparedStatement delete =
                db.prepareStatement("delete from webhook_delivery where state <> 'waiting' and updated_at < ?")) {
            delete.setObject(1, OffsetDateTime.now(ZoneOffset.UTC).minus(age));
            delete.executeUpdate();
        }
        try (PreparedStatement delete = db.prepareStatement("""
                delete from webhook_delivery d using (
                  select w.webhook_id, (select e.change_id from webhook_delivery e
                    where e.webhook_id = w.webhook_id and e.state <> 'waiting'
                    order by e.change_id desc offset ? limit 1) as change_id
                  from webhook w) enough
                where d.webhook_id = enough.webhook_id and d.change_id <= enough.change_id and d.state <> 'waiting'
                """)) {
            delete.setInt(1, MOST_ENDED);
            delete.executeUpdate();
        }
    }
}
