package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Fetches a checkpoint again while it cannot be decoded, as long as its source says that this may pass. */
final class DamagedBodies {
    private static final Logger LOG = Logger.getLogger(DamagedBodies.class);

    private DamagedBodies() {}

    @FunctionalInterface
    interface Decoder<T> {
        /** @throws CheckpointFormatException if the bytes are damaged */
        T decode(RawCheckpoint raw) throws InterruptedException;
    }

    /**
     * The decoded checkpoint; empty if the source does not have it.
     *
     * @param letGo is called before each pause: nothing is held while waiting
     * @throws CheckpointFormatException if it is damaged and the source gives it up
     */
    static <T> Optional<T> fetch(
            CheckpointSource source, long sequenceNumber, Room room, Decoder<T> decoder, Runnable letGo)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            var raw = source.fetch(sequenceNumber, room);
            if (raw.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(decoder.decode(raw.get()));
            } catch (CheckpointFormatException damaged) {
                var pause = source.pauseAfterDamage(attempt);
                if (pause.isEmpty()) {
                    throw damaged;
                }
                LOG.warnf(
                        "source=%s fault=\"%s\" attempt=%d pauseMillis=%d",
                        raw.get().name(),
                        damaged.getMessage(),
                        attempt,
                        pause.get().toMillis());
                letGo.run();
                Thread.sleep(pause.get());
            }
        }
    }
}
