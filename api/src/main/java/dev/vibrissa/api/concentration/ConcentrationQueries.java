package dev.vibrissa.api.concentration;

import dev.vibrissa.api.concentration.ConcentrationView.Group;
import dev.vibrissa.api.concentration.ConcentrationView.Lorenz;
import dev.vibrissa.api.concentration.ConcentrationView.Measures;
import dev.vibrissa.api.object.ObjectChanges;
import dev.vibrissa.api.sql.Row;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.governance.Concentration;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Measures committees. */
final class ConcentrationQueries {
    private static final String MEASURES =
            "Shares are shards of the committee. nakamotoOneHonest: fewest groups with the"
                    + " least w with 3w ≥ n + 1; nakamotoQuorum: with 3w ≥ 2n + 1. Herfindahl: sum of squared shares. Entropy: bits."
                    + " Gini: Σ(2i − n − 1)·x / (n·Σx), shares x ascending. Groups: ";

    private ConcentrationQueries() {}

    private record Member(long epoch, SuiAddress nodeId, int weight) {}

    static ConcentrationView read(
            Snapshot db, Moment moment, Grouping grouping, Map<SuiAddress, String> organisations) {
        var members = members(db, moment);
        var addresses = grouping == Grouping.NODE || grouping == Grouping.ORGANISATION
                ? Map.<SuiAddress, String>of()
                : addresses(db, moment);
        var byEpoch = new TreeMap<Long, Map<String, List<Member>>>();
        for (Member member : members) {
            String group = grouping.of(member.nodeId(), addresses.get(member.nodeId()), organisations);
            byEpoch.computeIfAbsent(member.epoch(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(group, _ -> new ArrayList<>())
                    .add(member);
        }
        var history = byEpoch.entrySet().stream()
                .map(entry -> measures(entry.getKey(), entry.getValue()))
                .toList();
        var running = byEpoch.get(moment.epoch());
        return new ConcentrationView(
                moment.asOf(),
                grouping.word(),
                MEASURES + grouping.method() + ".",
                running == null ? null : measures(moment.epoch(), running),
                running == null ? List.of() : groups(running),
                running == null
                        ? List.of()
                        : concentration(running).lorenz().stream()
                                .map(point -> new Lorenz(point.holders(), point.held()))
                                .toList(),
                history);
    }

    private static List<Member> members(Snapshot db, Moment moment) {
        return db.list(
                """
                select m.epoch, m.node_id, m.weight
                from committee_member m join epoch e using (epoch)
                where e.running_since <= ?
                order by m.epoch, m.position
                """,
                row -> new Member(row.number("epoch"), row.address("node_id"), row.integer("weight")),
                moment.checkpoint());
    }

    /** Network addresses as the last versions of the pools say. */
    private static Map<SuiAddress, String> addresses(Snapshot db, Moment moment) {
        var addresses = new HashMap<SuiAddress, String>();
        db.list("""
                select n.node_id, o.object_bcs
                from storage_node n
                cross join lateral (
                  select * from object_change o
                  where o.object_id = n.node_id and o.checkpoint <= ? and o.object_bcs is not null
                  order by o.version desc limit 1) o
                """, row -> addresses.put(row.address("node_id"), address(row)), moment.checkpoint());
        return addresses;
    }

    private static @Nullable String address(Row row) throws SQLException {
        return ObjectChanges.contents(row.bytes("object_bcs"), StakingPool::decode)
                .map(pool -> pool.nodeInfo().networkAddress())
                .orElse(null);
    }

    private static Concentration concentration(Map<String, List<Member>> groups) {
        return Concentration.of(
                groups.values().stream().map(ConcentrationQueries::shards).toList());
    }

    private static long shards(List<Member> members) {
        return members.stream().mapToLong(Member::weight).sum();
    }

    private static Measures measures(long epoch, Map<String, List<Member>> groups) {
        var concentration = concentration(groups);
        var shards = new ShardQuorum((int) concentration.total());
        return new Measures(
                epoch,
                shards.nShards(),
                concentration.holders(),
                shards.oneHonest(),
                concentration.nakamoto(shards.oneHonest()).orElse(null),
                shards.quorum(),
                concentration.nakamoto(shards.quorum()).orElse(null),
                concentration.herfindahl(),
                concentration.entropyBits(),
                concentration.gini());
    }

    private static List<Group> groups(Map<String, List<Member>> groups) {
        return groups.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey(),
                        shards(entry.getValue()),
                        entry.getValue().stream().map(Member::nodeId).toList()))
                .sorted(Comparator.comparing(Group::shards).reversed().thenComparing(Group::group))
                .toList();
    }
}
