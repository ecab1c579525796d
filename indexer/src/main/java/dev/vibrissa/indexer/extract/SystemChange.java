package dev.vibrissa.indexer.extract;

import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.EventBlob;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a transaction made of the System's inner state. Prices are in FROST per MiB, capacities in encoded bytes,
 * unsigned.
 *
 * @param storagePriceBefore as the transaction found it; of a System that it created, as it left it
 * @param writePriceBefore likewise
 * @param epoch this and what follows as the transaction left it
 * @param ring what it added to the accounts of epochs, in order
 * @param certified the event blob that it made the newest certified one
 * @param attested the candidates for the next one that it gave weight
 */
public record SystemChange(
        long storagePriceBefore,
        long writePriceBefore,
        long epoch,
        int nShards,
        long totalCapacity,
        long usedCapacity,
        long storagePrice,
        long writePrice,
        List<RingChange> ring,
        Optional<EventBlob> certified,
        List<Attested> attested) {

    /**
     * A candidate for an event blob.
     *
     * @param weight shards whose nodes attest to it so far
     */
    public record Attested(EventBlob blob, int weight) {}

    /**
     * The same addition to each of neighbouring epochs. Where an epoch turns, the account of the one that ended goes,
     * and with it what was in it.
     *
     * @param rewards FROST for each epoch
     * @param used encoded bytes in each epoch
     */
    public record RingChange(long firstEpoch, long endEpochExclusive, long rewards, long used) {}

    /** The difference between two states; a migration puts the second elsewhere, a creation has only the second. */
    static SystemChange between(Optional<SystemStateInner> before, SystemStateInner after) {
        return new SystemChange(
                before.orElse(after).storagePricePerUnitSize(),
                before.orElse(after).writePricePerUnitSize(),
                after.committee().epoch(),
                after.committee().nShards(),
                after.totalCapacitySize(),
                after.usedCapacitySize(),
                after.storagePricePerUnitSize(),
                after.writePricePerUnitSize(),
                ring(before, after),
                certified(before, after),
                attested(before, after));
    }

    private static Optional<EventBlob> certified(Optional<SystemStateInner> before, SystemStateInner after) {
        var known = before.flatMap(state -> state.eventBlobCertificationState().latestCertifiedBlob());
        return after.eventBlobCertificationState()
                .latestCertifiedBlob()
                .filter(head -> !known.equals(Optional.of(head)));
    }

    private static List<Attested> attested(Optional<SystemStateInner> before, SystemStateInner after) {
        return after.eventBlobCertificationState().aggregateWeightPerBlob().entrySet().stream()
                .filter(each -> !each.getValue()
                        .equals(before.map(state -> state.eventBlobCertificationState()
                                        .aggregateWeightPerBlob()
                                        .get(each.getKey()))
                                .orElse(null)))
                .map(each -> new Attested(each.getKey(), each.getValue()))
                .toList();
    }

    private static List<RingChange> ring(Optional<SystemStateInner> before, SystemStateInner after) {
        var differences = new TreeMap<Long, RingChange>();
        after.futureAccounting().ringBuffer().forEach(entry -> add(differences, entry, 1));
        before.ifPresent(state -> state.futureAccounting().ringBuffer().forEach(entry -> add(differences, entry, -1)));
        var runs = new ArrayList<RingChange>();
        for (RingChange each : differences.values()) {
            if (each.rewards() == 0 && each.used() == 0) {
                continue;
            }
            var last = runs.isEmpty() ? null : runs.getLast();
            if (last != null
                    && last.endEpochExclusive() == each.firstEpoch()
                    && last.rewards() == each.rewards()
                    && last.used() == each.used()) {
                runs.set(
                        runs.size() - 1,
                        new RingChange(last.firstEpoch(), each.endEpochExclusive(), each.rewards(), each.used()));
            } else {
                runs.add(each);
            }
        }
        return List.copyOf(runs);
    }

    private static void add(TreeMap<Long, RingChange> differences, FutureAccounting entry, int sign) {
        differences.merge(
                entry.epoch(),
                new RingChange(
                        entry.epoch(),
                        entry.epoch() + 1,
                        sign * entry.rewardsToDistribute(),
                        sign * entry.usedCapacity()),
                (one, other) -> new RingChange(
                        one.firstEpoch(),
                        one.endEpochExclusive(),
                        one.rewards() + other.rewards(),
                        one.used() + other.used()));
    }
}
