package dev.vibrissa.api.network;

import dev.vibrissa.api.network.NetworkView.Backfill;
import dev.vibrissa.api.network.NetworkView.Checkpoints;
import dev.vibrissa.api.network.NetworkView.History;
import dev.vibrissa.api.network.NetworkView.PackageVersion;
import dev.vibrissa.api.network.NetworkView.ProjectionRange;
import dev.vibrissa.api.network.NetworkView.Quarantined;
import dev.vibrissa.api.network.NetworkView.Transactions;
import dev.vibrissa.api.network.NetworkView.TrustedCommittee;
import dev.vibrissa.api.network.NetworkView.Unverified;
import dev.vibrissa.api.network.NetworkView.VerifiedRange;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what we know of the chain as a whole: of all facts stored, also of those that were filled in behind and that other
 * answers do not show yet, so past the views of the schema {@code answered}.
 */
final class NetworkQueries {
    private static final String PIN =
            "Nothing vouches for this chain yet. Get a Sui committee file, or the digest of an end-of-epoch checkpoint"
                    + " inside the range, from somebody you trust, and ingest with --trust FILE or --trust DIGEST.";

    private NetworkQueries() {}

    static NetworkView network(Snapshot db, Moment moment) {
        var unverified = unverified(db);
        return db.one(
                """
                select n.*, t.*,
                  (select e.n_shards from epoch e where e.n_shards is not null order by e.epoch desc limit 1) as shards,
                  w.first_checkpoint, w.last_checkpoint, w.last_digest,
                  f.checkpoint_at as first_at, f.sui_epoch as first_sui_epoch,
                  l.checkpoint_at as last_at, l.sui_epoch as last_sui_epoch
                from network n
                cross join totals t
                cross join watermark w
                join public.checkpoint f on f.sequence_number = w.first_checkpoint
                join public.checkpoint l on l.sequence_number = w.last_checkpoint
                where w.pipeline = 'facts'
                """,
                row -> new NetworkView(
                        moment.asOf(),
                        row.text("name"),
                        row.textOrNull("label"),
                        row.digestOrNull("chain_id"),
                        row.text("chain_evidence"),
                        row.integerOrNull("shards"),
                        new Checkpoints(
                                row.number("first_checkpoint"),
                                row.number("last_checkpoint"),
                                row.number("last_checkpoint") - row.number("first_checkpoint") + 1,
                                row.digest("last_digest"),
                                row.instant("first_at"),
                                row.instant("last_at"),
                                row.number("first_sui_epoch"),
                                row.number("last_sui_epoch"),
                                row.numberOrNull("complete_from")),
                        new Transactions(row.number("transactions"), row.number("failed")),
                        eventCounts(db, true),
                        eventCounts(db, false),
                        row.number("quarantined"),
                        packages(db),
                        committees(db),
                        unverified,
                        unverified == null ? null : PIN,
                        history(db, moment)));
    }

    private static History history(Snapshot db, Moment moment) {
        return new History(
                !moment.isPartial(),
                moment.asOf().firstCheckpoint(),
                startedFrom(db),
                db.list(
                        "select pipeline, first_checkpoint, last_checkpoint from watermark where pipeline <> 'facts' order by 1",
                        row -> new ProjectionRange(
                                row.text("pipeline"), row.number("first_checkpoint"), row.number("last_checkpoint"))),
                verification(db),
                backfill(db).orElse(null));
    }

    private static String startedFrom(Snapshot db) {
        return db.one("""
                select case
                  when t.complete_from is not null then 'genesis'
                  when n.snapshot_checkpoint is not null then 'snapshot'
                  else 'checkpoint' end as started_from
                from network n cross join totals t
                """, row -> row.text("started_from"));
    }

