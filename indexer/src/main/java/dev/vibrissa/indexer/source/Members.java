package dev.vibrissa.indexer.source;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The endpoints of a {@link LiveSource}: whom to ask first, and who gave what must not be believed. */
final class Members {
    /** Lies about checkpoints further away than this are forgotten: they would be told again, and refused again. */
    private static final long REMEMBERED = 10_000;

    private final List<Member> members;
    /** Places that gave a checkpoint which must not be believed, with the reason. */
    private final ConcurrentSkipListMap<Long, Map<String, RuntimeException>> refused = new ConcurrentSkipListMap<>();

    Members(List<Member> members) {
        this.members = List.copyOf(members);
    }

    List<Member> all() {
        return members;
    }

    List<Member> byHealth() {
        return byHealth(members);
    }

    List<Member> byHealth(List<Member> some) {
        long newest = newestTip();
        var costs = new HashMap<Member, Double>(); // of one moment: others change them while we sort
        some.forEach(each -> costs.put(each, each.health().cost(newest)));
        return some.stream().sorted(Comparator.comparing(costs::get)).toList();
    }

    long newestTip() {
        return members.stream().mapToLong(each -> each.health().tip()).max().orElseThrow();
    }

    Optional<Member> of(Endpoint endpoint) {
        return members.stream().filter(each -> each.endpoint() == endpoint).findFirst();
    }

    List<FullNode> nodesByHealth() {
        return byHealth().stream()
                .map(Member::endpoint)
                .filter(FullNode.class::isInstance)
                .map(FullNode.class::cast)
                .toList();
    }

    /** Of those that rest, only if all do: one on another chain may well be fast. */
    FullNode healthiest(List<FullNode> nodes) {
        return byHealth(members.stream()
                        .filter(each -> nodes.contains(each.endpoint()))
                        .toList())
                .stream()
                .sorted(Comparator.comparing(each -> each.health().isResting()))
                .map(each -> (FullNode) each.endpoint())
                .findFirst()
                .orElseThrow();
    }

    /** Why the checkpoint that {@code member} gave must not be believed; empty if it gave no such. */
    Optional<RuntimeException> lie(Member member, long sequenceNumber) {
        return Optional.ofNullable(lies(sequenceNumber).get(member.location()));
    }

    boolean isRefused(RawCheckpoint raw) {
        return lies(raw.sequenceNumber()).containsKey(raw.origin());
    }

    private Map<String, RuntimeException> lies(long sequenceNumber) {
        return refused.getOrDefault(sequenceNumber, Map.of());
    }

    /** Notes that a checkpoint must not be believed. */
    void refuse(RawCheckpoint raw, RuntimeException reason) {
        for (Member member : members) {
            if (member.location().equals(raw.origin())) {
                if (reason instanceof CheckpointFormatException) {
                    member.health().failed(String.valueOf(reason.getMessage()));
                } else {
                    member.health().lied(String.valueOf(reason.getMessage()));
                }
            }
        }
        refused.merge(raw.sequenceNumber(), Map.of(raw.origin(), reason), (before, one) -> {
            var all = new HashMap<>(before);
            all.putAll(one);
            return Map.copyOf(all);
        });
        refused.headMap(raw.sequenceNumber() - REMEMBERED).clear();
        refused.tailMap(raw.sequenceNumber() + REMEMBERED).clear();
    }

    boolean haveAllLied(long sequenceNumber) {
        return members.stream().allMatch(each -> lie(each, sequenceNumber).isPresent());
    }

    /**
     * Bytes suffer on their way, and may come whole the next time; what is a lie once stays one.
     *
     * @return whether anybody gave bytes that were but damaged, and may be asked once more
     */
    boolean forgiveDamage(long sequenceNumber) {
        var lies = new HashMap<>(lies(sequenceNumber));
        boolean isAny = lies.values().removeIf(CheckpointFormatException.class::isInstance);
        refused.put(sequenceNumber, Map.copyOf(lies));
        return isAny;
    }
}
