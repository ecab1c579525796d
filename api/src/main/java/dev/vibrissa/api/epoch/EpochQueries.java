package dev.vibrissa.api.epoch;

import dev.vibrissa.api.answer.Occurrence;
import dev.vibrissa.api.epoch.EpochViews.CommitteeView;
import dev.vibrissa.api.epoch.EpochViews.EpochView;
import dev.vibrissa.api.epoch.EpochViews.Member;
import dev.vibrissa.api.epoch.EpochViews.Move;
import dev.vibrissa.api.epoch.EpochViews.Report;
import dev.vibrissa.api.epoch.EpochViews.SyncView;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.sql.NodeName;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads epochs, committees and the reports of shards. */
final class EpochQueries {
    private static final String SELECT = """
            select e.*, ps.sender as params_sender, ss.sender as start_sender, ds.sender as done_sender
            from epoch e
            left join transaction ps on ps.digest = e.params_tx
            left join transaction ss on ss.digest = e.start_tx
            left join transaction ds on ds.digest = e.done_tx
            """;

    private EpochQueries() {}

    static List<EpochView> list(Snapshot db, Moment moment, PageRequest page) {
        return db.list(
                SELECT + """
                        where (e.running_since <= ? or e.params_checkpoint <= ?) and e.epoch > ?
                        order by e.epoch
                        limit ?
                        """,
                row -> view(row, moment.checkpoint()),
                moment.checkpoint(),
                moment.checkpoint(),
                page.afterNumber(0, -1),
                page.fetch());
    }

    static Optional<EpochView> find(Snapshot db, Moment moment, long epoch) {
        return db.first(
                SELECT + "where (e.running_since <= ? or e.params_checkpoint <= ?) and e.epoch = ?",
                row -> view(row, moment.checkpoint()),
                moment.checkpoint(),
                moment.checkpoint(),
                epoch);
    }

    private static EpochView view(Row row, long checkpoint) throws SQLException {
        var selected = occurrence(row, "params", "params_at", checkpoint);
        var started = occurrence(row, "start", "started_at", checkpoint);
        var done = occurrence(row, "done", "done_at", checkpoint);
        Long since = row.numberOrNull("running_since");
        boolean running = since != null && since <= checkpoint;
        return new EpochView(
                row.number("epoch"),
                done != null ? "done" : running ? "started" : "chosen",
                selected,
                started,
                done,
                row.integerOrNull("n_shards"),
                running ? row.amountOrNull("storage_price") : null,
                running ? row.amountOrNull("write_price") : null,
                row.amountOrNull("total_capacity"),
                running ? row.amountOrNull("used_capacity") : null);
    }

    private static @Nullable Occurrence occurrence(Row row, String prefix, String at, long until) throws SQLException {
        Long checkpoint = row.numberOrNull(prefix + "_checkpoint");
        return checkpoint == null || checkpoint > until
                ? null
                : new Occurrence(
                        checkpoint,
                        row.digestOrNull(prefix + "_tx"),
                        row.addressOrNull(prefix + "_sender"),
                        row.instant(at));
    }

    /** Empty if the committee of the epoch is not known. */
    static Optional<CommitteeView> committee(Snapshot db, Moment moment, EpochView epoch) {
        var shards = shards(db, epoch.epoch());
        var byNode = new LinkedHashMap<SuiAddress, List<Integer>>();
        shards.forEach((shard, node) ->
                byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(shard));
        var members = db.list(
                """
                select m.*, sn.name
                from committee_member m
                """ + NodeName.of("m.node_id") + """
                where m.epoch = ?
                order by m.position
                """,
                row -> {
                    var node = row.address("node_id");
                    byte @Nullable [] key = row.bytesOrNull("public_key");
                    return new Member(
                            row.integer("position"),
                            node,
                            row.textOrNull("name"),
                            row.integer("weight"),
                            ShardRanges.text(byNode.getOrDefault(node, List.of())),
                            key == null ? null : HexFormat.of().formatHex(key));
                },
                moment.checkpoint(),
                epoch.epoch());
        return members.isEmpty()
                ? Optional.empty()
                : Optional.of(new CommitteeView(
                        moment.asOf(),
                        epoch.epoch(),
                        epoch.started() == null ? null : epoch.started().checkpoint(),
                        members.stream().mapToInt(Member::weight).sum(),
                        members,
                        moves(shards(db, epoch.epoch() - 1), shards)));
    }

    private static Map<Integer, SuiAddress> shards(Snapshot db, long epoch) {
        var shards = new LinkedHashMap<Integer, SuiAddress>();
        db.list(
                "select shard, node_id from shard_assignment where epoch = ? order by shard",
                row -> shards.put(row.integer("shard"), row.address("node_id")),
                epoch);
        return shards;
    }

    private record FromTo(SuiAddress from, SuiAddress to) {}

    private static @Nullable List<Move> moves(Map<Integer, SuiAddress> before, Map<Integer, SuiAddress> after) {
        if (before.isEmpty()) {
            return null;
        }
        var moved = new LinkedHashMap<FromTo, List<Integer>>();
        after.forEach((shard, to) -> {
            var from = before.get(shard);
            if (from != null && !from.equals(to)) {
                moved.computeIfAbsent(new FromTo(from, to), _ -> new ArrayList<>())
                        .add(shard);
            }
        });
        return moved.entrySet().stream()
                .map(entry -> new Move(
                        entry.getKey().from(),
                        entry.getKey().to(),
                        entry.getValue().size(),
                        ShardRanges.text(entry.getValue())))
                .toList();
    }

    static SyncView sync(Snapshot db, Moment moment, EpochView epoch) {
        var started = epoch.started();
        var reports = db.list(
                """
                select * from shards_received
                where epoch = ? and checkpoint <= ?
                order by checkpoint, received_at, walrus_ordinal
                """,
                row -> new Report(
                        row.number("checkpoint"),
                        row.digest("tx_digest"),
                        row.instant("received_at"),
                        row.addressOrNull("node_id"),
                        row.integer("shards"),
                        started == null
                                ? null
                                : (Long) (row.instant("received_at").toEpochMilli()
                                        - started.timestamp().toEpochMilli()),
                        row.bool("completed_quorum")),
                epoch.epoch(),
                moment.checkpoint());
        var reported = new HashSet<SuiAddress>();
        reports.forEach(report -> {
            if (report.nodeId() != null) {
                reported.add(report.nodeId());
            }
        });
        var silent = db
                .list(
                        "select node_id from committee_member where epoch = ? order by position",
                        row -> row.address("node_id"),
                        epoch.epoch())
                .stream()
                .filter(node -> !reported.contains(node))
                .toList();
        return new SyncView(moment.asOf(), epoch.epoch(), started, epoch.done(), reports, silent);
    }
}
