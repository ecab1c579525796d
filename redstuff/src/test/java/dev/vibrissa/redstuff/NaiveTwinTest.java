package dev.vibrissa.redstuff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.redstuff.naive.NaiveRedStuff;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whole encodings of any size, against the naive twin. */
class NaiveTwinTest {
    @Property(tries = 40)
    void blobIdsAndSliverRootsAreThoseOfTheTwin(
            @ForAll @IntRange(min = 4, max = 22) int shards,
            @ForAll @IntRange(max = 20_000) int size,
            @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll long seed) {
        byte[] blob = new byte[size];
        new Random(seed).nextBytes(blob);
        var config = new EncodingConfig(shards);
        int symbolBytes = config.symbolBytes(size);
        var naive = new NaiveRedStuff(shards);
        BlobMetadata metadata = new BlobEncoder(config, threads, 1).metadata(MemorySegment.ofArray(blob));
        assertThat(metadata.blobId().toByteArray()).isEqualTo(naive.blobId(blob, symbolBytes));
        int row = config.secondarySymbols() * symbolBytes;
        byte[] first = Arrays.copyOf(Arrays.copyOf(blob, Math.min(size, row)), row);
        MerkleNode root = new ExpandedSliver(config, new Sliver(SliverType.PRIMARY, 0, symbolBytes, first)).root();
        assertThat(root.toByteArray()).isEqualTo(naive.sliverRoot(first, symbolBytes));
        assertThat(root).isEqualTo(metadata.hashes().getFirst().primary());
    }
}
