package dev.vibrissa.api.audit;

import dev.vibrissa.api.audit.AuditViews.FrameAnswer;
import dev.vibrissa.api.audit.AuditViews.FrameView;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.util.List;

/** Reads frames. */
final class Frames {
    private Frames() {}

    /** From the newest on. */
    static List<FrameView> list(Snapshot db, Moment moment, PageRequest page) {
        return db.list("""
                select * from frame where published_at <= ? and walrus_epoch < ? order by walrus_epoch desc limit ?
                """, Frames::view, AuditLogs.until(moment), page.afterNumber(0, Long.MAX_VALUE), page.fetch());
    }

    static FrameAnswer find(Snapshot db, Moment moment, long epoch) {
        return db.first(
                        "select * from frame where walrus_epoch = ? and published_at <= ?",
                        row -> new FrameAnswer(
                                moment.asOf(),
                                view(row),
                                AuditLogs.json(row.text("record")),
                                AuditLogs.evidence(db, moment, row.bytes("prover"), row.number("log_sequence"))),
                        epoch,
                        AuditLogs.until(moment))
                .orElseThrow(() -> ProblemException.notFound(
                        moment.past()
                                ? "epoch %d has no frame as of %s"
                                        .formatted(epoch, moment.asOf().timestamp())
                                : "epoch %d has no frame: nothing was audited in it".formatted(epoch)));
    }

    private static FrameView view(Row row) throws SQLException {
        return new FrameView(
                row.number("walrus_epoch"),
                row.text("methodology"),
                AuditLogs.hex(row, "root"),
                row.number("blobs"),
                row.integer("members"),
                row.number("observed_checkpoint"),
                row.number("first_seed_height"),
                row.number("seed_interval"),
                row.instant("published_at"),
                AuditLogs.hex(row, "prover"),
                row.number("log_sequence"));
    }
}
