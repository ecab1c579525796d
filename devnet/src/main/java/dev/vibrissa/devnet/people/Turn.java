package dev.vibrissa.devnet.people;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Blake2b;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * The time between two checkpoints.
 *
 * @param seed of the devnet
 * @param checkpoint the one to be sealed next
 * @param time its time
 * @param age since the chain began
 */
public record Turn(long seed, long checkpoint, Instant time, Duration age) {
    /** Dice of somebody's own: the same throws whoever else plays. */
    SplittableRandom dice(String name) {
        byte[] hash = Blake2b.hash(new BcsWriter()
                .string("dice")
                .u64(seed)
                .u64(checkpoint)
                .string(name)
                .toByteArray());
        return new SplittableRandom(ByteBuffer.wrap(hash).getLong());
    }
}
