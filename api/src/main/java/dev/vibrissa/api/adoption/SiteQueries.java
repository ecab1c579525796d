package dev.vibrissa.api.adoption;

import dev.vibrissa.api.adoption.AdoptionViews.WalrusSites;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Walrus Sites. They were counted when an epoch ended; in the one that runs, they are counted now. */
final class SiteQueries {
    private SiteQueries() {}

    private record Epoch(long epoch, WalrusSites sites) {}

    /** Sites at the end of each epoch, or at the moment where it was not over then. */
    static Map<Long, WalrusSites> byEpoch(Snapshot db, Moment moment, List<Long> epochs) {
        String method = method(db, moment);
        var sites = new HashMap<Long, WalrusSites>();
        db.list(
                        "select * from site_epoch where epoch between ? and ? and end_checkpoint <= ?",
                        row -> new Epoch(row.number("epoch"), sites(row, method)),
                        epochs.getFirst(),
                        epochs.getLast(),
                        moment.checkpoint())
                .forEach(each -> sites.put(each.epoch(), each.sites()));
        for (long epoch : epochs) {
            if (!sites.containsKey(epoch)) {
                sites.put(epoch, counted(db, moment, epoch, method));
            }
        }
        return sites;
    }

    private static WalrusSites counted(Snapshot db, Moment moment, long epoch, String method) {
        return db.one("""
                select c.* from site_count(
                  coalesce((select max(end_checkpoint) from site_epoch where epoch < ?), -1), ?) c
                """, row -> sites(row, method), epoch, moment.checkpoint());
    }

    private static WalrusSites sites(Row row, String method) throws SQLException {
        return new WalrusSites(
                row.number("created"),
                row.number("burned"),
                row.number("living"),
                row.number("resources"),
                row.number("blobs"),
                row.amount("bytes"),
                row.number("quilts"),
                row.number("broken"),
                method);
    }

    private static String method(Snapshot db, Moment moment) {
        var packages = db.list(
                "select package_id, since_checkpoint from site_package order by since_checkpoint nulls first, package_id",
                row -> {
                    @Nullable Long since = row.numberOrNull("since_checkpoint");
                    return row.address("package_id") + (since == null ? "" : " (from checkpoint " + since + " on)");
                });
        return packages.isEmpty()
                ? "The network names no package of Walrus Sites: none are looked for."
                : """
                  Objects of the type site::Site and their dynamic fields of site::ResourcePath and site::Resource, in the \
                  types of the packages %s; of no other package.%s""".formatted(
                                String.join(", ", packages),
                                moment.isPartial() ? " Sites that did not change in our history are not seen." : "");
    }

    /**
     * How many registrations are of blobs that living sites refer to, by who or what took part; a key may be null.
     *
     * @param epoch null: registrations of all epochs
     */
    static Map<@Nullable String, Long> registrations(Snapshot db, Moment moment, Role role, @Nullable Long epoch) {
        record Count(@Nullable String subject, long count) {}
        var registered = role.registeredFor("select blob_id from living_site_resource(?)", epoch, moment.checkpoint());
        List<Count> counts = db.list(
                "select subject, count(*) as count from (%s) each group by subject".formatted(registered.sql()),
                row -> new Count(row.textOrNull("subject"), row.number("count")),
                registered.arguments().toArray());
        var bySubject = new HashMap<@Nullable String, Long>();
        counts.forEach(each -> bySubject.put(each.subject(), each.count()));
        return bySubject;
    }
}
