package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.source.Room;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Fetches a checkpoint again while it cannot be decoded or must not be believed, as long as its source says that another
 * may come.
 */
final class DamagedBodies {
    private static final Logger LOG = Logger.getLogger(DamagedBodies.class);

    private DamagedBodies() {}

    @FunctionalInterface
    interface Decoder<T> {
        /**
         * @throws CheckpointFormatException if the bytes are damaged
         * @throws ChainException if they must not be believed
         */
        T decode(RawCheckpoint raw) throws InterruptedException;
    }

    /**
     * The decoded checkpoint; empty if the source does not have it.
     *
     * @param letGo is called before each pause: nothing is held while waiting
     * @throws CheckpointFormatException if it is damaged and the source gives it up
     * @throws ChainException if it must not be believed and the source has no other
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
            } catch (CheckpointFormatException | ChainException fault) {
                var pause = source.refuse(raw.get(), fault, attempt);
                if (pause.isEmpty()) {
                    throw fault;
                }
                LOG.warnf(
                        "source=%s fault=\"%s\" attempt=%d pauseMillis=%d",
                        raw.get().name(),
                        fault.getMessage(),
                        attempt,
                        pause.get().toMillis());
                letGo.run();
                Thread.sleep(pause.get());
            }
        }
    }

    /**
     * Another in the place of one that was decoded, and then turned out not to be believed.
     *
     * @throws ChainException {@code fault}, if the source has no other
     */
    static <T> T instead(CheckpointSource source, RawCheckpoint refused, ChainException fault, Decoder<T> decoder)
            throws InterruptedException {
        var pause = source.refuse(refused, fault, 1);
        if (pause.isEmpty()) {
            throw fault;
        }
        LOG.warnf(
                "source=%s fault=\"%s\" pauseMillis=%d",
                refused.name(), fault.getMessage(), pause.get().toMillis());
        Thread.sleep(pause.get());
        while (true) {
            // Without room of its own: it takes the place of the one that was refused.
            var other = fetch(source, refused.sequenceNumber(), Room.UNBOUNDED, decoder, () -> {});
            if (other.isPresent()) {
                return other.get();
            }
            if (!source.isFollowed()) {
                throw fault;
            }
            source.awaitNext(refused.sequenceNumber());
        }
    }
}
