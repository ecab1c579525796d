package dev.vibrissa.devnet;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a devnet is to be. What stands before {@code betweenCheckpoints} belongs to the chain: a folder has to be opened
 * with what it was begun with.
 *
 * @param folder where its chain and its nodes keep their files
 * @param seed everything that is drawn follows from it
 * @param start when the chain's clock begins; now, if empty
 * @param shards of the Walrus network
 * @param nodes storage nodes at the start
 * @param walrusEpoch least length of a Walrus epoch, in the chain's time
 * @param betweenCheckpoints in the chain's time
 * @param faults what goes wrong and when
 * @param speed how many seconds of the chain pass in one of ours
 * @param port of the chain's gRPC and checkpoint store on the loopback address, 0 for any
 * @param noiseBytes objects of strangers written in each checkpoint, for measurements
 * @param eventBlobCheckpoints checkpoints that the nodes write into an event blob; 0: they write none
 */
public record DevnetSettings(
        Path folder,
        long seed,
        Optional<Instant> start,
        int shards,
        int nodes,
        Duration walrusEpoch,
        Duration betweenCheckpoints,
        FaultScript faults,
        double speed,
        int port,
        int noiseBytes,
        int eventBlobCheckpoints) {
    /** A hundred seconds of the usual pace: long enough to be small beside what people do. */
    public static final int USUAL_EVENT_BLOB = 400;

    public DevnetSettings {
        require(shards >= 4 && shards <= 1000, "%d shards: 4 to 1000 are possible", shards);
        require(nodes >= 4 && nodes <= 100, "%d nodes: 4 to 100 are possible", nodes);
        require(nodes <= shards, "%d nodes cannot share %d shards", nodes, shards);
        require(walrusEpoch.toMillis() >= 5_000, "an epoch of %s: at least 5 s are needed", walrusEpoch);
        require(betweenCheckpoints.toMillis() >= 10, "%s between checkpoints: at least 10 ms", betweenCheckpoints);
        require(speed > 0 && speed <= 1000, "speed %s: more than 0, at most 1000", speed);
        require(
                eventBlobCheckpoints >= 0 && eventBlobCheckpoints <= 216_000,
                "%d checkpoints in an event blob: at most 216000",
                eventBlobCheckpoints);
        require(noiseBytes >= 0 && noiseBytes <= 16 << 20, "%d bytes of noise: at most 16 MiB", noiseBytes);
    }

    /** One whose nodes write no event blobs. */
    public DevnetSettings(
            Path folder,
            long seed,
            Optional<Instant> start,
            int shards,
            int nodes,
            Duration walrusEpoch,
            Duration betweenCheckpoints,
            FaultScript faults,
            double speed,
            int port,
            int noiseBytes) {
        this(folder, seed, start, shards, nodes, walrusEpoch, betweenCheckpoints, faults, speed, port, noiseBytes, 0);
    }

    /** The same with event blobs of so many checkpoints. */
    public DevnetSettings withEventBlobs(int checkpoints) {
        return new DevnetSettings(
                folder,
                seed,
                start,
                shards,
                nodes,
                walrusEpoch,
                betweenCheckpoints,
                faults,
                speed,
                port,
                noiseBytes,
                checkpoints);
    }

    /** What {@code up} shows: 12 nodes with 100 shards, two of them bad, epochs of three minutes. */
    public static DevnetSettings usual(Path folder) {
        return new DevnetSettings(
                folder,
                1,
                Optional.empty(),
                100,
                12,
                Duration.ofMinutes(3),
                Duration.ofMillis(250),
                FaultScript.usual(),
                1,
                0,
                0,
                USUAL_EVENT_BLOB);
    }

    private static void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise.formatted(values));
        }
    }
}
