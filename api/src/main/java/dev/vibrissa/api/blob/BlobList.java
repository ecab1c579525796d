package dev.vibrissa.api.blob;

import dev.vibrissa.api.blob.BlobViews.BlobItem;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The list of blob ids at present: filters and order become conditions that stand here word for word.
 *
 * <p>A statement is put together from them, for one with every filter in it could use no index well.
 */
final class BlobList {
    /** What a blob is at epoch X, by the table of the present; the same words as the fold of its facts gives. */
    private static final String STATE = """
            case
              when b.invalid_checkpoint is not null then 'invalid'
              when b.registered_until > x.epoch and b.held_until <= x.epoch then 'burned'
              when b.certified_until > x.epoch then 'certified'
              when b.registered_until > x.epoch then 'registered'
              when b.objects = 0 then 'neverSeen'
              when coalesce(b.deleted_epoch, -1) >= b.registered_until then 'deleted'
              else 'expired'
            end""";

    private enum Order {
        FIRST_SEEN("b.first_checkpoint", "bigint"),
        // Blob ids known only as invalid or deny-listed have no size; they come first.
        SIZE("coalesce(b.size, -1)", "numeric"),
        EXPIRY("b.registered_until", "bigint");

        private final String expression;
        private final String type;

        Order(String expression, String type) {
            this.expression = expression;
            this.type = type;
        }
    }

    private static final List<String> ORDERS = List.of("firstSeen", "-firstSeen", "size", "-size", "expiry", "-expiry");
    private static final String QUILTS = "_walrusBlobType:quilt";
    private static final List<String> STATES =
            List.of("registered", "certified", "expired", "deleted", "burned", "invalid");

    private final StringJoiner conditions = new StringJoiner("\n  and ", "where ", "").setEmptyValue("");
    private final List<@Nullable Object> arguments = new ArrayList<>();
    private @Nullable Attribute wanted;
    private Order order = Order.FIRST_SEEN;
    private boolean descending;

    /** What rows of {@code attribute a} have to be: by hash, as the index has it, and in fact. Both have the same arguments. */
    private record Attribute(String byHash, String exact, List<String> arguments) {}

    private void where(String condition, Object... values) {
        conditions.add(condition);
        arguments.addAll(List.of(values));
    }

    void order(@Nullable String text) {
        if (text != null) {
            Input.oneOf("order", text, ORDERS);
            descending = text.startsWith("-");
            order = switch (descending ? text.substring(1) : text) {
                case "size" -> Order.SIZE;
                case "expiry" -> Order.EXPIRY;
                default -> Order.FIRST_SEEN;
            };
        }
    }

    void owner(@Nullable String text) {
        if (text != null) {
            where(
                    "exists (select from blob_object o where o.blob_id = b.blob_id and o.owner = ?)",
                    Input.address("owner", text));
        }
    }

    void status(@Nullable String text) {
        if (text != null) {
            // What follows from the word stands beside it so that an index on an end epoch, or one of the few blobs
            // that
            // may be in this state, can serve.
            switch (Input.oneOf("status", text, STATES)) {
                case "certified" -> where("b.certified_until > x.epoch");
                case "registered" -> where("b.registered_until > x.epoch and b.certified_until < b.registered_until");
                case "burned" -> where("b.registered_until > x.epoch and b.held_until < b.registered_until");
                case "expired" -> where("b.registered_until <= x.epoch");
                case "deleted" -> where("b.registered_until <= x.epoch and b.deleted_epoch is not null");
                default -> where("b.invalid_checkpoint is not null");
            }
            where(STATE + " = ?", text);
        }
    }

    void kind(@Nullable String text) {
        if (text != null) {
            String kind = Input.oneOf("kind", text, List.of("own", "pooled"));
            where(
                    "exists (select from blob_object o where o.blob_id = b.blob_id and o.kind = ?%s)"
                            .formatted(kind.equals("pooled") ? " and o.storage_pool_id is not null" : ""),
                    kind);
        }
    }

    void deletable(@Nullable String text) {
        if (text != null) {
            where("b.deletable = ?", Input.bool("deletable", text));
        }
    }

    void size(@Nullable String min, @Nullable String max) {
        // As the index has it, of which the planner makes use where few are of such a size.
        if (min != null || max != null) {
            where(Order.SIZE.expression + " >= ?", min == null ? BigDecimal.ZERO : Input.amount("minSize", min));
        }
        if (max != null) {
            where(Order.SIZE.expression + " <= ?", Input.amount("maxSize", max));
        }
    }

    /** {@code key}, or {@code key:value}; a key with a colon needs its value. What everybody asks for is a column. */
    void attribute(@Nullable String text) {
        if (text == null) {
            return;
        }
        if (text.equals(QUILTS)) {
            where("b.quilt");
            return;
        }
        int colon = text.indexOf(':');
        String key = colon < 0 ? text : text.substring(0, colon);
        if (key.isEmpty()) {
            throw ProblemException.badInput("attribute", "attribute is key or key:value");
        }
        wanted = colon < 0
                ? new Attribute("md5(a.key) = md5(?)", "a.key = ?", List.of(key))
                : attribute(key, text.substring(colon + 1));
    }

    private static Attribute attribute(String key, String value) {
        return new Attribute(
                "md5(a.key) = md5(?) and md5(a.value) = md5(?)", "a.key = ? and a.value = ?", List.of(key, value));
    }

