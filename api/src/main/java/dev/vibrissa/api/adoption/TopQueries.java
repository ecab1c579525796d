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

    record One(@Nullable String subject, long count, BigInteger amount) {
        static One of(Row row) throws SQLException {
            return new One(row.textOrNull("subject"), row.number("count"), new BigInteger(row.amount("amount")));
        }

        Ranked ranked(int rank, BigInteger total) {
            return new Ranked(rank, subject, count, amount.toString(), basisPoints(amount, total), null);
        }
    }

    /** What all have together. */
    private record Whole(long subjects, BigInteger total) {}

    private record Found(List<One> greatest, Whole whole) {}

    /** @param epoch null: all of them */
    static Top top(Snapshot db, Moment moment, Role role, @Nullable Long epoch, PageRequest page) {
        var after = After.of(page);
        long counted = AdoptionQueries.counted(moment);
        Found found;
        if (epoch == null) {
            found = counted < 0
                    ? stored(db, role, "", Long.MAX_VALUE, after, page.fetch())
                    : counted(db, until(moment, role, counted), after, page.fetch());
        } else if (epoch == counted) {
            found = counted(db, inEpoch(moment, role, counted), after, page.fetch());
        } else {
            long known = epoch <= moment.epoch() ? epoch : -1; // of what is to come nothing is known then
            found = stored(db, role, "_epoch", known, after, page.fetch());
        }
        var ranked = new ArrayList<Ranked>();
        for (One one : found.greatest()) {
            ranked.add(
                    one.ranked(after.rank() + ranked.size() + 1, found.whole().total()));
        }
        var listed = page.page(moment, ranked, After::key);
        return new Top(
                moment.asOf(),
                role.word(),
                role.unit(),
                found.whole().total().toString(),
                marked(db, moment, role, epoch, listed.items()),
                found.whole().subjects() - after.rank() - listed.items().size(),
                listed.next());
    }

    /** Says of each how much of it is in sites. */
    private static List<Ranked> marked(
            Snapshot db, Moment moment, Role role, @Nullable Long epoch, List<Ranked> ranked) {
        if (role == Role.PAYER) {
            return ranked;
        }
        var inSites = SiteQueries.registrations(db, moment, role, epoch);
        return ranked.stream()
                .map(each -> each.inSites(inSites.getOrDefault(each.subject(), 0L)))
                .toList();
    }

    /**
     * By index, however many there are.
     *
     * @param table what to append to the role's table: nothing for all epochs, {@code _epoch} for one
     * @param epoch the last one, or the only one
     */
    private static Found stored(Snapshot db, Role role, String table, long epoch, After after, int most) {
        boolean isOne = !table.isEmpty();
        String epochs = isOne ? "epoch = ?" : "epoch <= ?";
        var parts = db.one(
                """
                select coalesce(sum(%s), 0) as subjects, coalesce(sum(count), 0)::bigint as count,
                  coalesce(sum(amount), 0) as amount, null as subject
                from %s_count where %s and role = '%s'
                """.formatted(isOne ? "subjects" : "new_subjects", role.table(), epochs, role.word()),
                row -> new Found(
                        List.of(One.of(row)), new Whole(row.number("subjects"), new BigInteger(row.amount("amount")))),
                epoch);
        var arguments = new ArrayList<@Nullable Object>();
        if (isOne) {
            arguments.add(epoch);
        }
        arguments.addAll(after.arguments());
        arguments.add(most);
        var greatest = db.list(
                """
                select subject, count, amount from %s%s
                where %s role = '%s' and %s order by amount desc, subject limit ?
                """.formatted(role.table(), table, isOne ? "epoch = ? and" : "", role.word(), after.condition()),
                One::of,
                arguments.toArray());
        if (role == Role.PAYER) {
            return new Found(greatest, parts.whole());
        }
        // What has no subject, registrations without an owner's address or a content type, is not kept, but left over.
        var all = db.one(
                "select null as subject, coalesce(sum(registrations), 0)::bigint as count, coalesce(sum(bytes), 0) as amount"
                        + " from adoption where " + epochs,
                One::of,
                epoch);
        var named = parts.greatest().getFirst();
        if (all.count() == named.count()) {
            return new Found(greatest, parts.whole());
        }
        var rest = new One(null, all.count() - named.count(), all.amount().subtract(named.amount()));
        return new Found(
                after.isBefore(rest) ? with(rest, greatest, most) : greatest,
                new Whole(parts.whole().subjects() + 1, all.amount()));
    }

    private static List<One> with(One rest, List<One> greatest, int most) {
        var all = new ArrayList<>(greatest);
        int place = 0;
        while (place < all.size() && all.get(place).amount().compareTo(rest.amount()) >= 0) {
            place++;
        }
        all.add(place, rest);
        return all.subList(0, Math.min(most, all.size()));
    }

    /** What ran at a past moment is not added up: it is counted, and put in order. */
    private static Found counted(Snapshot db, Subjects subjects, After after, int most) {
        var arguments = new ArrayList<@Nullable Object>(subjects.arguments());
        arguments.addAll(after.arguments());
        arguments.add(most);
        var greatest = new ArrayList<One>();
        var whole = db.list(
                """
                with each as materialized (%s)
                select w.subjects, w.total, e.subject, e.count, e.amount
                from (select count(*) as subjects, coalesce(sum(amount), 0) as total from each) w
                left join (
                  select * from each where %s order by amount desc, subject nulls last limit ?) e on true
                order by e.amount desc, e.subject nulls last
                """.formatted(subjects.sql(), after.condition()),
                row -> {
                    if (row.numberOrNull("count") != null) {
                        greatest.add(One.of(row));
                    }
                    return new Whole(row.number("subjects"), new BigInteger(row.amount("total")));
                },
                arguments.toArray());
        return new Found(greatest, whole.getFirst());
    }

    /** All epochs up to a past moment. */
    private static Subjects until(Moment moment, Role role, long counted) {
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
                select subject, sum(count)::bigint as count, sum(amount) as amount
                from (
                  select subject, count, amount from %s_epoch where epoch < ? and role = '%s'%s
                  union all
                  (%s)) part
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

    /** What has no subject, as a part of a statement. */
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
