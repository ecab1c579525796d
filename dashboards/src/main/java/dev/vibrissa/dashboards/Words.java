package dev.vibrissa.dashboards;

import io.quarkus.qute.TemplateExtension;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** How pages put things into words. */
@TemplateExtension
final class Words {
    private static final int FROST_DIGITS = 9;
    private static final int LINE = 200;
    private static final int PARAGRAPH = 2_000;
    private static final BigDecimal WORTH_WAL = BigDecimal.valueOf(100_000);
    private static final List<String> IEC = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH).withZone(ZoneOffset.UTC);

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

    static String bytes(double value) {
        return bytes(new BigDecimal(value).toBigInteger().toString());
    }

    /** A unit of bytes that fits an axis. */
    record Unit(String name, double size) {}

    static Unit unit(double most) {
        int power = most < 1 ? 0 : Math.min(IEC.size() - 1, (int) (Math.log(most) / Math.log(1024)));
        return new Unit(IEC.get(power), Math.pow(1024, power));
    }

    /** {@code 1 hour}, {@code 2 hours}. */
    static String count(long number, String noun) {
        return grouped(Long.toString(number)) + " " + noun + (number == 1 ? "" : "s");
    }

    /** A number as short as an axis wants it: {@code 1.2k}. */
    static String compact(double value) {
        double size = Math.abs(value);
        return size >= 1e9
                ? short3(value / 1e9) + "G"
                : size >= 1e6 ? short3(value / 1e6) + "M" : size >= 1e4 ? short3(value / 1e3) + "k" : plain(value);
    }

    private static String short3(double value) {
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A number to three figures, however small it is. */
    static String figures(double value) {
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A number without an exponent, and without a point where it is whole. */
    static String plain(double value) {
        return new BigDecimal(value)
                .setScale(6, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A measured number to three figures. */
    static String rounded(String decimal) {
        return decimal.isEmpty() ? "" : short3(Double.parseDouble(decimal));
    }

    /** A share of 1 as per cent, two digits; rounded down, for a rate that was not seen is never promised. */
    static String ratio(double share) {
        return BigDecimal.valueOf(share)
                        .movePointRight(2)
                        .setScale(2, RoundingMode.FLOOR)
                        .toPlainString() + " %";
    }

    static String ratio(String share) {
        return share.isEmpty() ? "–" : ratio(Double.parseDouble(share));
    }

    /** FROST as WAL for an axis. */
    static String walAxis(double frost) {
        return compact(frost / 1e9);
    }

    /** An hour as {@code 16 Oct 14:00}. */
    static String hour(String instant) {
        return HOUR.format(Instant.parse(instant));
    }

    static String day(String instant) {
        return DAY.format(Instant.parse(instant));
    }

    /** What something is called, and else its id. */
    static String named(Answer answer, String name, String id) {
        return answer.has(name) && !answer.text(name).isBlank() ? shown(answer.text(name)) : cut(answer.text(id));
    }

    /** Text that anybody may have written: no longer than a line, and without signs that turn or hide what follows. */
    static String shown(String text) {
        return safe(text, LINE);
    }

    /** The same for what fills a paragraph. */
    static String told(String text) {
        return safe(text, PARAGRAPH);
    }

    private static String safe(String text, int most) {
        var safe = new StringBuilder();
        text.codePoints().limit(most).forEach(each -> {
            int type = Character.getType(each);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
                safe.append("⟨U+%04X⟩".formatted(each));
            } else {
                safe.appendCodePoint(each);
            }
        });
        return text.codePointCount(0, text.length()) > most ? safe + "…" : safe.toString();
    }

    /** A whole number with its thousands apart: {@code 1 474 000}. */
    static String grouped(String decimal) {
        return decimal.replaceAll("(?<=\\d)(?=(\\d{3})+$)", "\u202f");
    }

    /** FROST as WAL, to the hundredth: {@code 4.61 WAL}. The exact amount stands in the data. */
    static String wal(String frost) {
        if (frost.isEmpty()) {
            return "";
        }
        var wal = new BigDecimal(frost).movePointLeft(FROST_DIGITS).setScale(2, RoundingMode.DOWN);
        String text = wal.toPlainString();
        int point = text.length() - 3;
        return grouped(text.substring(0, point)) + text.substring(point) + " WAL";
    }

    /** Two counts together, grouped. */
    static String sum(String one, String other) {
        return grouped(Long.toString(
                Long.parseLong(one.isEmpty() ? "0" : one) + Long.parseLong(other.isEmpty() ? "0" : other)));
    }

    /** FROST as WAL with four digits: {@code 25.0187 WAL}; what would be nothing then, as FROST. */
    static String wal4(String frost) {
        if (frost.isEmpty()) {
            return "–";
        }
        if (new BigDecimal(frost).abs().compareTo(WORTH_WAL) < 0) {
            return grouped(frost) + " FROST";
        }
        String text = new BigDecimal(frost)
                .movePointLeft(FROST_DIGITS)
                .setScale(4, RoundingMode.DOWN)
                .toPlainString();
        int point = text.length() - 5;
        return grouped(text.substring(0, point)) + text.substring(point) + " WAL";
    }

    /** A share that may be tiny, as per cent with three figures. */
    static String ratioOfMany(String share) {
        return share.isEmpty()
                ? "–"
                : new BigDecimal(share)
                                .movePointRight(2)
                                .round(new MathContext(3))
                                .stripTrailingZeros()
                                .toPlainString() + " %";
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Whose fault, in words. */
    static String blame(String name) {
        return name.isEmpty() ? "–" : lower(name).replace('_', ' ');
    }

    /** What the last attempt of a failure brought. */
    static String lastSaid(Answer failure) {
        var attempts = failure.list("attempts");
        return attempts.isEmpty()
                ? lower(failure.text("probe.said"))
                : shown(attempts.getLast().text("detail"));
    }

    /** The page about what a field of an answer names; empty where there is none. */
    static String link(String field, String value) {
        String page = switch (field) {
            case "blobId" -> "/blobs/";
            case "objectId", "storagePoolId" -> "/objects/";
            case "nodeId", "movedFrom" -> "/operators/";
            case "address", "sender", "gasOwner", "owner", "payer" -> "/addresses/";
            case "tx", "txDigest" -> "/transactions/";
            case "checkpoint", "lastCheckpoint", "firstCheckpoint", "seedHeight" -> "/checkpoints/";
            case "probeId" -> "/probes/";
            case "round" -> value.contains("-") ? "/rounds/" : "";
            default -> "";
        };
        return page.isEmpty() || value.isEmpty() ? "" : page + value;
    }

    /** A name of the API as people write it: {@code create_storage_pool} and {@code preActive} alike. */
    static String words(String name) {
        return lower(name.replace('_', ' ').replaceAll("(?<=[a-z])(?=[A-Z])", " "));
    }

    static String capital(String word) {
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** Who operates a node, in a list. */
    static String operatorName(Answer entry) {
        return entry.has("nodeName") ? named(entry, "nodeName", "nodeId") : named(entry, "name", "nodeId");
    }

    /** The answer at a field. */
    static Answer of(Answer answer, String field) {
        return answer.fields("").stream()
                .filter(each -> each.name().equals(field))
                .map(Answer.Field::value)
                .findFirst()
                .orElseGet(() -> Answer.none(""));
    }

    /** A difference with its sign; nothing for none. */
    static String signed(String decimal) {
        return decimal.isEmpty() || decimal.equals("0")
                ? ""
                : decimal.startsWith("-") ? "\u2212" + grouped(decimal.substring(1)) : "+" + grouped(decimal);
    }

    /** The page of the transaction that something happened in, or where there was none, of its checkpoint. */
    static String where(Answer entry) {
        return entry.has("tx") ? "/transactions/" + entry.text("tx") : "/checkpoints/" + entry.text("checkpoint");
    }

    /** The same of a vote. */
    static String whereCast(Answer vote) {
        return vote.has("step.tx")
                ? "/transactions/" + vote.text("step.tx")
                : "/checkpoints/" + vote.text("step.checkpoint");
    }

    /** The round of a probe: {@code epoch 2, round 14}. */
    static String roundOfEpoch(Answer probe) {
        String[] parts = probe.text("round").split("-", 3);
        return parts.length < 2 ? probe.text("round") : "epoch %s, round %s".formatted(parts[0], parts[1]);
    }

    /** Hundredths of a whole with their sign, two digits: {@code −1.40}. */
    static String points(double points) {
        String text = BigDecimal.valueOf(Math.abs(points))
                .setScale(2, RoundingMode.HALF_EVEN)
                .toPlainString();
        return text.equals("0.00") ? text : (points < 0 ? "\u2212" : "+") + text;
    }

    /** Basis points as per cent. */
    static String percent(String basisPoints) {
        return basisPoints.isEmpty()
                ? ""
                : new BigDecimal(basisPoints)
                                .movePointLeft(2)
                                .stripTrailingZeros()
                                .toPlainString() + " %";
    }

    /** Milliseconds as the one unit that says most. */
    static String duration(String millis) {
        if (millis.isEmpty()) {
            return "";
        }
        var duration = Duration.ofMillis(Long.parseLong(millis));
        if (duration.toSeconds() < 60) {
            return "%.1f s".formatted(duration.toMillis() / 1000.0);
        }
        return duration.toDays() > 0
                ? "%d d %d h".formatted(duration.toDays(), duration.toHoursPart())
                : duration.toHours() > 0
                        ? "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart())
                        : "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
    }

    /** What an entry of a report says besides who and what about. */
    static String value(Answer entry) {
        String value = entry.text("value");
        String[] parts = value.split(" ", -1);
        return switch (entry.text("what")) {
            case "prices" -> "%s and %s FROST".formatted(grouped(parts[0]), grouped(parts[1]));
            case "commission announced" ->
                "%s → %s from epoch %s".formatted(percent(parts[0]), percent(parts[1]), parts[2]);
            case "storage price vote", "write price vote" -> grouped(value) + " FROST";
            case "capacity vote", "deny list" -> bytes(value);
            case "slashing executed" -> value.isEmpty() ? "nothing to burn" : wal(value) + " burned";
            case "upgrade proposed", "package committed", "contract migrated", "protocol version" -> "version " + value;
            default -> value;
        };
    }

    /** A voter by its name, and else by its id. */
    static String voter(Answer vote) {
        return named(vote, "name", "nodeId");
    }

    /** How many rounds an operator could have voted in. */
    static long castAndMissed(Answer operator, String votes) {
        return Long.parseLong(operator.text(votes + "Cast")) + Long.parseLong(operator.text(votes + "Missed"));
    }

    /** An instant as {@code 16 Oct 2026 14:02}, UTC. */
    static String utc(String instant) {
        return instant.isEmpty() ? "" : TIME.format(Instant.parse(instant));
    }

    /** An id cut in the middle, for a column; the whole stands in its title. */
    static String cut(String id) {
        return id.length() <= 16 ? id : id.substring(0, 6) + "…" + id.substring(id.length() - 4);
    }

    private static final int FIRST = 6;
    private static final int LAST = 4;

    /** What people compare of an id: its ends. */
    static String first(String id) {
        return id.substring(0, Math.min(FIRST, id.length()));
    }

    static String middle(String id) {
        return id.length() <= FIRST + LAST ? "" : id.substring(FIRST, id.length() - LAST);
    }

    static String last(String id) {
        return id.length() <= FIRST ? "" : id.substring(Math.max(FIRST, id.length() - LAST));
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

    /** A moment of an address in words: {@code epoch 5}, {@code checkpoint 1 074}. */
    static String moment(String at) {
        int colon = at.indexOf(':');
        String value = at.substring(colon + 1);
        return switch (colon < 0 ? "" : at.substring(0, colon)) {
            case "epoch" -> "the end of epoch " + value;
            case "checkpoint" -> "checkpoint " + grouped(value);
            default -> shown(value);
        };
    }

    /** How the checkpoint of an answer was verified. */
    static String verified(Answer answer) {
        return switch (answer.text("asOf.verified")) {
            case "certificate" -> "verified by committee";
            case "hash-chain" -> "hash chain only";
            default -> "not verified";
        };
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
