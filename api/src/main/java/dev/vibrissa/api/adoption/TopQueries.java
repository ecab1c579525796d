package dev.vibrissa.api.adoption;

import dev.vibrissa.api.adoption.AdoptionViews.Part;
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
import org.jspecify.annotations.Nullable;

/** Reads who is the greatest in a role, in one epoch or in all, and what part one had from epoch to epoch. */
final class TopQueries {
    private static final BigInteger WHOLE_BASIS_POINTS = BigInteger.valueOf(10_000);

    private TopQueries() {}

    /** Rows of subject, count and amount, and what the statement is asked with. */
    private record Subjects(String sql, List<Long> arguments) {}

    /** One of the greatest, with what all have together. */
    private record Found(Ranked ranked, BigInteger total, long subjects) {}

    /** @param epoch null: all of them */
    static Top top(Snapshot db, Moment moment, Role role, @Nullable Long epoch, int most) {
        var subjects = subjects(moment, role, epoch);
        var arguments = new ArrayList<Object>(subjects.arguments());
        arguments.add(most);
        var found = db.list("""
                select subject, count, amount, sum(amount) over () as total, count(*) over () as subjects,
                  row_number() over (order by amount desc, subject nulls last) as rank
                from (%s) ranked order by rank limit ?
                """.formatted(subjects.sql()), TopQueries::found, arguments.toArray());
        return new Top(
                moment.asOf(),
                role.word(),
                role.unit(),
                found.isEmpty() ? "0" : found.getFirst().total().toString(),
                marked(db, moment, role, epoch, found),
                found.isEmpty() ? 0 : found.getFirst().subjects() - found.size());
    }

    /** Says of each how much of it is in sites. */
    private static List<Ranked> marked(Snapshot db, Moment moment, Role role, @Nullable Long epoch, List<Found> found) {
        if (role == Role.PAYER) {
            return found.stream().map(Found::ranked).toList();
        }
        var inSites = SiteQueries.registrations(db, moment, role, epoch);
        return found.stream()
                .map(Found::ranked)
                .map(each -> each.inSites(inSites.getOrDefault(each.subject(), 0L)))
                .toList();
    }

    private static Found found(Row row) throws SQLException {
        var total = new BigInteger(row.amount("total"));
        return new Found(
                new Ranked(
                        row.integer("rank"),
                        row.textOrNull("subject"),
                        row.number("count"),
                        row.amount("amount"),
                        basisPoints(new BigInteger(row.amount("amount")), total),
                        null),
                total,
                row.number("subjects"));
    }

    private static Subjects subjects(Moment moment, Role role, @Nullable Long epoch) {
        long counted = AdoptionQueries.counted(moment);
        if (epoch == null) {
            return counted < 0 ? allNow(role) : allUntil(moment, role, counted);
        }
        if (epoch == counted) {
            return inEpoch(moment, role, counted);
        }
        long known = epoch <= moment.epoch() ? epoch : -1; // of what is to come nothing is known then
        return new Subjects(
                "select subject, count, amount from %s_epoch where epoch = ? and role = '%s'%s"
                        .formatted(role.table(), role.word(), rest(role, "where a.epoch = ?", "where c.epoch = ?")),
                role == Role.PAYER ? List.of(known) : List.of(known, known, known));
    }

    private static Subjects allNow(Role role) {
        return new Subjects(
                "select subject, count, amount from %s where role = '%s'%s"
                        .formatted(role.table(), role.word(), rest(role, "", "where true")),
                List.of());
    }

    private static Subjects allUntil(Moment moment, Role role, long counted) {
        var running = inEpoch(moment, role, counted);
        var arguments = new ArrayList<Long>();
        arguments.add(counted);
        if (role != Role.PAYER) {
            arguments.add(counted);
            arguments.add(counted);
        }
        arguments.addAll(running.arguments());
        return new Subjects(
                """
                select subject, sum(count) as count, sum(amount) as amount
                from (
                  select subject, count, amount from %s_epoch where epoch < ? and role = '%s'%s
                  union all
                  (%s)) each
                group by subject
                """.formatted(
                        role.table(), role.word(), rest(role, "where a.epoch < ?", "where c.epoch < ?"), running.sql()),
                arguments);
    }

    private static Subjects inEpoch(Moment moment, Role role, long epoch) {
        var counted = role.counted(epoch, moment.checkpoint());
        return new Subjects(
                "select subject, count(*) as count, sum(amount) as amount from (%s) each group by subject"
                        .formatted(counted.sql()),
                counted.arguments());
    }

    /** What has no subject: registrations without an owner's address or a content type. It is not kept, but left over. */
    private static String rest(Role role, String ofAll, String ofRole) {
        return role == Role.PAYER ? "" : """

                 union all
                select null, whole.count - parts.count, whole.amount - parts.amount
                from (select coalesce(sum(a.registrations), 0) as count, coalesce(sum(a.bytes), 0) as amount
                      from adoption a %s) whole,
                  (select coalesce(sum(c.count), 0) as count, coalesce(sum(c.amount), 0) as amount
                   from adopter_count c %s and c.role = '%s') parts
                where whole.count > parts.count
                """.formatted(ofAll, ofRole, role.word());
    }

    /** What one had, epoch by epoch; in the epoch that runs at a past moment, up to then. */
    static List<Part> history(Snapshot db, Moment moment, Role role, String subject, PageRequest page) {
        long counted = AdoptionQueries.counted(moment);
        var running = role.counted(counted, moment.checkpoint());
        var arguments = new ArrayList<@Nullable Object>(List.of(subject, counted, moment.epoch(), counted));
        arguments.addAll(running.arguments());
        arguments.add(subject);
        arguments.add(page.afterNumber(0, -1));
        arguments.add(page.fetch());
        return db.list(
                """
                select epoch, count, amount, total
                from (
                  select e.epoch, e.count, e.amount, coalesce(a.bytes, c.amount) as total
                  from %1$s_epoch e
                  join %1$s_count c using (epoch, role)
                  left join adoption a on e.role <> 'payer' and a.epoch = e.epoch
                  where e.role = '%2$s' and e.subject = ? and e.epoch <> ? and e.epoch <= ?
                  union all
                  select ?::bigint, count, amount, total
                  from (
                    select subject, count(*) as count, sum(amount) as amount, sum(sum(amount)) over () as total
                    from (%3$s) each group by subject) s
                  where s.subject = ?) part
                where epoch > ? order by epoch limit ?
                """.formatted(role.table(), role.word(), running.sql()),
                row -> new Part(
                        row.number("epoch"),
                        row.number("count"),
                        row.amount("amount"),
                        basisPoints(new BigInteger(row.amount("amount")), new BigInteger(row.amount("total")))),
                arguments.toArray());
    }

    private static int basisPoints(BigInteger amount, BigInteger total) {
        return total.signum() == 0
                ? 0
                : amount.multiply(WHOLE_BASIS_POINTS).divide(total).intValueExact();
    }
}
