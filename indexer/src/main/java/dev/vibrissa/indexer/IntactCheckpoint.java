package dev.vibrissa.indexer;

import dev.vibrissa.indexer.source.CheckpointSource.RawCheckpoint;
import dev.vibrissa.indexer.trust.ChainException;
import dev.vibrissa.protocol.sui.Checkpoint;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.sui.CheckpointFormatException;
import dev.vibrissa.protocol.sui.proof.CheckpointIntegrity;
import dev.vibrissa.protocol.sui.proof.IntegrityCheck;
import dev.vibrissa.protocol.walrus.WalrusNetwork;

/** Reads checkpoints and checks all that can be checked of one by itself. */
final class IntactCheckpoint {
    private IntactCheckpoint() {}

    /**
     * @throws CheckpointFormatException if the bytes are damaged
     * @throws ChainException if it is not the checkpoint it is taken for, whole and consistent
     */
    static Checkpoint read(RawCheckpoint raw, WalrusNetwork network) {
        var checkpoint = CheckpointFile.read(raw.bytes(), raw.name());
        if (checkpoint.summary().sequenceNumber() != raw.sequenceNumber()) {
            throw new ChainException("%s holds checkpoint %d, not %d"
                    .formatted(raw.name(), checkpoint.summary().sequenceNumber(), raw.sequenceNumber()));
        }
        var check = CheckpointIntegrity.check(checkpoint);
        if (!(check instanceof IntegrityCheck.Intact intact)) {
            throw new ChainException("%s: %s".formatted(raw.name(), check.describe()));
        }
        if (!intact.missing().isEmpty()) {
            // Whoever leaves out a version that effects name hides what became of the object.
            var missing = intact.missing().getFirst();
            throw new ChainException("%s lacks %d objects that its effects name, the first is %s at version %d"
                    .formatted(raw.name(), intact.missing().size(), missing.id(), missing.version()));
        }
        boolean otherGenesis = raw.sequenceNumber() == 0
                && network.chain()
                        .filter(chain -> !chain.equals(checkpoint.digest()))
                        .isPresent();
        if (otherGenesis) {
            throw new ChainException("checkpoint 0 is %s, but %s begins with %s: another chain"
                    .formatted(
                            checkpoint.digest(), network.name(), network.chain().orElseThrow()));
        }
        return checkpoint;
    }
}
