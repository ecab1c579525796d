package dev.vibrissa.verifier.sample;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import java.util.List;

/**
 * All that may be asked in an epoch: which blobs, of whom. Published before any seed exists, so that neither we nor the
 * operators can choose one for the other.
 *
 * <p>Its blobs stand in the order of their strata ({@link Stratum#ALL}), within a stratum by blob id, bytes unsigned.
 *
 * @param methodology version of the method, which fixes strata, draws and verdicts
 * @param methodologyHash SHA-256 of its published text
 * @param network name, such as {@code mainnet}
 * @param walrusEpoch the epoch of the committee
 * @param shards n
 * @param strata number of blobs in each of {@link Stratum#ALL}
 * @param root of the {@linkplain dev.vibrissa.verifier.evidence.HashTree hash tree} over the blobs
 * @param members in the order of the committee
 * @param observedCheckpoint the state of the chain that the frame was read from
 * @param firstSeedHeight checkpoint that seeds round 0
 * @param seedInterval checkpoints from the seed of one round to that of the next
 * @param plan how much every round asks
 * @param waveSize draws of one member that every round asks together
 */
public record Frame(
        String methodology,
        Bytes methodologyHash,
        String network,
        long walrusEpoch,
        int shards,
        List<Long> strata,
        Bytes root,
        List<FrameMember> members,
        long observedCheckpoint,
        Digest observedDigest,
        long firstSeedHeight,
        long seedInterval,
        RoundPlan plan,
        int waveSize) {
    public Frame {
        strata = List.copyOf(strata);
        members = List.copyOf(members);
        if (strata.size() != Stratum.ALL.size()) {
            throw new IllegalArgumentException(
                    "counts of %d strata, where there are %d".formatted(strata.size(), Stratum.ALL.size()));
        }
        if (seedInterval < 1 || firstSeedHeight <= observedCheckpoint) {
            throw new IllegalArgumentException("seeds from checkpoint %d every %d, of a frame of checkpoint %d"
                    .formatted(firstSeedHeight, seedInterval, observedCheckpoint));
        }
    }

    /** Blobs. */
    public long count() {
        return strata.stream().mapToLong(Long::longValue).sum();
    }

    /** Where a stratum begins among all blobs. */
    public long positionOf(Stratum stratum) {
        return strata.subList(0, stratum.index()).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The checkpoint whose digest seeds a round. */
    public long seedHeight(long round) {
        return Math.addExact(firstSeedHeight, Math.multiplyExact(round, seedInterval));
    }

    public Seed seed(long round, Digest checkpointDigest) {
        return Seed.of(this, round, checkpointDigest);
    }
}
