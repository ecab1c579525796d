package dev.vibrissa.api.concentration;

import dev.vibrissa.api.concentration.ConcentrationView.Group;
import dev.vibrissa.api.concentration.ConcentrationView.Lorenz;
import dev.vibrissa.api.concentration.ConcentrationView.Measures;
import dev.vibrissa.api.concentration.ConcentrationView.Resolution;
import dev.vibrissa.api.concentration.HostAddresses.Resolved;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.governance.Concentration;
import dev.vibrissa.protocol.walrus.governance.ShardQuorum;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures committees. */
final class ConcentrationQueries {
    private static final String MEASURES =
            "Shares are shards of the committee. nakamotoOneHonest: fewest groups with the"
                    + " least w with 3w ≥ n + 1; nakamotoQuorum: with 3w ≥ 2n + 1. Herfindahl: sum of squared shares. Entropy: bits."
                    + " Gini: Σ(2i − n − 1)·x / (n·Σx), shares x ascending. Groups: ";

    private ConcentrationQueries() {}

    /** @param networkAddress that it had when the epoch ended; null where it was not seen */
    private record Member(
            long epoch,
            SuiAddress nodeId,
            int weight,
            @Nullable String networkAddress) {}

    /** @param to last one, inclusive */
    record Epochs(long from, long to) {
        boolean contains(long epoch) {
            return from <= epoch && epoch <= to;
        }
    }

    static ConcentrationView read(
            Snapshot db,
            Moment moment,
            Epochs epochs,
            Grouping grouping,
            Map<SuiAddress, String> organisations,
            Map<String, Resolved> resolved) {
        var committees = members(db, moment, epochs).stream()
                .collect(Collectors.groupingBy(Member::epoch, TreeMap::new, Collectors.toList()));
        var byEpoch = new TreeMap<Long, Map<String, List<Member>>>();
        committees.forEach(
                (epoch, committee) -> byEpoch.put(epoch, grouped(committee, grouping, organisations, resolved)));
        var history = byEpoch.entrySet().stream()
                .filter(entry -> epochs.contains(entry.getKey()))
                .map(entry -> measures(entry.getKey(), entry.getValue()))
                .toList();
        var running = byEpoch.getOrDefault(moment.epoch(), Map.of());
        return new ConcentrationView(
                moment.asOf(),
                grouping.word(),
                MEASURES + grouping.method() + ".",
                running.isEmpty() ? null : measures(moment.epoch(), running),
                grouping.resolves() ? resolution(committees.getOrDefault(moment.epoch(), List.of()), resolved) : null,
                groups(running),
                running.isEmpty()
                        ? List.of()
                        : concentration(running).lorenz().stream()
                                .map(point -> new Lorenz(point.holders(), point.held()))
                                .toList(),
                history);
    }

    private static Map<String, List<Member>> grouped(
            List<Member> committee,
            Grouping grouping,
            Map<SuiAddress, String> organisations,
            Map<String, Resolved> resolved) {
        var groups = new Groups<SuiAddress>();
        for (Member member : committee) {
            String address = member.networkAddress();
            var answer = address == null ? null : resolved.get(Grouping.host(address));
            groups.add(
                    member.nodeId(),
                    grouping.marks(
                            member.nodeId(), address, organisations, answer == null ? List.of() : answer.addresses()));
        }
        return committee.stream()
                .collect(Collectors.groupingBy(
                        member -> groups.of(member.nodeId()), LinkedHashMap::new, Collectors.toList()));
    }

    private static Resolution resolution(List<Member> committee, Map<String, Resolved> resolved) {
        var hosts = committee.stream()
                .flatMap(member -> Stream.ofNullable(member.networkAddress()))
                .map(Grouping::host)
                .filter(host -> !Grouping.isLiteral(host))
                .distinct()
                .toList();
        var answers = hosts.stream()
                .flatMap(host -> Stream.ofNullable(resolved.get(host)))
                .filter(answer -> !answer.addresses().isEmpty())
                .toList();
        var times = answers.stream().map(Resolved::at).sorted().toList();
        return new Resolution(
                hosts.size(),
                answers.size(),
                times.isEmpty() ? null : times.getFirst(),
                times.isEmpty() ? null : times.getLast());
    }

    private static List<Member> members(Snapshot db, Moment moment, Epochs epochs) {
        return db.list(
                """
                select m.epoch, m.node_id, m.weight, (
                  select p.network_address from operator_profile p
                  where p.node_id = m.node_id and p.checkpoint <= least(?, coalesce(next.start_checkpoint - 1, ?))
                  order by p.checkpoint desc, p.tx_index desc limit 1) as network_address
                from committee_member m
                join epoch e using (epoch)
                left join epoch next on next.epoch = m.epoch + 1
                where e.running_since <= ? and (m.epoch = ? or m.epoch between ? and ?)
                order by m.epoch, m.position
                """,
                row -> new Member(
                        row.number("epoch"),
                        row.address("node_id"),
                        row.integer("weight"),
                        row.textOrNull("network_address")),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.checkpoint(),
                moment.epoch(),
                epochs.from(),
                epochs.to());
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
