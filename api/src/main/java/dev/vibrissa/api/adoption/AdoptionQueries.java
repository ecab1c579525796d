package dev.vibrissa.api.adoption;

import dev.vibrissa.api.adoption.AdoptionViews.Adoption;
import dev.vibrissa.api.adoption.AdoptionViews.Apps;
import dev.vibrissa.api.adoption.AdoptionViews.Participants;
import dev.vibrissa.api.adoption.AdoptionViews.WalrusSites;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads adoption epoch by epoch. Epochs are added up while they are indexed; only the epoch that ran at a past moment is
 * counted up to it.
 */
final class AdoptionQueries {
    private static final Participants NOBODY = new Participants(0, 0, 0);

    private AdoptionQueries() {}

    /** The sums of an epoch, without who took part. */
    private record Sums(
            long epoch,
            long registrations,
            String bytes,
            String encodedBytes,
            long deletable,
            String deletableBytes,
            long pooled,
            long relayed,
            long quilts,
            String quiltBytes,
            long eventBlobs) {}

    /** The epoch that has to be counted, since it was running then; -1: none. */
    static long counted(Moment moment) {
        return moment.past() ? moment.epoch() : -1;
    }

    static List<Adoption> list(Snapshot db, Moment moment, PageRequest page) {
        long counted = counted(moment);
        var sums = db.list(
                """
                select epoch, registrations, bytes, pooled, relayed, quilts, event_blobs, encoded_bytes, deletable, deletable_bytes,
                  quilt_bytes
                from adoption
                where epoch > ? and epoch <= ? and epoch <> ?
                union all
                select ?, count(*) filter (where not r.free), coalesce(sum(r.size) filter (where not r.free), 0),
                  count(*) filter (where r.pooled), count(*) filter (where r.relayed and not r.free),
                  count(*) filter (where not r.free and q.quilt), count(*) filter (where r.free),
                  coalesce(sum(r.encoded_size) filter (where not r.free), 0),
                  count(*) filter (where not r.free and r.deletable),
                  coalesce(sum(r.size) filter (where not r.free and r.deletable), 0),
                  coalesce(sum(r.size) filter (where not r.free and q.quilt), 0)
                from registration r
                cross join lateral (select exists (select from content_label l
                    where l.object_id = r.object_id and l.key = '_walrusBlobType' and l.value = 'quilt' and l.epoch = r.epoch
                      and l.checkpoint <= ?) as quilt) q
                where r.epoch = ? and r.checkpoint <= ?
                having ? > ?
                order by epoch
                limit ?
                """,
                AdoptionQueries::sums,
                page.afterNumber(0, -1),
                moment.epoch(),
                counted,
                counted,
                moment.checkpoint(),
                counted,
                moment.checkpoint(),
                counted,
                page.afterNumber(0, -1),
                page.fetch());
        if (sums.isEmpty()) {
            return List.of();
        }
        var participants =
                participants(db, sums.getFirst().epoch(), sums.getLast().epoch());
        if (sums.getLast().epoch() == counted) {
            participants.put(counted, counted(db, moment, counted));
        }
        var sites =
                SiteQueries.byEpoch(db, moment, sums.stream().map(Sums::epoch).toList());
        return sums.stream()
                .map(each -> view(
                        each,
                        participants.getOrDefault(each.epoch(), Map.of()),
                        Objects.requireNonNull(sites.get(each.epoch()), "every epoch has a count of sites")))
                .toList();
    }

    private static Sums sums(Row row) throws SQLException {
        return new Sums(
                row.number("epoch"),
                row.number("registrations"),
                row.amount("bytes"),
                row.amount("encoded_bytes"),
                row.number("deletable"),
                row.amount("deletable_bytes"),
                row.number("pooled"),
                row.number("relayed"),
                row.number("quilts"),
                row.amount("quilt_bytes"),
                row.number("event_blobs"));
    }

    private static Map<Long, Map<Role, Participants>> participants(Snapshot db, long first, long last) {
        var byEpoch = new TreeMap<Long, Map<Role, Participants>>();
        db.list(
                """
                select epoch, role, subjects, new_subjects from adopter_count where epoch between ? and ?
                union all
                select epoch, role, subjects, new_subjects from payer_count where epoch between ? and ?
                """,
                row -> byEpoch.computeIfAbsent(row.number("epoch"), _ -> new EnumMap<>(Role.class))
                        .put(Role.of(row.text("role")), participants(row)),
                first,
                last,
                first,
                last);
        return byEpoch;
    }

    private static Participants participants(Row row) throws SQLException {
        long all = row.number("subjects");
        long fresh = row.number("new_subjects");
        return new Participants(all, fresh, all - fresh);
    }

    private static Map<Role, Participants> counted(Snapshot db, Moment moment, long epoch) {
        var participants = new EnumMap<Role, Participants>(Role.class);
        for (Role role : Role.values()) {
            var counted = role.counted(epoch, moment.checkpoint());
            participants.put(
                    role,
                    db.one(
                            """
                    select count(*) as subjects, count(*) filter (where t.first_epoch = ?) as new_subjects
                    from (select distinct subject from (%s) each where subject is not null) s
                    left join %s t on t.role = '%s' and t.subject = s.subject
                    """.formatted(counted.sql(), role.table(), role.word()),
                            AdoptionQueries::participants,
                            inOrder(epoch, counted.arguments())));
        }
        return participants;
    }

    private static Object[] inOrder(long first, List<Long> rest) {
        var arguments = new ArrayList<Object>();
        arguments.add(first);
        arguments.addAll(rest);
        return arguments.toArray();
    }

    private static Adoption view(Sums sums, Map<Role, Participants> participants, WalrusSites sites) {
        return new Adoption(
                sums.epoch(),
                sums.registrations(),
                sums.bytes(),
                sums.encodedBytes(),
                sums.deletable(),
                sums.deletableBytes(),
                participants.getOrDefault(Role.PUBLISHER, NOBODY),
                participants.getOrDefault(Role.OWNER, NOBODY),
                participants.getOrDefault(Role.PAYER, NOBODY),
                participants.getOrDefault(Role.PACKAGE, NOBODY),
                participants.getOrDefault(Role.CONTENT_TYPE, NOBODY),
                sums.pooled(),
                sums.relayed(),
                sums.quilts(),
                sums.quiltBytes(),
                sums.eventBlobs(),
                new Apps(sites));
    }
}
