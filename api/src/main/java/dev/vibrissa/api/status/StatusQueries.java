package dev.vibrissa.api.status;

import dev.vibrissa.api.reconciliation.Reconciliations;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.status.StatusView.OutageView;
import dev.vibrissa.api.status.StatusView.Pipeline;
import dev.vibrissa.api.status.StatusView.SourceView;
import dev.vibrissa.api.status.StatusView.VantageView;
import dev.vibrissa.api.time.AsOf;
import dev.vibrissa.api.time.Moment;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads what the parts of the program left behind about themselves. */
final class StatusQueries {
    private static final long LATE_MILLIS = 60_000;
    private static final long LATE_CHECKPOINTS = 1_000;

    private record Counts(long quarantined, long unknownEvents) {}

    private StatusQueries() {}

    static StatusView status(Snapshot db, Moment moment) {
        var pipelines = pipelines(db);
        long mismatches = Reconciliations.mismatches(db).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        var counts = db.one("""
                select (select quarantined from totals) as quarantined,
                  (select coalesce(sum(events), 0)::bigint from event_total where not known) as unknown
                """, row -> new Counts(row.number("quarantined"), row.number("unknown")));
        var late = late(moment.asOf(), pipelines);
        var doubts = doubts(moment.asOf(), mismatches, counts);
        var findings = new ArrayList<>(late);
        findings.addAll(doubts);
        return new StatusView(
                moment.asOf(),
                doubts.isEmpty() ? late.isEmpty() ? "well" : "behind" : "doubtful",
                List.copyOf(findings),
                pipelines,
                sources(db),
                mismatches,
                counts.quarantined(),
                counts.unknownEvents(),
                outages(db),
                vantages(db));
    }

    private static List<String> late(AsOf asOf, List<Pipeline> pipelines) {
        var late = new ArrayList<String>();
        Long lag = asOf.lagMillis();
        if (lag != null && lag > LATE_MILLIS) {
            late.add("the last checkpoint is %d s old".formatted(lag / 1000));
        }
        pipelines.stream()
                .filter(each -> each.behind() > LATE_CHECKPOINTS)
                .forEach(each -> late.add("%s is %d checkpoints behind".formatted(each.name(), each.behind())));
        return late;
    }

    private static List<String> doubts(AsOf asOf, long mismatches, Counts counts) {
        var doubts = new ArrayList<String>();
        if (asOf.verified().equals("unverified")) {
            doubts.add("nothing vouches for some of the checkpoints: no committee was pinned that leads to them");
        }
        if (mismatches > 0) {
            doubts.add("%d checks of the books do not agree".formatted(mismatches));
        }
        if (counts.quarantined() > 0) {
            doubts.add("%d parts of transactions could not be read".formatted(counts.quarantined()));
        }
        if (counts.unknownEvents() > 0) {
            doubts.add("%d events have a form that we do not know".formatted(counts.unknownEvents()));
        }
        return doubts;
    }

    private static List<Pipeline> pipelines(Snapshot db) {
        return db.list(
                """
                select w.*, f.last_checkpoint - w.last_checkpoint as behind
                from watermark w join watermark f on f.pipeline = 'facts'
                order by w.pipeline <> 'facts', w.pipeline
                """,
                row -> new Pipeline(
                        row.text("pipeline"),
                        row.number("first_checkpoint"),
                        row.number("last_checkpoint"),
                        Math.max(0, row.number("behind")),
                        row.instant("updated_at")));
    }

    private static List<SourceView> sources(Snapshot db) {
        return db.list(
                "select kind, location from source order by source_id",
                row -> new SourceView(row.text("kind"), host(row.text("location"))));
    }

    private static String host(String location) {
        try {
            var uri = URI.create(location);
            return Optional.ofNullable(uri.getHost())
                    .map(host -> uri.getPort() < 0 ? host : host + ":" + uri.getPort())
                    .orElse("");
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    private static List<OutageView> outages(Snapshot db) {
        return db.list(
                "select * from outage order by began_at desc limit 20",
                row -> new OutageView(
                        row.instant("began_at"),
                        row.instant("ended_at"),
                        row.number("walrus_epoch"),
                        row.number("round"),
                        row.text("cause")));
    }

    private static List<VantageView> vantages(Snapshot db) {
        return db.list(
                """
                select p.prover, p.name, p.admitted_at is not null and p.revoked_at is null as admitted,
                  coalesce(h.next_sequence, 0) as entries, coalesce(h.next_sequence - h.rooted_up_to, 0) as unsigned,
                  h.last_root_at
                from prover p left join log_head h using (prover)
                order by p.admitted_at, p.prover
                """,
                row -> new VantageView(
                        HexFormat.of().formatHex(row.bytes("prover")),
                        row.text("name"),
                        row.number("entries"),
                        row.number("unsigned"),
                        row.instantOrNull("last_root_at"),
                        row.bool("admitted")));
    }
}
