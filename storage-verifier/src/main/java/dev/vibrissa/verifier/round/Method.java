package dev.vibrissa.verifier.round;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.methodology.Methodology;
import dev.vibrissa.protocol.sui.Milestones;
import dev.vibrissa.verifier.node.ControlTargets;
import dev.vibrissa.verifier.probe.Judge;
import dev.vibrissa.verifier.sample.RoundPlan;
import dev.vibrissa.verifier.sample.Stratum;
import dev.vibrissa.verifier.score.HourBlocks;
import dev.vibrissa.verifier.score.Latency;
import dev.vibrissa.verifier.score.Reputation;
import dev.vibrissa.verifier.score.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every constant of the method, so that two who use the same version come to the same figures. What no version has changed
 * yet stands beside the rule that it belongs to: {@link Quorum}, {@link MassFailure},
 * {@link dev.vibrissa.verifier.node.ControlTargets}, {@link dev.vibrissa.verifier.score.HourBlocks},
 * {@link dev.vibrissa.verifier.score.Share}.
 *
 * <ul>
 *   <li>Quorum: two of three vantages, always two thirds. Two places that fail together by chance are rare; one that fails
 *       is not.
 *   <li>Mass failure: more than a third of at least four members silent in a wave. A third is more than may fail by the
 *       network's own promise, so that the likelier cause is ours.
 *   <li>Control targets: a TCP connection within 3 s to any. A path across the world takes a third of a second.
 *   <li>Bootstrap: blocks of one hour, 1,000 samples. Failures come in runs, and runs rarely outlast an hour.
 *   <li>Hour window: an hour with fewer than 3 scored probes is not judged; one in which anything was served counts as
 *       available.
 *   <li>Enough: 298 scored probes, for of a clean record the ranking bound, 0.05^(1/299), is above 0.99 from there on.
 * </ul>
 *
 * @param version named in every frame
 * @param settlingCheckpoints after an epoch change is done, before its frame is made: nodes may still be moving shards
 *     when two thirds have reported theirs
 * @param receivingCheckpoints after an epoch change is done, in which a member may still lack a shard that came to it and
 *     that it has not reported as received: a shard of terabytes takes hours
 * @param seedDistance least number of checkpoints from the publication of a frame to its first seed: time for anybody to
 *     fetch the frame, so that it binds us
 * @param seedMultiple heights of seeds are multiples of it, so that each is one of the {@link Milestones} whose certificates
 *     are kept
 * @param seedInterval checkpoints from one round to the next: often enough to see an outage of hours
 * @param plan draws of each member: many cheap claims, few slivers that prove; bytes of a round as a careful reader takes
 * @param waveSize draws of a member that are asked together: as many as a node gets connections of us, so that the burst
 *     is one, and whoever must fetch from others pays in time
 * @param dayBytes of bodies from one node in 24 hours at most: a reader of a few large blobs takes as much
 * @param dayRequests to one node in 24 hours at most: fewer than one a minute, which nobody can call a burden
 * @param pauses before each attempt after the first (containment): a lost packet, a restart and a busy moment are over by
 *     then, a lost sliver is not
 * @param maintenancePerEpoch declared hours of one node that are shown apart at most: who needs more is not serving
 * @param slowBase what any answer may take: connection, TLS and a node's disk, several times over
 * @param mostLag of what is indexed behind our clock: beyond it a seed might be known before its frame is published, and a
 *     node asked about an epoch that is long over
 * @param slowBytesPerSecond and then for its bytes: a line of 2 Mbit/s, slower than any operator may run
 */
