package dev.vibrissa.indexer;

import dev.vibrissa.indexer.PreparedCheckpoints.Prepared;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.indexer.source.CheckpointSource;
import dev.vibrissa.indexer.source.SourceException;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.indexer.trust.ChainVerifier;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.walrus.PackageChain;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.util.Optional;

/** Reads some checkpoints ahead and extracts them, without knowing what is stored. Used by one thread. */
public final class RangeReader implements AutoCloseable {
    private final ReadAhead<Prepared> ahead;

    /**
     * @param last inclusive
     * @param committees checks certificates of the epochs whose committee it knows
     */
    public RangeReader(
            CheckpointSource source,
            long first,
            long last,
            PackageChain packages,
            WalrusNetwork network,
            ChainVerifier committees,
            Ingest.Limits limits) {
        this.ahead = ReadAhead.between(source, first, last, limits.bytesInFlight(), limits.decoders(), raw -> {
            var checkpoint = IntactCheckpoint.read(raw, network);
            var certificate = committees.checkAhead(checkpoint);
            certificate.requireGood(raw.sequenceNumber());
            return new Prepared(
                    Optional.of(raw), checkpoint, Extractor.extract(checkpoint, packages, network), certificate);
        });
    }

    /**
     * The next one, and with it what came before is held no longer; empty at the end of the range, or where the source has
     * not got the next one yet.
     *
     * @throws ChainException if it must not be believed, and the source has no other
     * @throws CheckpointFormatException if it is damaged, and the source has no other
     * @throws SourceException if it cannot be had
     */
    public Optional<Prepared> next() throws InterruptedException {
        ahead.release();
        return ahead.next();
    }

    /** Whether {@link #next} would answer without waiting. */
    public boolean isReady() {
        return ahead.isReady();
    }

    @Override
    public void close() {
        ahead.close();
    }
}
