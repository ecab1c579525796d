package dev.vibrissa.devnet.node;

import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.SliverType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;

/** What is wrong with a storage node. Different faults add up. */
public sealed interface Fault {
    /** Nothing listens: connections are refused, and those that stand are cut. */
    record Down() implements Fault {}

    /** TLS with a certificate of another key than the one on the chain. */
    record WrongKey() implements Fault {}

    /** Each answer begins late by {@code delay}. */
    record Slow(Duration delay) implements Fault {
        public Slow {
            requirePositive(delay);
        }
    }

    /** Bodies come at this rate. */
    record Dripping(int bytesPerSecond) implements Fault {
        public Dripping {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("%d bytes per second".formatted(bytesPerSecond));
            }
        }
    }

    /** 503 to everything. */
    record Overloaded() implements Fault {}

    /** 451 wherever a deny list counts, as if every blob were on it. */
    record Blocking() implements Fault {}

    /**
     * Part of the slivers is not there any more.
     *
     * @param seed from which follows which ones
     */
    record LosingSlivers(double fraction, long seed) implements Fault {
        public LosingSlivers {
            requireFraction(fraction);
        }

        boolean hits(BlobId blobId, SliverType type, int pair) {
            return drawn(fraction, seed, blobId, type, pair);
        }
    }

    /**
     * Part of the slivers have a flipped byte.
     *
     * @param seed from which follows which ones
     */
    record Corrupt(double fraction, long seed) implements Fault {
        public Corrupt {
            requireFraction(fraction);
        }

        boolean hits(BlobId blobId, SliverType type, int pair) {
            return drawn(fraction, seed, blobId, type, pair);
        }
    }

    /** Sound slivers, but others than those asked for. */
    record Foreign(From from) implements Fault {
        /** Where they are taken from, if the node has such. */
        public enum From {
            /** The same blob. */
            ANOTHER_PAIR,
            /** A blob with slivers of the same size. */
            ANOTHER_BLOB
        }
    }

    /** Signs every confirmation, whatever it has or knows. */
    record LyingConfirmations() implements Fault {}

    private static boolean drawn(double fraction, long seed, BlobId blobId, SliverType type, int pair) {
        long blob = ByteBuffer.wrap(blobId.toByteArray()).getLong();
        long sliver = 2L * pair + type.ordinal();
        return new SplittableRandom(seed ^ blob ^ sliver * 0x9E3779B97F4A7C15L).nextDouble() < fraction;
    }

    private static void requirePositive(Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException("%s is less than a millisecond".formatted(duration));
        }
    }

    private static void requireFraction(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("%s is no part of a whole".formatted(fraction));
        }
    }
}