public record Method(
        String version,
        long settlingCheckpoints,
        long receivingCheckpoints,
        long seedDistance,
        long seedMultiple,
        long seedInterval,
        RoundPlan plan,
        int waveSize,
        long dayBytes,
        long dayRequests,
        List<Duration> pauses,
        Duration maintenancePerEpoch,
        Duration slowBase,
        long slowBytesPerSecond,
        Duration mostLag) {
    /**
     * For public networks, with about four checkpoints a second and a round every six hours: 56 rounds in an epoch of
     * two weeks give 448 sliver probes of each member, more than the 298 that 99 % at 95 % take.
     */
    public static final Method V1 = new Method(
            "v1",
            2_400,
            345_600,
            1_000,
            Milestones.INTERVAL,
            86_400,
            new RoundPlan(32, 8, 8, 64L << 20),
            4,
            512L << 20,
            1_000,
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(20)),
            Duration.ofHours(24),
            Duration.ofSeconds(5),
            256 << 10,
            Duration.ofSeconds(60));

    /** The same for a simulated network, whose epochs last minutes. */
    public static final Method DEVNET = new Method(
            "v1-devnet",
            5,
            100,
            20,
            Milestones.INTERVAL,
            25,
            new RoundPlan(8, 4, 4, 16L << 20),
            4,
            1L << 40,
            1L << 30,
            List.of(Duration.ofMillis(100), Duration.ofMillis(300)),
            Duration.ofHours(24),
            Duration.ofSeconds(2),
            256 << 10,
            Duration.ofDays(36_500)); // its clock need not be ours

    public Method {
        pauses = List.copyOf(pauses);
    }

    /**
     * The method of a version.
     *
     * @throws IllegalArgumentException if there is no such version
     */
    public static Method of(String version) {
        return Stream.of(V1, DEVNET)
                .filter(each -> each.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no method of version '%s'".formatted(version)));
    }

    /** SHA-256 of the method as it is published. */
    public Bytes hash() {
        return Bytes.parseHex(Methodology.of(version)
                .orElseThrow(() -> new IllegalStateException("the method %s is not published".formatted(version)))
                .sha256());
    }

    /** Every constant under its name on the {@link dev.vibrissa.protocol.methodology.Methodology page of the method}. */
    public Map<String, Object> constants() {
        return Map.ofEntries(
                Map.entry("settlingCheckpoints", settlingCheckpoints),
                Map.entry("receivingCheckpoints", receivingCheckpoints),
                Map.entry("seedDistance", seedDistance),
                Map.entry("seedMultiple", seedMultiple),
                Map.entry("seedInterval", seedInterval),
                Map.entry("claimsPerRound", plan.claims()),
                Map.entry("symbolsPerRound", plan.symbols()),
                Map.entry("sliversPerRound", plan.slivers()),
                Map.entry("bytesPerRound", plan.bytesPerMember()),
                Map.entry("bytesPerDay", dayBytes),
                Map.entry("requestsPerDay", dayRequests),
                Map.entry("waveSize", waveSize),
                Map.entry("pauses", pauses),
                Map.entry("mostLag", mostLag),
                Map.entry("slowBase", slowBase),
                Map.entry("slowBytesPerSecond", slowBytesPerSecond),
                Map.entry("quorum", "2/3"),
                Map.entry("quorumLeastVantages", Quorum.LEAST),
                Map.entry("controlTimeout", ControlTargets.TIMEOUT),
                Map.entry("maintenancePerEpoch", maintenancePerEpoch),
                Map.entry("massFailureLeastMembers", MassFailure.LEAST_MEMBERS),
                Map.entry("massFailureShare", "1/3"),
                Map.entry("enough", Share.ENOUGH),
                Map.entry("rankingQuantile", Share.RANKING_QUANTILE),
                Map.entry("displayConfidence", 0.95),
                Map.entry("leastProbesOfHour", HourBlocks.ENOUGH_IN_HOUR),
                Map.entry("bootstrapResamples", HourBlocks.RESAMPLES),
                Map.entry("windowDays", Hours.WINDOW.toDays()),
                Map.entry("trendMemory", Reputation.MEMORY),
                Map.entry("latencyBuckets", Latency.BUCKETS),
                Map.entry("latencyGrowth", Latency.GROWTH),
                Map.entry("latencyLeastBytes", Hours.LEAST_BYTES),
                Map.entry("smallSymbolBytes", Stratum.Size.SMALL.maxSymbolBytes()),
                Map.entry("mediumSymbolBytes", Stratum.Size.MEDIUM.maxSymbolBytes()),
                Map.entry("newEpochs", Stratum.Age.NEW.maxEpochs()),
                Map.entry("settledEpochs", Stratum.Age.SETTLED.maxEpochs()));
    }

    /** The same method asking more or less, or in other waves: verdicts are the version's. */
    public Method withPlan(RoundPlan other, int draws) {
        return new Method(
                version,
                settlingCheckpoints,
                receivingCheckpoints,
                seedDistance,
                seedMultiple,
                seedInterval,
                other,
                draws,
                dayBytes,
                dayRequests,
                pauses,
                maintenancePerEpoch,
                slowBase,
                slowBytesPerSecond,
                mostLag);
    }

    /** Height of the first seed of a frame that is published at a tip. The chain goes on while that is done. */
    long firstSeed(long tip) {
        return Math.ceilDiv(tip + seedDistance + seedDistance / 10, seedMultiple) * seedMultiple;
    }

    /** Attempts before a refusal counts: the same sliver is asked for so often. */
    public int attempts() {
        return pauses.size() + 1;
    }

    public Judge judge() {
        return new Judge(new Judge.Limits(attempts(), slowBase, slowBytesPerSecond));
    }
}
