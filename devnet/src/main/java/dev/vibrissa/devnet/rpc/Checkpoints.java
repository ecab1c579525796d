package dev.vibrissa.devnet.rpc;

import dev.vibrissa.devnet.ledger.ChainReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Decoded checkpoints. The latest used are kept, since everybody who follows the tip asks for the same few. */
final class Checkpoints {
    private static final int KEPT = 32;

    private final ChainReader chain;
    private final Map<Long, StoredCheckpoint> kept = new LinkedHashMap<>(KEPT * 2, 0.75f, true);

    Checkpoints(ChainReader chain) {
        this.chain = chain;
    }

    Optional<StoredCheckpoint> find(long sequenceNumber) {
        synchronized (kept) {
            var known = kept.get(sequenceNumber);
            if (known != null) {
                return Optional.of(known);
            }
        }
        var read = chain.checkpoint(sequenceNumber).map(stored -> StoredCheckpoint.read(stored, sequenceNumber));
        read.ifPresent(this::keep);
        return read;
    }

    private void keep(StoredCheckpoint checkpoint) {
        synchronized (kept) {
            kept.put(checkpoint.sequenceNumber(), checkpoint);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
    }
}
