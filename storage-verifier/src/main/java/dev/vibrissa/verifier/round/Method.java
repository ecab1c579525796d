package dev.vibrissa.verifier.round;

import dev.vibrissa.verifier.probe.Judge;
import dev.vibrissa.verifier.sample.RoundPlan;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every constant of the method, so that two who use the same version come to the same figures.
 *
 * @param version named in every frame
 * @param settlingCheckpoints after an epoch change is done, before its frame is made
 * @param seedDistance least number of checkpoints from the publication of a frame to its first seed
 * @param seedInterval checkpoints from one round to the next
 * @param waveSize draws of a member that are asked together
 * @param dayBytes of bodies from one node in 24 hours at most
 * @param pauses before each attempt after the first
 */
public record Method(
        String version,
        long settlingCheckpoints,
        long seedDistance,
        long seedInterval,
        RoundPlan plan,
        int waveSize,
        long dayBytes,
        List<Duration> pauses,
        Duration slowBase,
        long slowBytesPerSecond) {
    /**
     * For public networks, with about four checkpoints a second and a round every six hours: 56 rounds in an epoch of
     * two weeks give 448 sliver probes of each member, more than the 298 that 99 % at 95 % take.
     */
    public static final Method V1 = new Method(
            "v1",
            2_400,
            1_000,
            86_400,
            new RoundPlan(32, 8, 8, 64L << 20),
            4,
            512L << 20,
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(20)),
            Duration.ofSeconds(5),
            256 << 10);

    /** The same for a simulated network, whose epochs last minutes. */
    public static final Method DEVNET = new Method(
            "v1-devnet",
            5,
            20,
            25,
            new RoundPlan(8, 4, 4, 16L << 20),
            4,
            1L << 40,
            List.of(Duration.ofMillis(100), Duration.ofMillis(300)),
            Duration.ofSeconds(2),
            256 << 10);

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

    /** The same method asking more or less, or in other waves: verdicts are the version's. */
    public Method withPlan(RoundPlan other, int draws) {
        return new Method(
                version,
                settlingCheckpoints,
                seedDistance,
                seedInterval,
                other,
                draws,
                dayBytes,
                pauses,
                slowBase,
                slowBytesPerSecond);
    }

    /** Attempts before a refusal counts: the same sliver is asked for so often. */
    public int attempts() {
        return pauses.size() + 1;
    }

    public Judge judge() {
        return new Judge(new Judge.Limits(attempts(), slowBase, slowBytesPerSecond));
    }
}
