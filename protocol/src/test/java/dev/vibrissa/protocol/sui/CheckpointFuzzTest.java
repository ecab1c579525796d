package dev.vibrissa.protocol.sui;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.sui.proof.CheckpointIntegrity;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damages checkpoints at random and reads them: nothing but {@link CheckpointFormatException} may come out, and no
 * file may cost memory out of proportion. Every failure prints the seed that makes it again.
 */
class CheckpointFuzzTest {
    /** Objects on the heap take more than their bytes: an empty list of two bytes is an object with a header. */
    private static final long BYTES_PER_BYTE = 400;

    private static final long BYTES_IN_ANY_CASE = 16 << 20;

    private record Seed(String name, byte[] bytes) {}

    @Test
    void damagedFilesAreRefusedOrReadNeverAnythingElse() {
        fuzz(Duration.ofSeconds(4), System.nanoTime());
    }

    @Test
    @Tag("soak")
    void damagedFilesAreRefusedOrReadNeverAnythingElseForLong() {
        fuzz(Duration.ofMinutes(10), System.nanoTime());
    }

    private static void fuzz(Duration budget, long seed) {
        List<Seed> seeds = seeds();
        System.out.printf("fuzzing %d files for %s, seed %d%n", seeds.size(), budget, seed);
        var random = new SplittableRandom(seed);
        long until = System.nanoTime() + budget.toNanos();
        int read = 0;
        int refused = 0;
        while (System.nanoTime() < until) {
            long round = random.nextLong();
            if (survives(seeds, new SplittableRandom(round), round)) {
                read++;
            } else {
                refused++;
            }
        }
        System.out.printf("read %d, refused %d%n", read, refused);
        assertThat(refused).isPositive();
        assertThat(read).isPositive();
    }

    private static boolean survives(List<Seed> seeds, SplittableRandom random, long round) {
        Seed seed = seeds.get(random.nextInt(seeds.size()));
        byte[] damaged = damage(seed.bytes, seeds, random);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            Checkpoint checkpoint = CheckpointFile.read(damaged, seed.name);
            use(checkpoint);
            return true;
        } catch (CheckpointFormatException e) {
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("round %d of %s".formatted(round, seed.name), e);
        } finally {
            long cost = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(cost)
                    .as("bytes allocated for %d, round %d of %s", damaged.length, round, seed.name)
                    .isLessThan(BYTES_IN_ANY_CASE + BYTES_PER_BYTE * damaged.length);
        }
    }

    /** What comes after reading must be as robust. */
    private static void use(Checkpoint checkpoint) {
        assertThat(CheckpointIntegrity.check(checkpoint).describe()).isNotEmpty();
        try {
            assertThat(checkpoint.signature().signers()).isNotEmpty();
        } catch (BcsException e) {
            assertThat(e).hasMessageContaining("bitmap");
        }
    }

    private static byte[] damage(byte[] original, List<Seed> seeds, SplittableRandom random) {
        byte[] bytes = original.clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(9)), (byte) 0xff);
                case 3 -> bytes = Arrays.copyOf(bytes, 1 + at);
                case 4 -> bytes = splice(bytes, at, bytes, random); // repeat, move or drop a piece
                default -> bytes = splice(bytes, at, seeds.get(random.nextInt(seeds.size())).bytes, random);
            }
        }
        return bytes;
    }

    /** Puts a piece of {@code other} in the place of what stands at {@code at}. */
    private static byte[] splice(byte[] bytes, int at, byte[] other, SplittableRandom random) {
        int from = random.nextInt(other.length);
        int length = random.nextInt(Math.min(300, other.length - from) + 1);
        int resume = Math.min(bytes.length, at + random.nextInt(300));
        byte[] spliced = new byte[at + length + bytes.length - resume];
        System.arraycopy(bytes, 0, spliced, 0, at);
        System.arraycopy(other, from, spliced, at, length);
        System.arraycopy(bytes, resume, spliced, at + length, bytes.length - resume);
        return spliced.length == 0 ? bytes : spliced;
    }

    /** The synthetic files and a stretch of a scenario: as they are, and unpacked so that damage goes deep. */
    private static List<Seed> seeds() {
        var seeds = new ArrayList<Seed>();
        var files = new ArrayList<Path>(SuiFixtures.everyCheckpoint().stream()
                .filter(file -> file.toString().contains("synthetic"))
                .toList());
        files.addAll(SuiFixtures.checkpoints("blob-life").subList(0, 12));
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            byte[] bytes = SuiFixtures.bytes(file);
            seeds.add(new Seed(name, bytes));
            if (ZstdFrame.isOne(bytes)) {
                byte[] unpacked = ZstdFrame.decompress(bytes, name);
                seeds.add(new Seed(name.replace(".zst", ""), unpacked));
            }
        }
        return seeds;
    }
}
