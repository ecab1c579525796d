package dev.vibrissa.api.adoption;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As whom or what somebody takes part, and how that is counted where it has not been added up. */
enum Role {
    PUBLISHER("publisher", "'0x' || encode(r.publisher, 'hex')"),
    OWNER("owner", "'0x' || encode(r.owner, 'hex')"),
    CALLER("caller", "r.caller"),
    PACKAGE("package", "split_part(r.caller, '::', 1)"),
    CONTENT_TYPE(
            "contentType",
            "(select left(l.value, 128) from content_label l where l.object_id = r.object_id"
                    + " and l.key = 'content-type' and l.epoch = r.epoch and l.checkpoint <= ?)"),
    PAYER("payer", "'0x' || encode(p.payer, 'hex')");

    static final List<String> WORDS = Arrays.stream(values()).map(Role::word).toList();

    private final String word;
    private final String subject;

    Role(String word, String subject) {
        this.word = word;
        this.subject = subject;
    }

    static Role of(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word.equals(word))
                .findFirst()
                .orElseThrow();
    }

    String word() {
        return word;
    }

    String unit() {
        return this == PAYER ? "FROST" : "bytes";
    }

    /** The tables that hold what was added up: {@code _epoch} and {@code _count} are appended. */
    String table() {
        return this == PAYER ? "payer" : "adopter";
    }

    /** Rows of subject and amount of one epoch up to a checkpoint: a statement over facts, with its arguments. */
    Counted counted(long epoch, long until) {
        return switch (this) {
            case PAYER -> new Counted("""
                        select %s as subject, p.amount::numeric as amount from payment p
                        where p.source = 'user' and p.epoch = ? and p.checkpoint <= ?
                        """.formatted(subject), List.of(epoch, until));
            case CONTENT_TYPE -> new Counted(registrations(), List.of(until, epoch, until));
            case PUBLISHER, OWNER, CALLER, PACKAGE -> new Counted(registrations(), List.of(epoch, until));
        };
    }

    /**
     * Subjects of registrations whose blob is among others.
     *
     * @param blobs a statement that is asked with the checkpoint and gives blob ids
     * @param epoch null: of all epochs
     */
    Counted registeredFor(String blobs, @Nullable Long epoch, long until) {
        var arguments = new ArrayList<Long>();
        if (this == CONTENT_TYPE) {
            arguments.add(until);
        }
        arguments.add(until);
        if (epoch != null) {
            arguments.add(epoch);
        }
        arguments.add(until);
        return new Counted("""
                select %s as subject from registration r
                where not r.free and r.checkpoint <= ?%s and r.blob_id in (%s)
                """.formatted(subject, epoch == null ? "" : " and r.epoch = ?", blobs), arguments);
    }

    private String registrations() {
        return """
                select %s as subject, r.size as amount from registration r
                where not r.free and r.epoch = ? and r.checkpoint <= ?
                """.formatted(subject);
    }

    /** A part of a statement and what it is asked with. */
    record Counted(String sql, List<Long> arguments) {}
}
