package dev.vibrissa.devnet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.SliverType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slivers on disk. */
@Timeout(60)
class SliverStoreTest {
    private static final EncodingConfig CONFIG = new EncodingConfig(10);
    private static final EncodedBlob BLOB = EncodedBlob.of(CONFIG, TestNetwork.content(41, 2500));

    /** A sliver by its place. */
    private record Place(SliverType type, int pair) {}

    @TempDir
    private Path folder;

    private SliverStore store;

    @BeforeEach
    void open() {
        store = SliverStore.open(folder, CONFIG);
    }

    private static List<Place> allPlaces() {
        var places = new ArrayList<Place>();
        for (SliverType type : SliverType.values()) {
            for (int pair = 0; pair < CONFIG.shards(); pair++) {
                places.add(new Place(type, pair));
            }
        }
        return places;
    }

    private void put(Place place) {
        store.put(BLOB.metadata(), List.of(BLOB.sliver(place.type(), place.pair())));
    }

    private void assertThere(SliverStore in, Place place) {
        assertThat(in.has(BLOB.blobId(), place.type(), place.pair())).isTrue();
        assertThat(in.sliverAnswer(BLOB.blobId(), place.type(), place.pair()))
                .hasValueSatisfying(answer -> assertThat(answer)
                        .isEqualTo(BLOB.sliver(place.type(), place.pair()).encode()));
    }

    @Test
    void sliversComeInAnyOrderAndAreAllThere() {
        long seed = 4;
        List<Place> order = allPlaces();
        Collections.shuffle(order, new Random(seed));
        for (int i = 0; i < order.size(); i++) {
            put(order.get(i));
            for (int k = 0; k <= i; k++) {
                assertThere(store, order.get(k));
            }
            for (int k = i + 1; k < order.size(); k++) {
                Place missing = order.get(k);
                assertThat(store.sliverAnswer(BLOB.blobId(), missing.type(), missing.pair()))
                        .isEmpty();
            }
        }
        assertThat(store.metadata(BLOB.blobId()).orElseThrow().metadata())
                .isEqualTo(BLOB.metadata().metadata());
    }

    @Test
    void whatWasBeingWrittenWhenTheProcessEndedIsForgotten() throws Exception {
        put(new Place(SliverType.PRIMARY, 3));
        Path unfinished = folder.resolve("blobs").resolve(BLOB.blobId() + SliverStore.UNFINISHED);
        Files.write(unfinished, new byte[] {1, 2, 3});
        var again = SliverStore.open(folder, CONFIG);
        assertThat(unfinished).doesNotExist();
        assertThere(again, new Place(SliverType.PRIMARY, 3));
        assertThat(again.has(BLOB.blobId(), SliverType.SECONDARY, 3)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 200, -1})
    void aDamagedFileIsForgottenAndTheOthersStay(int length) throws Exception {
        EncodedBlob other = EncodedBlob.of(CONFIG, TestNetwork.content(42, 900));
        put(new Place(SliverType.PRIMARY, 3));
        store.put(other.metadata(), List.of(other.sliver(SliverType.SECONDARY, 2)));
        Path file = folder.resolve("blobs").resolve(other.blobId().toString());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, length < 0 ? whole.length + length : length));
        var again = SliverStore.open(folder, CONFIG);
        assertThat(file).doesNotExist();
        assertThat(again.blobs()).containsExactly(BLOB.blobId());
        assertThere(again, new Place(SliverType.PRIMARY, 3));
    }

    @Test
    void shardsAreRemembered() {
        store.take(java.util.Set.of(3, 5));
        store.drop(java.util.Set.of(3));
        assertThat(SliverStore.open(folder, CONFIG).shards()).containsExactly(5);
    }

    @Test
    void whoReadsWhileOthersWriteReadsTheSame() throws Exception {
        var first = new Place(SliverType.SECONDARY, 5);
        put(first);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = threads.submit(() -> allPlaces().forEach(this::put));
            do {
                assertThere(store, first);
            } while (!writing.isDone());
            writing.get();
        }
        allPlaces().forEach(place -> assertThere(store, place));
    }
}
