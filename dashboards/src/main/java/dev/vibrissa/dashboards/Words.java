package dev.vibrissa.dashboards;

import io.quarkus.qute.TemplateExtension;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** How pages put things into words. */
@TemplateExtension
final class Words {
    private static final List<String> IEC = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Words() {}

    /** Bytes in IEC units, three significant figures: {@code 18.4 MiB}. */
    static String bytes(String decimal) {
        if (decimal.isEmpty()) {
            return "unknown";
        }
        var value = new BigDecimal(decimal);
        int unit = 0;
        while (value.compareTo(BigDecimal.valueOf(1024)) >= 0 && unit < IEC.size() - 1) {
            value = value.divide(BigDecimal.valueOf(1024), MathContext.DECIMAL64);
            unit++;
        }
        var rounded = unit == 0 ? value : value.round(new MathContext(3));
        return rounded.stripTrailingZeros().toPlainString() + " " + IEC.get(unit);
    }

    /** An instant as {@code 16 Oct 2026 14:02}, UTC. */
    static String utc(String instant) {
        return instant.isEmpty() ? "" : TIME.format(Instant.parse(instant));
    }

    /** An id cut in the middle, for a column; the whole stands in its title. */
    static String cut(String id) {
        return id.length() <= 16 ? id : id.substring(0, 6) + "…" + id.substring(id.length() - 4);
    }

    /** The answer to the question a blob page is opened with. */
    static String sentence(Answer blob) {
        return switch (blob.text("state")) {
            case "certified" -> "Stored until epoch %s begins".formatted(blob.text("certifiedUntilEpochExclusive"));
            case "burned" ->
                "Stored until epoch %s begins, and nobody can extend it: its objects were burned"
                        .formatted(blob.text("registeredUntilEpochExclusive"));
            case "registered" ->
                "Registered until epoch %s begins, but not certified"
                        .formatted(blob.text("registeredUntilEpochExclusive"));
            case "expired" -> "No longer stored: it expired";
            case "deleted" -> "No longer stored: it was deleted";
            case "invalid" -> "Invalid: storage nodes found its encoding inconsistent";
            case "neverSeen" -> "No blob with this id as of checkpoint " + blob.text("asOf.checkpoint");
            default -> blob.text("state");
        };
    }

    /** What an answer rests on. */
    static String restsOn(Answer answer) {
        String how = switch (answer.text("asOf.verified")) {
            case "certificate" -> "verified by committee";
            case "hash-chain" -> "hash chain only";
            default -> "not verified";
        };
        String history = answer.text("asOf.history").equals("partial")
                ? " · history begins at " + answer.text("asOf.firstCheckpoint")
                : "";
        return "as of checkpoint %s · %s UTC · %s%s"
                .formatted(answer.text("asOf.checkpoint"), utc(answer.text("asOf.timestamp")), how, history);
    }

    /** One entry of a blob's history. */
    static String happened(Answer entry) {
        return switch (entry.text("kind")) {
            case "event" -> event(entry);
            case "owner" ->
                switch (entry.text("owner.kind")) {
                    case "address" -> "Held by " + cut(entry.text("owner.address"));
                    case "shared" -> "Shared, anyone may extend it";
                    case "pool" -> "In a storage pool";
                    case "wrapped" -> "Wrapped in another object";
                    case "gone" -> "Object gone: " + entry.text("owner.how");
                    default -> "Held by an object";
                };
            case "attributes" -> "Attributes changed";
            case "expired" -> "Expired";
            default -> entry.text("kind");
        };
    }

    private static String event(Answer entry) {
        return switch (entry.text("event.name")) {
            case "BlobRegistered" -> "Registered until epoch " + entry.text("event.fields.end_epoch");
            case "BlobCertified" ->
                entry.has("event.fields.is_extension")
                        ? "Extended until epoch " + entry.text("event.fields.end_epoch")
                        : "Certified";
            case "BlobDeleted", "PooledBlobDeleted" -> "Deleted";
            case "PooledBlobRegistered" -> "Registered in a pool";
            case "PooledBlobCertified" -> "Certified in a pool";
            case "StoragePoolCreated" -> "Pool created until epoch " + entry.text("event.fields.end_epoch");
            case "StoragePoolExtended" -> "Pool extended until epoch " + entry.text("event.fields.new_end_epoch");
            case "InvalidBlobID" -> "Found invalid";
            default -> entry.text("event.name");
        };
    }
}
