package dev.vibrissa.api.adoption;

import dev.vibrissa.api.adoption.AdoptionViews.Adoption;
import dev.vibrissa.api.adoption.AdoptionViews.Ranked;
import dev.vibrissa.api.adoption.AdoptionViews.Top;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts registrations and payments by who made them. */
final class AdoptionQueries {
    private static final BigInteger WHOLE_BASIS_POINTS = BigInteger.valueOf(10_000);

    /** What can be ranked: each gives subject, count and amount, of one epoch or of all. */
    private static final Map<String, String> RANKINGS = Map.of(
            "publisher", """
            select '0x' || encode(publisher, 'hex') as subject, count(*) as count, sum(size) as amount
            from registration where not free and checkpoint <= ? and (?::bigint is null or epoch = ?) group by publisher
            """,
            "owner", """
            select '0x' || encode(owner, 'hex') as subject, count(*) as count, sum(size) as amount
            from registration where not free and checkpoint <= ? and (?::bigint is null or epoch = ?) group by owner
            """,
            "caller", """
            select caller as subject, count(*) as count, sum(size) as amount
            from registration where not free and checkpoint <= ? and (?::bigint is null or epoch = ?) group by caller
            """,
            "contentType", """
            select l.value as subject, count(*) as count, sum(r.size) as amount
            from registration r
            left join content_label l on l.object_id = r.object_id and l.key = 'content-type' and l.checkpoint <= ?
            where not r.free and r.checkpoint <= ? and (?::bigint is null or r.epoch = ?) group by l.value
            """,
            "payer", """
            select '0x' || encode(payer, 'hex') as subject, count(*) as count, sum(amount) as amount
            from payment where source = 'user' and checkpoint <= ? and (?::bigint is null or epoch = ?) group by payer
            """);

    static final List<String> SUBJECTS = RANKINGS.keySet().stream().sorted().toList();

    private AdoptionQueries() {}

    static List<Adoption> list(Snapshot db, Moment moment, PageRequest page) {
        long until = moment.checkpoint();
        return db.list(
                """
                with shown as (
                  select e.epoch from (
                    select epoch from epoch where running_since <= ? union select epoch from registration where checkpoint <= ?) e
                  where e.epoch > ? order by e.epoch limit ?),
                registered as (
                  select r.epoch, count(*) filter (where not r.free) as registrations,
                    sum(r.size) filter (where not r.free) as bytes, count(*) filter (where r.free) as event_blobs,
                    count(distinct r.publisher) filter (where not r.free) as publishers,
                    count(distinct r.owner) filter (where not r.free) as owners,
                    count(distinct split_part(r.caller, '::', 1)) filter (where not r.free) as callers,
                    count(*) filter (where l.value = 'quilt') as quilts
                  from registration r
                  left join content_label l on l.object_id = r.object_id and l.key = '_walrusBlobType' and l.checkpoint <= ?
                  where r.checkpoint <= ? and r.epoch in (select epoch from shown)
                  group by r.epoch),
                fresh as (
                  select first_epoch as epoch, count(*) filter (where role = 'publisher') as publishers,
                    count(*) filter (where role = 'owner') as owners
                  from registrant where first_checkpoint <= ? and first_epoch in (select epoch from shown)
                  group by first_epoch),
                paid as (
                  select epoch, count(*) as payers, count(*) filter (where not before) as new_payers
                  from (
                    select distinct p.epoch, p.payer, exists (
                      select from payment q where q.payer = p.payer and q.source = 'user' and q.epoch < p.epoch) as before
                    from payment p
                    where p.source = 'user' and p.payer is not null and p.checkpoint <= ?
                      and p.epoch in (select epoch from shown)) each
                  group by epoch)
                select shown.epoch, coalesce(r.registrations, 0) as registrations, coalesce(r.bytes, 0) as bytes,
                  coalesce(r.event_blobs, 0) as event_blobs, coalesce(r.publishers, 0) as publishers,
                  coalesce(r.owners, 0) as owners, coalesce(r.callers, 0) as callers, coalesce(r.quilts, 0) as quilts,
                  coalesce(f.publishers, 0) as new_publishers, coalesce(f.owners, 0) as new_owners,
                  coalesce(p.payers, 0) as payers, coalesce(p.new_payers, 0) as new_payers
                from shown
                left join registered r using (epoch)
                left join fresh f using (epoch)
                left join paid p using (epoch)
                order by shown.epoch
                """,
                AdoptionQueries::view,
                until,
                until,
                page.afterNumber(0, -1),
                page.fetch(),
                until,
                until,
                until,
                until);
    }

    private static Adoption view(Row row) throws SQLException {
        long publishers = row.number("publishers");
        long owners = row.number("owners");
        long payers = row.number("payers");
        return new Adoption(
                row.number("epoch"),
                row.number("registrations"),
                row.amount("bytes"),
                publishers,
                row.number("new_publishers"),
                publishers - row.number("new_publishers"),
                owners,
                row.number("new_owners"),
                owners - row.number("new_owners"),
                payers,
                row.number("new_payers"),
                payers - row.number("new_payers"),
                row.number("callers"),
                row.number("quilts"),
                row.number("event_blobs"));
    }

    /** @param subject one of {@link #SUBJECTS} */
    static Top top(Snapshot db, Moment moment, String subject, @Nullable Long epoch, int most) {
        String ranking = RANKINGS.getOrDefault(subject, "");
        var arguments = new ArrayList<@Nullable Object>();
        if (subject.equals("contentType")) {
            arguments.add(moment.checkpoint());
        }
        arguments.add(moment.checkpoint());
        arguments.add(epoch);
        arguments.add(epoch);
        arguments.add(most);
        var total = new BigInteger[] {BigInteger.ZERO};
        var all = new long[1];
        var items = db.list(
                """
                select ranked.*, sum(amount) over () as total, count(*) over () as subjects
                from (%s) ranked order by amount desc, subject nulls last limit ?
                """.formatted(ranking),
                row -> {
                    total[0] = new BigInteger(row.amount("total"));
                    all[0] = row.number("subjects");
                    return new Ranked(0, row.textOrNull("subject"), row.number("count"), row.amount("amount"), 0);
                },
                arguments.toArray());
        var ranked = new ArrayList<Ranked>();
        for (Ranked each : items) {
            ranked.add(new Ranked(
                    ranked.size() + 1,
                    each.subject(),
                    each.count(),
                    each.amount(),
                    basisPoints(new BigInteger(each.amount()), total[0])));
        }
        return new Top(
                moment.asOf(),
                subject.equals("payer") ? "FROST" : "bytes",
                total[0].toString(),
                List.copyOf(ranked),
                all[0] - ranked.size());
    }

    private static int basisPoints(BigInteger amount, BigInteger total) {
        return total.signum() == 0
                ? 0
                : amount.multiply(WHOLE_BASIS_POINTS).divide(total).intValueExact();
    }
}