    void pool(@Nullable String text) {
        if (text != null) {
            where(
                    "exists (select from blob_object o where o.blob_id = b.blob_id and o.storage_pool_id = ?)",
                    Input.address("pool", text));
        }
    }

    void expiringBefore(@Nullable String text) {
        if (text != null) {
            where("b.registered_until > x.epoch and b.registered_until < ?", Input.epoch("expiringBefore", text));
        }
    }

    List<BlobItem> read(Snapshot db, Moment moment, PageRequest page) {
        return wanted != null && order == Order.FIRST_SEEN
                ? readByAttribute(db, moment, page, wanted)
                : readInOrder(db, moment, page);
    }

    private List<BlobItem> readInOrder(Snapshot db, Moment moment, PageRequest page) {
        var bound = new ArrayList<@Nullable Object>();
        bound.add(moment.epoch());
        String direction = descending ? "desc" : "asc";
        if (wanted != null) {
            where(
                    """
                    exists (select from blob_object o join attribute a using (object_id)
                        where o.blob_id = b.blob_id and %s and %s)""".formatted(wanted.byHash(), wanted.exact()),
                    Stream.of(wanted.arguments(), wanted.arguments())
                            .flatMap(List::stream)
                            .toArray());
        }
        if (page.after().isPresent()) {
            where(
                    "(%s, b.blob_id) %s (?::%s, ?)".formatted(order.expression, descending ? "<" : ">", order.type),
                    Input.signed("cursor", page.after().get().getFirst()),
                    page.afterBytes(1));
        }
        bound.addAll(arguments);
        bound.add(page.fetch());
        return db.list(
                """
                select b.*, %s as state, c.checkpoint_at
                from blob b
                cross join (select ?::bigint as epoch) x
                cross join lateral (select checkpoint_at from checkpoint where sequence_number = b.first_checkpoint limit 1) c
                %s
                order by %s %s, b.blob_id %s
                limit ?
                """.formatted(STATE, conditions, order.expression, direction, direction),
                BlobList::item,
                bound.toArray());
    }

    /**
     * From one blob that has the attribute to the next. The planner cannot know how many there are, for hash and text seem to it
     * to make each other rarer; so it is asked for one at a time by the hash alone, for which the index in its order is always
     * best. No more are read than the page takes.
     */
    private List<BlobItem> readByAttribute(Snapshot db, Moment moment, PageRequest page, Attribute attribute) {
        where("b.blob_id = f.blob_id"); // the limits beside it keep the planner from joining in another order
        String direction = descending ? "desc" : "asc";
        String next = """
                select a.first_checkpoint, a.blob_id from attribute a
                where %s and (a.first_checkpoint, a.blob_id) %s (%%s)
                order by a.first_checkpoint %s, a.blob_id %s limit 1
                """.formatted(attribute.byHash(), descending ? "<" : ">", direction, direction);
        var bound = new ArrayList<@Nullable Object>(attribute.arguments());
        if (page.after().isPresent()) {
            bound.add(Input.signed("cursor", page.after().get().getFirst()));
            bound.add(page.afterBytes(1));
        } else {
            bound.add(descending ? Long.MAX_VALUE : -1);
            bound.add(new byte[0]);
        }
        bound.addAll(attribute.arguments());
        bound.add(moment.epoch());
        bound.addAll(attribute.arguments());
        bound.addAll(attribute.arguments());
        bound.addAll(arguments);
        bound.add(page.fetch());
        return db.list(
                """
                with recursive found as (
                  (%s)
                  union all
                  select n.* from found f cross join lateral (%s) n)
                select * from (
                  select b.*, %s as state, c.checkpoint_at
                  from found f
                  cross join (select ?::bigint as epoch) x
                  cross join lateral (
                    select from attribute a
                    where %s and a.first_checkpoint = f.first_checkpoint and a.blob_id = f.blob_id and %s limit 1) really
                  cross join lateral (
                    select b.* from blob b
                    %s
                    limit 1) b
                  cross join lateral (
                    select checkpoint_at from checkpoint where sequence_number = b.first_checkpoint limit 1) c
                  limit ?) each
                order by first_checkpoint %s, blob_id %s
                """.formatted(
                                next.formatted("?::bigint, ?"),
                                next.formatted("f.first_checkpoint, f.blob_id"),
                                STATE,
                                attribute.byHash(),
                                attribute.exact(),
                                conditions,
                                direction,
                                direction),
                BlobList::item,
                bound.toArray());
    }

    /** The key of an item in the order of the list. */
    List<String> key(BlobItem item) {
        String first = switch (order) {
            case FIRST_SEEN -> Long.toString(item.firstCheckpoint());
            case SIZE -> item.size() == null ? "-1" : item.size();
            case EXPIRY -> Long.toString(item.registeredUntilEpochExclusive());
        };
        return List.of(first, PageRequest.hex(item.blobId()));
    }

    private static BlobItem item(Row row) throws SQLException {
        return new BlobItem(
                row.blobId("blob_id"),
                row.text("state"),
                row.bool("deny_listed"),
                row.amountOrNull("size"),
                row.integerOrNull("encoding_type"),
                row.integer("objects"),
                row.bool("deletable"),
                row.bool("permanent"),
                row.bool("quilt"),
                row.number("registered_until"),
                row.number("certified_until"),
                row.number("first_checkpoint"),
                row.instant("checkpoint_at"),
                row.number("last_checkpoint"));
    }
}
