package dev.vibrissa.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A buffer for ten checkpoints of one kilobyte. */
@Timeout(30)
class TipBufferTest {
    private final TipBuffer buffer = new TipBuffer(10_000);

    private static RawCheckpoint checkpoint(long number) {
        return new RawCheckpoint(number, "a stream", new byte[1_000]);
    }

    @Test
    void theNewestAreKeptWhileTheGapIsFilledFarBehind() throws Exception {
        buffer.take(5);
        for (long number = 1_000; number < 1_100; number++) {
            buffer.awaitRoom();
            buffer.add(checkpoint(number));
        }
        assertThat(buffer.take(1_089)).isEmpty();
        for (long number = 1_090; number < 1_100; number++) {
            assertThat(buffer.take(number)).isPresent();
        }
    }

    @Test
    void theStreamWaitsForWhoeverHasComeUpWithIt() throws Exception {
        for (long number = 1_000; number < 1_010; number++) {
            buffer.add(checkpoint(number));
        }
        buffer.take(999);
        var room = CompletableFuture.runAsync(() -> {
            try {
                buffer.awaitRoom();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(room).isNotDone();
        assertThat(buffer.take(1_000)).isPresent();
        room.get(20, TimeUnit.SECONDS);
    }

    @Test
    void theNextIsAwaitedUntilItIsThereOrPassedOrTheStreamEnds() throws Exception {
        assertThat(buffer.isAwaited(7)).as("no stream").isFalse();
        buffer.add(checkpoint(6));
        assertThat(buffer.isAwaited(6)).isFalse();
        assertThat(buffer.isAwaited(7)).isTrue();
        buffer.await(7, Duration.ofMillis(1));
        assertThat(buffer.isAwaited(7)).isTrue();
        var waiting = CompletableFuture.runAsync(() -> {
            try {
                buffer.await(7, Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        buffer.ended();
        waiting.get(20, TimeUnit.SECONDS);
        assertThat(buffer.isAwaited(7)).isFalse();
    }
}