    /**
     * Verification never sinks along the chain: nothing verified is followed by anything unverified, and what only digests
     * lead to lies before what is certified. So halving the range finds the one border there is.
     */
    private static List<VerifiedRange> verification(Snapshot db) {
        return db.one("""
                with recursive search (first, last, low, high) as (
                  select first_checkpoint, last_checkpoint, first_checkpoint, last_checkpoint + 1
                  from watermark where pipeline = 'facts'
                  union all
                  select first, last, case when certified then low else middle + 1 end, case when certified then middle else high end
                  from (
                    select s.*, (s.low + s.high) / 2 as middle, c.verification = 'certificate' as certified
                    from search s join public.checkpoint c on c.sequence_number = (s.low + s.high) / 2
                    where s.low < s.high) step
                )
                select first, last, low as certified,
                  exists (select from public.checkpoint where verification = 'unverified') as unverified
                from search where low >= high
                """, row -> {
            long first = row.number("first");
            long last = row.number("last");
            long certified = row.number("certified");
            var ranges = new ArrayList<VerifiedRange>();
            if (first < certified) {
                ranges.add(
                        new VerifiedRange(first, certified - 1, row.bool("unverified") ? "unverified" : "hash-chain"));
            }
            if (certified <= last) {
                ranges.add(new VerifiedRange(certified, last, "certificate"));
            }
            return List.copyOf(ranges);
        });
    }

    private static Optional<Backfill> backfill(Snapshot db) {
        return db.first(
                """
                select b.goal, b.folded_to, b.updated_at, w.first_checkpoint,
                  case
                    when w.first_checkpoint > b.goal and not b.source_ended then 'filling'
                    when exists (select from reread) then 'readingAgain'
                    when b.refold or since.checkpoint > w.first_checkpoint then 'folding'
                    when w.first_checkpoint > b.goal then 'sourceEnded'
                    else 'done'
                  end as state
                from backfill b cross join watermark w cross join since
                where w.pipeline = 'facts'
                """,
                row -> new Backfill(
                        row.text("state"),
                        row.number("goal"),
                        row.number("first_checkpoint"),
                        Math.max(0, row.number("first_checkpoint") - row.number("goal")),
                        row.numberOrNull("folded_to"),
                        row.instant("updated_at")));
    }

    private static @Nullable Unverified unverified(Snapshot db) {
        return db.first("""
                        select sequence_number as first,
                          (select max(sequence_number) from public.checkpoint where verification = 'unverified') as last
                        from public.checkpoint where verification = 'unverified'
                        order by sequence_number
                        limit 1
                        """, row -> new Unverified(row.number("first"), row.number("last")))
                .orElse(null);
    }

    private static Map<String, Long> eventCounts(Snapshot db, boolean known) {
        var counts = new LinkedHashMap<String, Long>();
        db.list(
                "select name, events from event_total where known = ? order by name",
                row -> counts.put(row.text("name"), row.number("events")),
                known);
        return counts;
    }

    private static List<PackageVersion> packages(Snapshot db) {
        return db.list(
                "select * from walrus_package order by version",
                row -> new PackageVersion(
                        row.address("package_id"), row.number("version"), row.numberOrNull("learned_at")));
    }

    private static List<TrustedCommittee> committees(Snapshot db) {
        return db.list(
                "select sui_epoch, trust from sui_committee order by sui_epoch",
                row -> new TrustedCommittee(row.number("sui_epoch"), row.text("trust")));
    }

    static List<Quarantined> quarantine(Snapshot db, PageRequest page) {
        return db.list(
                """
                select checkpoint, tx_index, part, reference, type, reason, octet_length(bytes) as bytes
                from quarantine
                where (checkpoint, tx_index, part, reference) > (?, ?, ?, ?)
                order by checkpoint, tx_index, part, reference
                limit ?
                """,
                row -> new Quarantined(
                        row.number("checkpoint"),
                        row.integer("tx_index"),
                        row.text("part"),
                        row.text("reference"),
                        row.text("type"),
                        row.text("reason"),
                        row.integer("bytes")),
                page.afterNumber(0, -1),
                page.afterNumber(1, -1),
                page.afterText(2),
                page.afterText(3),
                page.fetch());
    }
}
