package dev.vibrissa.api.stream;

import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.changes.Outbox;
import dev.vibrissa.changes.Told;
import java.util.List;
import java.util.Optional;

/** The outbox. A position is the id of the last change that was read. */
final class ChangeSource implements Source {
    static final String NAME = "changes";

    private static final int MOST = 500;

    @Override
    public String name() {
        return NAME;
    }

    static Outbox.Range range(Snapshot db) {
        return db.first(
                        "select dropped_to, last_id from public.change_keeping",
                        row -> new Outbox.Range(row.number("dropped_to"), row.number("last_id")))
                .orElse(new Outbox.Range(0, 0));
    }

    @Override
    public long end(Snapshot db) {
        return range(db).last();
    }

    @Override
    public Batch after(Snapshot db, long position) {
        List<Told> told = db.list(
                "select id, told_at, topic, kind, subject, body from public.change where id > ? order by id limit ?",
                row -> Told.of(
                        row.number("id"),
                        row.instant("told_at"),
                        row.text("topic"),
                        row.text("kind"),
                        row.text("subject"),
                        row.bytes("body")),
                position,
                MOST);
        return new Batch(
                told.stream()
                        .filter(Told::isKnown) // while others are newer, or damaged: there is nothing to say of it
                        .map(each -> new StreamEvent(
                                NAME,
                                each.id(),
                                each.subject().topic().word(),
                                each.json(),
                                Optional.of(each.subject())))
                        .toList(),
                told.isEmpty() ? position : told.getLast().id(),
                told.stream().filter(each -> !each.isKnown()).count());
    }
}
